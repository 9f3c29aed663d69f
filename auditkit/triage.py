"""What is open and what is waived: findings against the ignores in the code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase

from auditkit.errors import suggest
from auditkit.model import Finding, Ignore, Location, Problem, Rule, Status, Verdict


@dataclass(frozen=True, slots=True)
class Triage:
    """Findings under their status, and what is wrong with the ignores."""

    findings: tuple[Finding, ...]
    """As many as were given, in the same order."""
    problems: tuple[Problem, ...]


def triage(
    findings: Sequence[Finding],
    ignores: Iterable[Ignore],
    rules: Mapping[str, Rule],
    *,
    today: date,
    known: Mapping[str, Rule] | None = None,
    evaluated: Collection[str] | None = None,
) -> Triage:
    """The findings with those that an ignore covers waived.

    `rules` are those that ran, by id; `known` all that exist, for telling a typing mistake
    from a rule that was not chosen.  Ignores are not expected to match anything in files that
    are not in `evaluated`, because not all of their findings are known; ``None`` says that
    they are.  Give single findings, not merged ones: an ignore on a module call waives what
    that call leads to and nothing of another call.

    An ignore of ours without a reason, after its last day, or of no effect is a `Problem`.
    Those of other tools may be meant for rules that we do not have, so nothing is said there.
    """
    every = {} if known is None else known
    index = _Index(dict.fromkeys(ignores), {**every, **rules})
    triaged = tuple(index.triage(finding, today) for finding in findings)
    problems = [
        *index.problems(today),
        *_idle(index, rules, knows_all=known is not None, evaluated=evaluated),
    ]
    problems.sort(key=lambda problem: (problem.location is not None, problem.location))
    return Triage(triaged, tuple(problems))


def names_of(rule: Rule) -> frozenset[str]:
    """Everything that a rule is called, in lower case: its id, and aliases in all spellings.

    trivy writes ``AVD-AWS-0088`` and ``AWS-0088`` for one check; the tool's name before an
    alias, as in ``prowler:ec2_ebs_default_encryption``, may be left out.
    """
    names = {rule.id.lower()}
    for alias in rule.aliases:
        folded = alias.lower()
        names |= {folded, folded.removeprefix("avd-"), folded.rpartition(":")[2]}
    return frozenset(names)


@dataclass(slots=True)
class _Use:
    """What became of one ignore."""

    ignore: Ignore
    matched: set[str] = field(default_factory=set)
    """The patterns of it that matched a finding."""


class _Index:
    """The ignores by file, with what each of them matched so far."""

    def __init__(self, ignores: Iterable[Ignore], rules: Mapping[str, Rule]) -> None:
        self.uses = [_Use(ignore) for ignore in ignores]
        self.names = {id: names_of(rule) for id, rule in rules.items()}
        self._by_file: dict[str, list[_Use]] = {}
        for use in self.uses:
            self._by_file.setdefault(use.ignore.target.file, []).append(use)

    def triage(self, finding: Finding, today: date) -> Finding:
        """The finding as the first ignore that is in force leaves it."""
        if finding.verdict is Verdict.PASS or finding.status is not Status.OPEN:
            return finding
        expired: Ignore | None = None
        for use in self._covering(finding):
            ignore = use.ignore
            if ignore.dialect == "auditkit" and not ignore.reason:
                continue
            if ignore.until is None or ignore.until >= today:
                return replace(finding, status=Status.WAIVED, waiver=_waiver(ignore))
            expired = expired or ignore
        if expired is None:
            return finding
        place = f"{expired.location.file}:{expired.location.line}"
        message = f"{finding.message} (the ignore in {place} expired on {expired.until})"
        return replace(finding, message=message)

    def problems(self, today: date) -> Iterator[Problem]:
        """What is wrong with ignores, whatever they match."""
        for use in self.uses:
            ignore = use.ignore
            if ignore.dialect == "auditkit" and not ignore.reason:
                yield _problem(ignore, 'the ignore has no effect without a reason: reason="why"')
            elif use.matched and ignore.until is not None and ignore.until < today:
                yield _problem(
                    ignore, f"the ignore expired on {ignore.until}: mend the finding or renew it"
                )

    def matches(self, pattern: str, rule: str) -> bool:
        """Whether an ignore's pattern names the rule."""
        folded = pattern.lower()
        return any(fnmatchcase(name, folded) for name in self.names.get(rule, {rule}))

    def _covering(self, finding: Finding) -> list[_Use]:
        """The ignores whose place and rules cover the finding; all of them count as used."""
        starts = [place for place in (finding.block, *finding.calls) if place is not None]
        places = [finding.location, *starts] if finding.location is not None else starts
        covering = []
        for file in dict.fromkeys(place.file for place in places):
            for use in self._by_file.get(file, ()):
                target = use.ignore.target
                if not any(_begins_in(place, target) for place in places):
                    continue
                matched = [
                    pattern for pattern in use.ignore.rules if self.matches(pattern, finding.rule)
                ]
                use.matched.update(matched)
                if matched:
                    covering.append(use)
        return covering


def _idle(
    index: _Index,
    rules: Mapping[str, Rule],
    *,
    knows_all: bool,
    evaluated: Collection[str] | None,
) -> Iterator[Problem]:
    """Our own ignores that name no rule, or that waive nothing."""
    for use in index.uses:
        ignore = use.ignore
        if ignore.dialect != "auditkit" or not ignore.reason:
            continue
        for pattern in ignore.rules:
            if pattern in use.matched:
                continue
            if knows_all and not any(index.matches(pattern, id) for id in index.names):
                hint = suggest(
                    pattern.lower(), {n for names in index.names.values() for n in names}
                )
                yield _problem(ignore, f"the ignore names an unknown rule {pattern!r}{hint}")
            elif (evaluated is None or ignore.target.file in evaluated) and any(
                index.matches(pattern, id) for id in rules
            ):
                yield _problem(ignore, f"the ignore of {pattern!r} ignores nothing: remove it")


def _begins_in(place: Location, target: Location) -> bool:
    return (
        place.file == target.file
        and (target.line, target.column) <= (place.line, place.column)
        and (place.line, place.column) < (target.end_line, target.end_column)
    )


def _waiver(ignore: Ignore) -> str:
    reason = ignore.reason or f"{ignore.dialect} ignore without a reason"
    return reason if ignore.until is None else f"{reason} (until {ignore.until})"


def _problem(ignore: Ignore, message: str) -> Problem:
    return Problem("ignore", message, ignore.location, incomplete=False)
