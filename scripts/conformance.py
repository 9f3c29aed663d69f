"""The page about conformance, counted from the suite in tests/conformance."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SUITE = Path(__file__).resolve().parent.parent / "tests" / "conformance"

INTRODUCTION = """\
# Conformance with Terraform

<!-- Written by `make docs` from tests/conformance; tests/test_docs.py holds it in step. -->

auditkit evaluates Terraform code itself. Terraform is the judge of that: expressions, whole modules
and realistic root modules are planned by Terraform 1.11 (and version 5 of the AWS provider, against
a simulated AWS), its answers are stored beside the cases, and every test run compares. Where both
know a value it is the same value; where auditkit can't know, it says unknown, with the cause.
"""

ADDING = """\
## Adding a case

An expression is one line in `tests/conformance/expressions/*.hcl`: a name and the expression, which
may use what `tests/conformance/scope/main.tf` declares. A module is a file in
`tests/conformance/configurations/`, a root module that needs the provider a directory in
`tests/conformance/modules/`. Then, with `terraform` on the path,

    pytest tests/conformance -m terraform --update-golden

stores what Terraform makes of it.
"""


def page() -> str:
    """The text of ``docs/conformance.md``."""
    # The suite is no package, like all tests.
    if str(SUITE) not in sys.path:
        sys.path.insert(0, str(SUITE))
    parts = [INTRODUCTION, *_expressions(), *_configurations(), *_modules(), *_evaluated(), ADDING]
    return "\n".join(parts)


def _expressions() -> Iterator[str]:
    from judging import Case, expression_cases, read_answers, scope_module, verdict

    answers, module = read_answers(), scope_module()
    counts: dict[str, Counter[str]] = {}
    notes: dict[str, list[Case]] = {"unknown": [], "known": [], "lenient": []}
    for case in expression_cases():
        found = verdict(case, answers[case.topic][case.name], module)
        counts.setdefault(case.topic, Counter())[found] += 1
        if found in notes:
            notes[found].append(case)
    kinds = ("equal", "rejected", "unknown", "known", "lenient", "different")
    yield "## Expressions\n"
    yield (
        "| topic | cases | equal | rejected by both | unknown to us | known to us before apply "
        "| accepted by us alone | different |"
    )
    yield "|---|" + "---:|" * (len(kinds) + 1)
    rows = [*sorted(counts.items()), ("**all**", sum(counts.values(), Counter()))]
    for topic, count in rows:
        cells = [topic, str(count.total()), *(str(count[kind]) for kind in kinds)]
        yield f"| {' | '.join(cells)} |"
    yield ""
    titles = {
        "unknown": "Unknown to us, though Terraform knows:",
        "known": "Known to us, though Terraform says so only when it applies:",
        "lenient": "Accepted by us, though Terraform rejects it:",
    }
    for kind, title in titles.items():
        yield f"{title}\n"
        for case in notes[kind]:
            text = case.text.replace("`", "'")
            yield f"- `{text}`: {getattr(case, kind)}"
        yield ""


def _configurations() -> Iterator[str]:
    from comparing import compare_inventory
    from configurations import ANSWERS, configurations, read_configuration

    yield "## Modules\n"
    yield "| module | what it shows | equal | withheld (sensitive) | unknown to us | different |"
    yield "|---|---|---:|---:|---:|---:|"
    for case in configurations():
        answer = json.loads((ANSWERS / f"{case.name}.json").read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory() as directory:
            found = compare_inventory(read_configuration(case, Path(directory)), answer)
        yield (
            f"| {case.name} | {case.title} | {found.equal} | {len(found.withheld)} "
            f"| {len(found.unknown)} | {len(found.different)} |"
        )
    yield ""


def _modules() -> Iterator[str]:
    from comparing import Comparison, compare_inventory
    from planned_modules import ANSWERS, UNKNOWN, module_names, read_module

    yield "## Root modules planned by the AWS provider\n"
    yield "Attributes, blocks and outputs, counted by their scalar values.\n"
    yield (
        "| root module | equal | equal, in the provider's spelling | withheld (sensitive) "
        "| unknown to us | different |"
    )
    yield "|---|---:|---:|---:|---:|---:|"
    total = Comparison()
    rows: list[tuple[str, Comparison]] = []
    for name in module_names():
        answer = json.loads((ANSWERS / f"{name}.json").read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory() as directory:
            found = compare_inventory(read_module(name, Path(directory)), answer)
        total.add(found)
        rows.append((name, found))
    for name, found in [*rows, ("**all**", total)]:
        yield (
            f"| {name} | {found.equal} | {len(found.rewritten)} | {len(found.withheld)} "
            f"| {len(found.unknown)} | {len(found.different)} |"
        )
    yield (
        "\nThe provider spells some values anew: it lays out JSON in its own way, hashes "
        "`user_data`, and takes an empty map of tags for none. Unknown to us:\n"
    )
    for name, reasons in sorted(UNKNOWN.items()):
        for pattern, reason in reasons.items():
            path = pattern.replace("\\", "").replace(".*", "*")
            yield f"- `{path}` of {name}: {reason}"
    yield ""


def _evaluated() -> Iterator[str]:
    from auditkit.sources.terraform.functions import FUNCTIONS

    yield "## What is evaluated\n"
    names = sorted([*FUNCTIONS, "can", "try"])
    yield f"All {len(names)} functions: {', '.join(f'`{name}`' for name in names)}.\n"
    yield (
        "Variables with types, defaults, `optional()` and `nullable`, values of `*.tfvars`, "
        "`*.auto.tfvars` and `--var`, locals, conditionals, `for`, both splats, templates and "
        "heredocs with directives, `count`, `for_each`, `dynamic`, local and downloaded modules, "
        "override files, JSON syntax, provider `default_tags`, `aws_iam_policy_document`, "
        "`aws_region` and `aws_partition`.\n"
    )
    yield "Unknown by nature:\n"
    yield "- what the provider decides when it applies: ids, ARNs, generated names;"
    yield "- what data sources read from AWS, and variables without a value;"
    yield "- `timestamp`, `plantimestamp`, `uuid`, `bcrypt`, `rsadecrypt`, `path.cwd`;"
    yield "- files outside the scanned tree, and functions of other providers;"
    yield "- sensitive values: they are computed with, and withheld from every report.\n"
