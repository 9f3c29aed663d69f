"""A scan from paths to report: wires source, linking, rules and triage together.

Each root module, plan and state is a partition: a pure function of what can be sent to another
process.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from auditkit.cli.documents import Documents
from auditkit.cli.memory import Memory
from auditkit.cli.packs import RuleOptions, choose, load_all
from auditkit.cli.partitions import Partition
from auditkit.companions import COMPANIONS
from auditkit.engine import Definition, Evaluation, definition_of, evaluate, merge
from auditkit.errors import ConfigError, suggest
from auditkit.linking import link
from auditkit.model import (
    Coverage,
    Finding,
    Inventory,
    Problem,
    Report,
    Resource,
    Rule,
    Source,
    Status,
    Verdict,
)
from auditkit.pseudo_types import PSEUDO_TYPES
from auditkit.reconciliation import reconcile
from auditkit.sources.terraform.code import (
    CodeOptions,
    Project,
    declared_variables,
    find_project,
    project_without_code,
    read_root,
)
from auditkit.triage import triage

if TYPE_CHECKING:
    from auditkit.cli.spool import Spool

Rules = Mapping[str, Rule]

_ROOTS_PER_PROCESS = 16
"""Root modules that make one more process worth its start."""
_ANY_TYPE = frozenset(["*", "aws_*"])
_LISTED = 5


class LiveSource(Protocol):
    """What reads live AWS, or what was saved of it."""

    places: list[str]
    """Accounts and regions that were read."""
    notes: list[str]
    """What was not covered, a line each."""

    def read(self, rules: Rules) -> Iterator[tuple[Inventory, datetime]]:
        """The inventory of each account, and the time up to which ages count in it."""

    def merge(self, problems: Iterable[Problem]) -> Iterable[Problem]:
        """The problems, one for each cause."""


@dataclass(frozen=True, slots=True)
class Job:
    """All that says what a scan is to do."""

    paths: tuple[Path, ...]
    """The code; may be empty if there are `documents`."""
    code: CodeOptions
    rules: RuleOptions
    today: date
    keep_passes: bool = False
    processes: int = 0
    """How many; 0 chooses."""
    needed: tuple[str, ...] = ()
    """Variables that were set by name, so that some root module has to declare them."""
    cache: Path | None = None
    """The directory of caches; ``None`` to use none."""
    documents: Documents = Documents()
    """Plans and states, whose places the code tells."""
    judges_code: bool = True
    """Whether the code is judged, or only tells places."""
    live: LiveSource | None = None


def run_scan(job: Job) -> Report:
    """The report on what the job's paths hold; its coverage has no roots if there are none."""
    known = load_all(job.rules, examples=False)
    chosen = choose(known, job.rules)
    memory = _memory(job, chosen.digest)
    outlines = None if memory is None else memory.outlines
    project = (
        find_project(job.paths, job.code, known=outlines)
        if job.paths
        else project_without_code(Path())
    )
    _check_variables(job, project)
    roots = _scan_or_recall(job, project, chosen.rules, memory) if job.judges_code else ()
    inventories = job.documents.read(project, job.code)
    documents = (_judge(job, chosen.rules, inventory) for inventory in inventories)
    if job.live is None:
        return _report(job, project, (*roots, *documents), chosen.rules, known.rules, None)
    # It is imported where accounts are read: code may not have so many findings.
    from auditkit.cli.spool import Spool

    spool = Spool()
    partitions = (*roots, *documents, *_judge_live(job, job.live, chosen.rules, spool))
    return _report(job, project, partitions, chosen.rules, known.rules, spool)


def _memory(job: Job, rules: str) -> Memory | None:
    if job.cache is None or not job.judges_code:
        return None
    places = [os.path.abspath(path) for path in (Path(), *job.paths)]
    return Memory(job.cache, rules, repr(job.code), repr(job.keep_passes), *places)


def _scan_or_recall(
    job: Job, project: Project, rules: Rules, memory: Memory | None
) -> Iterator[Partition]:
    """The partitions of all root modules in order, those that have not changed from memory."""
    if memory is None:
        yield from _scan_roots(job, project, rules, project.roots)
        return
    recalled = {
        directory: memory.recall(project, directory, job.code) for directory in project.roots
    }
    missing = [directory for directory, partition in recalled.items() if partition is None]
    scanned = _scan_roots(job, project, rules, missing)
    for directory, partition in recalled.items():
        if partition is None:
            partition = next(scanned)
            memory.keep(project, directory, job.code, partition)
        yield partition
    # The generator of partitions has work of its own to finish.
    for _ in scanned:
        pass
    memory.save(project)


def scan_root(job: Job, project: Project, rules: Rules, directory: str) -> Partition:
    """What the root module in `directory` comes to."""
    return _judge(job, rules, read_root(project, directory, job.code))


def _judge(job: Job, rules: Rules, inventory: Inventory) -> Partition:
    evaluation = evaluate(rules.values(), link(inventory), keep_passes=job.keep_passes)
    return _partition(inventory, evaluation)


def _partition(inventory: Inventory, evaluation: Evaluation, passes: int = 0) -> Partition:
    return Partition(
        evaluation,
        inventory.problems,
        inventory.ignores,
        inventory.files,
        Counter(resource.type for resource in inventory.resources if not _stands_for_any(resource)),
        is_fixed=inventory.is_fixed,
        source=inventory.source,
        passes=passes,
    )


def _stands_for_any(resource: Resource) -> bool:
    """Whether it is there for all that a listing would have told."""
    return resource.source is Source.LIVE and resource.doubt is not None


def _judge_live(job: Job, live: LiveSource, rules: Rules, spool: Spool) -> Iterator[Partition]:
    """The partitions of all accounts, each judged as of the time when it was read.

    Their findings, of which there may be ten for each object, go to `spool`.
    """
    rules_at: dict[datetime, Rules] = {}
    # What is loaded by now stays: to look through it again and again takes a tenth of the time.
    gc.freeze()
    try:
        for inventory, moment in live.read(rules):
            if moment not in rules_at:
                known = load_all(job.rules, examples=False, now=moment)
                rules_at[moment] = choose(known, job.rules).rules
            partition = _judge_by_rule(job, rules_at[moment], inventory, spool)
            # One account need fit in memory, not the next one beside it; what linked its
            # resources goes in circles.
            del inventory
            gc.collect()
            yield partition
    finally:
        gc.unfreeze()


def _judge_by_rule(job: Job, rules: Rules, inventory: Inventory, spool: Spool) -> Partition:
    """The partition of an account, without its findings."""
    graph = link(inventory)
    judged = passes = 0
    for rule in rules.values():
        evaluation = evaluate([rule], graph, keep_passes=job.keep_passes)
        spool.add(evaluation.findings)
        judged += evaluation.judged
        wrong = {definition_of(finding) for finding in evaluation.findings if _is_wrong(finding)}
        passes += len(evaluation.passed.get(rule.id, frozenset()) - wrong)
    return _partition(inventory, Evaluation(judged=judged), passes)


def _check_variables(job: Job, project: Project) -> None:
    """Raises `ConfigError` for a variable that no root module declares: a slip of the pen."""
    if not job.needed or not project.roots:
        return
    declared = declared_variables(project)
    for name in job.needed:
        if name not in declared:
            hint = suggest(name, declared)
            raise ConfigError(f"--var {name}: no root module declares this variable{hint}")


def count_processes(roots: int, asked: int) -> int:
    """How many processes to use for so many root modules; 1 is this one alone."""
    most = asked or min(os.cpu_count() or 1, 1 + roots // _ROOTS_PER_PROCESS)
    return max(1, min(most, roots))


def _scan_roots(
    job: Job, project: Project, rules: Rules, roots: Sequence[str]
) -> Iterator[Partition]:
    processes = count_processes(len(roots), job.processes)
    if processes == 1:
        with _garbage_by_root():
            for number, directory in enumerate(roots):
                # What the last one leaves goes with the process.
                if number:
                    _collect_garbage()
                yield scan_root(job, project, rules, directory)
        return
    # It costs tens of milliseconds to import, which only many roots are worth.
    from concurrent.futures import ProcessPoolExecutor

    # Each process reads code alone.
    given = replace(job, documents=Documents(), live=None), project
    with ProcessPoolExecutor(processes, initializer=_prepare, initargs=given) as executor:
        # Neighbours share modules, which a process reads once.
        size = max(1, len(roots) // (processes * 4))
        yield from executor.map(_scan_prepared, roots, chunksize=size)


@contextmanager
def _garbage_by_root() -> Iterator[None]:
    """Collects no garbage but with `_collect_garbage`.

    What a root module leaves behind goes all at once, so that looking for garbage before, and
    again at what the roots before it left, takes a third of a scan's time and finds nothing.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def _collect_garbage() -> None:
    gc.collect()
    gc.freeze()


_prepared: tuple[Job, Project, Rules] | None = None
"""In a process of its own: what all its partitions share."""


def _prepare(job: Job, project: Project) -> None:
    global _prepared
    # Compiled conditions can't be sent, and loading them takes no longer.
    _prepared = (job, project, choose(load_all(job.rules), job.rules).rules)
    gc.disable()
    # Ctrl-C reaches every process; one of them tells it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _scan_prepared(directory: str) -> Partition:
    assert _prepared is not None
    partition = scan_root(*_prepared, directory)
    _collect_garbage()
    return partition


def _report(
    job: Job,
    project: Project,
    partitions: Sequence[Partition],
    rules: Rules,
    known: Rules,
    spool: Spool | None,
) -> Report:
    evaluations = reconcile([(each.source, each.evaluation) for each in partitions])
    triaged = triage(
        [finding for evaluation in evaluations for finding in evaluation.findings],
        [ignore for each in partitions for ignore in each.ignores],
        rules,
        today=job.today,
        known=known,
        evaluated=_evaluated(job, project, partitions),
    )
    findings = _findings(triaged.findings, project.scope, spool)
    read: Iterable[Problem] = [problem for each in partitions for problem in each.problems]
    if job.live is not None:
        read = job.live.merge(read)
    problems = _sort_problems([*_problems_of(job, project), *read, *triaged.problems])
    by_source: dict[Source, Counter[str]] = {}
    for each in partitions:
        by_source.setdefault(each.source, Counter()).update(each.types)
    for counts in by_source.values():
        for pseudo in PSEUDO_TYPES:
            counts.pop(pseudo, None)
    types = sum(by_source.values(), Counter[str]())
    return Report(
        root=str(project.root),
        rules=rules,
        findings=findings,
        problems=problems,
        coverage=Coverage(
            files=len({name for each in partitions for name in each.files}),
            roots=(*(project.roots if job.judges_code else ()), *job.documents.names),
            resources=types.total(),
            types=types,
            rules=len(rules),
            judged=sum(each.evaluation.judged for each in partitions),
            notes=(*_notes(by_source, known), *(job.live.notes if job.live is not None else ())),
            places=tuple(dict.fromkeys(job.live.places)) if job.live is not None else (),
        ),
        counts=_count(findings, partitions, project.scope),
        complete=not any(problem.incomplete for problem in problems),
    )


def _findings(
    found: Iterable[Finding], scope: frozenset[str] | None, spool: Spool | None
) -> Iterable[Finding]:
    """All findings as a report has them: merged and sorted."""
    few = tuple(finding for finding in merge(found) if _is_in_scope(finding, scope))
    return few if spool is None else spool.among(few)


def _problems_of(job: Job, project: Project) -> Iterable[Problem]:
    """What could not be read of the code; where it only tells places, nothing is missed."""
    return project.problems if job.judges_code else ()


def _evaluated(job: Job, project: Project, partitions: Sequence[Partition]) -> frozenset[str]:
    """The files whose findings are all known: a module outside of the paths has more callers."""
    if not job.judges_code:
        return frozenset()
    if project.scope is not None:
        return project.scope
    tops = [Path(os.path.abspath(path)).relative_to(project.root) for path in job.paths]
    files = {name for each in partitions for name in each.files}
    return frozenset(name for name in files if any(Path(name).is_relative_to(top) for top in tops))


def _is_in_scope(finding: Finding, scope: frozenset[str] | None) -> bool:
    """Whether one of the files is where it is wrong, or where the wrong value comes from."""
    if scope is None:
        return True
    if finding.location is None:
        # It is of a plan or state, which was asked for by its name.
        return True
    places = [finding.location, *(step.location for step in finding.chain)]
    return any(place.file in scope for place in places)


def _sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each once: modules that several roots call are read by each of them."""
    return tuple(
        sorted(
            dict.fromkeys(problems),
            key=lambda problem: (problem.location is not None, problem.location, problem.message),
        )
    )


def _count(
    findings: Iterable[Finding], partitions: Sequence[Partition], scope: frozenset[str] | None
) -> Mapping[str, int]:
    """Findings by what became of them; passes are definitions without a finding."""
    outcomes: Counter[str] = Counter()
    wrong: set[tuple[str, Definition]] = set()
    for finding in findings:
        if not _is_wrong(finding):
            continue
        is_open = finding.status is Status.OPEN
        outcomes[finding.verdict.label if is_open else finding.status.value] += 1
        if finding.source is not Source.LIVE:
            wrong.add((finding.rule, definition_of(finding)))
    passed: set[tuple[str, Definition]] = set()
    for each in partitions:
        for rule, definitions in each.evaluation.passed.items():
            passed.update(
                (rule, definition)
                for definition in definitions
                if scope is None or isinstance(definition, str) or definition[0] in scope
            )
    counted = {key: outcomes[key] for key in ("fail", "unknown", "waived", "baseline")}
    passes = len(passed - wrong) + sum(each.passes for each in partitions)
    return {"pass": passes, **counted}


def _is_wrong(finding: Finding) -> bool:
    return finding.verdict is not Verdict.PASS


def _notes(by_source: Mapping[Source, Mapping[str, int]], known: Rules) -> Iterator[str]:
    """The resources that no rule is about, chosen or not; a line for each reason."""
    missed: Counter[str] = Counter()
    for source, types in by_source.items():
        patterns = {
            pattern
            for rule in known.values()
            if source in rule.sources
            for pattern in rule.resources
        }
        # What every resource has to have, such as tags, is not much of a look at it.
        patterns -= _ANY_TYPE
        # A companion is judged as a part of the resource that it configures.
        patterns |= {row.type for row in COMPANIONS}
        globs = [pattern for pattern in patterns if not pattern.isidentifier()]
        for type, number in sorted(types.items()):
            if type not in patterns and not any(fnmatchcase(type, glob) for glob in globs):
                missed[type] += number
    foreign = {
        type: number for type, number in sorted(missed.items()) if not type.startswith("aws_")
    }
    ours = {type: number for type, number in sorted(missed.items()) if type not in foreign}
    if ours:
        yield f"there are no rules for {_list(ours)}"
    if foreign:
        yield f"resources of other providers: {_list(foreign)}"


def _list(types: Mapping[str, int]) -> str:
    """``aws_a (2), aws_b (1) and 3 more types``."""
    named = ", ".join(f"{type} ({number})" for type, number in list(types.items())[:_LISTED])
    more = len(types) - _LISTED
    return f"{named} and {more} more types" if more > 0 else named
