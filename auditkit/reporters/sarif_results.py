"""Findings as SARIF results, in the form that GitHub keeps apart and shows well."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from auditkit.model import Finding, Location, Report, Rule, Severity, Status, Value, Verdict
from auditkit.reporters.encoding import Encoded
from auditkit.reporters.hcl import format_value
from auditkit.reporters.hiding import hide_secrets
from auditkit.reporters.options import RenderOptions
from auditkit.reporters.sarif_locations import Checkout
from auditkit.reporters.sarif_rules import LEVELS, truncate
from auditkit.reporters.terminal import escape, shorten

MAX_TOLD = 10
"""Of how many findings an alert's message and code flows tell."""
MAX_NAMED_INSTANCES = 5
MAX_RELATED_LOCATIONS = 50
MAX_ACTUAL = 200

_KINDS = {Verdict.FAIL: "fail", Verdict.UNKNOWN: "open", Verdict.PASS: "pass"}
# SARIF 2.1.0, 3.11.6: these have to be escaped in the text of a link.
_LINK_TEXT = re.compile(r"[\\\[\]]")
_BACKSLASHED = r"\\\g<0>"


@dataclass(frozen=True, slots=True)
class Alert:
    """Findings that are one alert on GitHub: those of one rule on one line."""

    place: Location
    findings: tuple[Finding, ...]

    @property
    def severity(self) -> Severity:
        """That of the worst finding."""
        return max(finding.severity for finding in self.findings)


_Key = tuple[object, ...]


def collect_alerts(
    report: Report, options: RenderOptions, checkout: Checkout, *, most: int
) -> tuple[Sequence[Alert], int]:
    """The alerts of everything that failed, in the report's order, and how many were left out.

    There are at most so many, the worst ones.  What is waived is left out on GitHub's account,
    which would show it as open.
    """
    groups: dict[_Key, list[Finding]] = {}
    places: dict[_Key, Location] = {}
    omitted = 0
    address = ""
    for finding in report.findings:
        if not _is_shown(finding, options):
            continue
        if finding.location is None and finding.address != address:
            address = finding.address
            # Those without a place come last, and by address, so that all groups are complete.
            # A large account would fill the memory with alerts that nobody gets to see.
            if len(groups) > 2 * most:
                omitted += len(groups) - most
                groups = _worst(groups, most)
                places = {key: places[key] for key in groups}
        place = checkout.primary(finding)
        key: _Key = (finding.rule, finding.verdict, finding.status, place.file)
        # Findings that have no place of their own share the anchor's line, but nothing else.
        key += (place.line,) if finding.location else (None, finding.address)
        groups.setdefault(key, []).append(finding)
        places.setdefault(key, place)
    omitted += max(0, len(groups) - most)
    kept = _worst(groups, most)
    return tuple(Alert(places[key], tuple(group)) for key, group in kept.items()), omitted


def _worst(groups: dict[_Key, list[Finding]], most: int) -> dict[_Key, list[Finding]]:
    """So many of the groups, in their order."""
    if len(groups) <= most:
        return groups
    by_weight = sorted(groups, key=lambda key: -_weigh(groups[key]))
    kept = set(by_weight[:most])
    return {key: group for key, group in groups.items() if key in kept}


def _weigh(group: Sequence[Finding]) -> int:
    first = group[0]
    is_open = first.verdict is Verdict.FAIL and first.status is not Status.WAIVED
    return max(finding.severity for finding in group) + (10 if is_open else 0)


def encode_alert(
    alert: Alert, *, rule: Rule | None, rule_index: int, checkout: Checkout
) -> Encoded:
    """The ``result`` object of an alert."""
    findings = [hide_secrets(finding) for finding in alert.findings[:MAX_TOLD]]
    first = findings[0]
    related = _Related(checkout)
    sentences = [_tell(finding, alert.place, related) for finding in findings]
    message = "\n".join(dict.fromkeys(sentences))
    if rule and rule.fix.advice and first.verdict is Verdict.FAIL:
        message += "\n" + escape(rule.fix.advice)
    flows = [flow for finding in findings if (flow := _code_flow(finding, alert.place, checkout))]
    failed = first.verdict is Verdict.FAIL
    return {
        "ruleId": first.rule,
        "ruleIndex": rule_index,
        "kind": _KINDS[first.verdict],
        "level": LEVELS[alert.severity] if failed else "none",
        "message": {"text": truncate(message)},
        "locations": [
            {
                "physicalLocation": checkout.encode(alert.place),
                "logicalLocations": [
                    {"fullyQualifiedName": escape(first.address), "kind": "resource"}
                ],
            }
        ],
        "partialFingerprints": {
            "primaryLocationLineHash": _line_hash(alert, checkout),
            "auditkitFindingHash/v1": first.fingerprint or _hash(first),
        },
        **({"relatedLocations": related.encoded} if related.encoded else {}),
        **({"codeFlows": flows} if flows else {}),
        **(_suppression(first) if first.status is Status.WAIVED else {}),
        "properties": _properties(alert, first),
    }


@dataclass(frozen=True, slots=True)
class _Related:
    """The ``relatedLocations`` of one result; GitHub shows those that its message links to."""

    checkout: Checkout
    encoded: list[Value] = field(default_factory=list)
    ids: dict[tuple[str, Location], int] = field(default_factory=dict)

    def link(self, text: str, location: Location) -> str:
        """`text` as a link to `location`, or with its path where GitHub has no such file."""
        text = escape(text)
        if not self.checkout.uri(location.file):
            return f"{text} ({escape(location.file)}:{location.line})"
        key = (text, location)
        if key not in self.ids and len(self.ids) < MAX_RELATED_LOCATIONS:
            self.ids[key] = len(self.ids) + 1
            self.encoded.append(
                {
                    "id": self.ids[key],
                    "physicalLocation": self.checkout.encode(location),
                    "message": {"text": truncate(text)},
                }
            )
        return (
            f"[{_LINK_TEXT.sub(_BACKSLASHED, text)}]({self.ids[key]})" if key in self.ids else text
        )


def _tell(finding: Finding, place: Location, related: _Related) -> str:
    """What is wrong, where the value comes from and which instances share it."""
    # A blank keeps what only looks like a link from being one.
    sentences = [_sentence(escape(finding.message).replace("](", "] ("))]
    if finding.location and finding.location.file != place.file:
        written = f"{escape(finding.location.file)}:{finding.location.line}"
        sentences.append(f"The module's code is in {written}.")
    if finding.chain:
        steps = (related.link(step.text, step.location) for step in finding.chain)
        sentences.append(f"The value came through {', '.join(steps)}.")
    else:
        calls = [call for call in finding.calls if call != place]
        links = (related.link(f"{call.file}:{call.line}", call) for call in calls)
        sentences += [f"The module is called at {', '.join(links)}."] if calls else []
    if len(finding.instances) > 1:
        named = ", ".join(map(escape, finding.instances[:MAX_NAMED_INSTANCES]))
        rest = ", …" if len(finding.instances) > MAX_NAMED_INSTANCES else ""
        sentences.append(f"{len(finding.instances):,} instances: {named}{rest}.")
    return " ".join(sentences)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."


def _code_flow(finding: Finding, place: Location, checkout: Checkout) -> Encoded | None:
    """The way of the value from where it was set to where it is used."""
    steps = [step for step in reversed(finding.chain) if checkout.uri(step.location.file)]
    if not steps:
        return None
    stations = [*((step.text, step.location) for step in steps), (finding.message, place)]
    return {
        "threadFlows": [
            {
                "locations": [
                    {
                        "location": {
                            "physicalLocation": checkout.encode(location),
                            "message": {"text": truncate(escape(text))},
                        }
                    }
                    for text, location in stations
                ]
            }
        ]
    }


def _line_hash(alert: Alert, checkout: Checkout) -> str:
    """The identity of the alert within its file and rule.

    GitHub's own hash of the line wherever that is enough, because the upload action warns about
    any other.
    """
    first = alert.findings[0]
    line_hash = checkout.line_hash(alert.place) if first.location else None
    if line_hash is None:
        return f"{_hash(first)}:1"
    if first.verdict is not Verdict.FAIL or first.status is Status.WAIVED:
        # It may share the line with an open failure of the same rule.
        return f"{line_hash}:{first.status.value}:{first.verdict.label}"
    return line_hash


def _hash(finding: Finding) -> str:
    identity = "|".join((finding.rule, finding.source.value, finding.address, finding.attribute))
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _suppression(finding: Finding) -> Encoded:
    reason = escape(finding.waiver) or "waived"
    return {"suppressions": [{"kind": "external", "status": "accepted", "justification": reason}]}


def _properties(alert: Alert, first: Finding) -> Encoded:
    return {
        "severity": alert.severity.label,
        "category": first.category,
        "source": first.source.value,
        "attribute": escape(first.attribute),
        "actual": escape(shorten(format_value(first.actual), MAX_ACTUAL)),
        "expected": escape(first.expected),
        "instances": len({name for finding in alert.findings for name in finding.instances}),
    }


def _is_shown(finding: Finding, options: RenderOptions) -> bool:
    if finding.verdict is not Verdict.FAIL:
        return options.show_all
    return finding.status is not Status.WAIVED or options.include_waived
