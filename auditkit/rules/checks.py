"""Checks in Python, for what the rule language cannot say.

A rule with ``check: package.module:function`` calls a function of an installed distribution
that declares exactly this value in the entry point group ``auditkit.checks``:

.. code-block:: ini

    [options.entry_points]
    auditkit.checks =
        password_strength = acme.checks:password_strength

So a rule file alone never makes auditkit run code.  The function takes the subject and the
rule's parameters, and returns a `Verdict`, or `Evidence` for every attribute that it judged:
then the worst verdict counts, and no evidence is a pass.  What it raises is not caught.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Union

from auditkit.errors import suggest
from auditkit.model import Evidence, Subject, Value, Verdict
from auditkit.rules.expectations import invert

GROUP = "auditkit.checks"
"""The entry point group that lists the functions which rules may call."""

CheckFunction = Callable[[Subject, Mapping[str, Value]], Union[Verdict, Iterable[Evidence]]]


def find_check(value: str) -> CheckFunction:
    """The function that an installed distribution offers as `value`.

    Raises `ValueError` if none does.  Imports the module of the function.
    """
    # Reading the metadata of all installed distributions takes tens of milliseconds.
    from importlib.metadata import entry_points

    offered = {entry_point.value: entry_point for entry_point in entry_points(group=GROUP)}
    if value not in offered:
        hint = suggest(value, offered) or "; is the package that offers it installed?"
        raise ValueError(f"no entry point of group {GROUP!r} is {value!r}{hint}")
    function: CheckFunction = offered[value].load()
    return function


@dataclass(frozen=True, slots=True)
class PythonCheck:
    """A condition that a function judges."""

    function: CheckFunction
    params: Mapping[str, Value]
    title: str
    """What passes, in words."""

    def judge(self, subject: Subject) -> Verdict:
        """The function's verdict, or the worst of its evidence."""
        result = self.function(subject, self.params)
        if isinstance(result, Verdict):
            return result
        return min((evidence.verdict for evidence in result), default=Verdict.PASS)

    def explain(self, subject: Subject, *, negated: bool = False) -> Iterator[Evidence]:
        """The function's evidence that decided, or its verdict on the subject as a whole."""
        result = self.function(subject, self.params)
        if isinstance(result, Verdict):
            verdict = invert(result) if negated else result
            yield Evidence(subject.path, verdict, self.words(negated=negated))
            return
        evidences = list(result)
        worst = min((evidence.verdict for evidence in evidences), default=Verdict.PASS)
        yield from (evidence for evidence in evidences if evidence.verdict is worst)

    def words(self, *, negated: bool = False) -> str:
        """The rule's title."""
        return f"not: {self.title}" if negated else self.title
