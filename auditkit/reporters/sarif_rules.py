"""Rules as SARIF describes them, with the help that GitHub shows beside an alert."""

from __future__ import annotations

import re

from auditkit.model import Rule, Severity
from auditkit.reporters.encoding import Encoded
from auditkit.reporters.hcl import format_resource
from auditkit.reporters.terminal import ELLIPSIS, escape

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
SECURITY_SEVERITIES = {
    # Strings, away from the borders at 9.0, 7.0 and 4.0; info is not a security alert.
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
}
MAX_TEXT = 1024
MAX_NAME = 255
MAX_TAGS = 10

_WEB_ADDRESS = re.compile(r"https?://[^\s\"<>\\^`{|}]+")


def describe_rule(rule: Rule) -> Encoded:
    """The ``reportingDescriptor`` of a rule."""
    links = [link for link in rule.links if _WEB_ADDRESS.fullmatch(link)]
    return {
        **_describe_name(rule.id, rule.title, rule.severity),
        "fullDescription": {"text": truncate(escape(rule.why or rule.title))},
        "help": {"text": _help_text(rule), "markdown": _help_markdown(rule)},
        **({"helpUri": links[0]} if links else {}),
        "properties": _properties(rule.severity, (rule.category, *rule.resources)),
    }


def describe_stranger(rule: str, severity: Severity, category: str) -> Encoded:
    """The ``reportingDescriptor`` of a rule that is known only by its findings."""
    title = escape(rule.replace("-", " ").capitalize())
    return {
        **_describe_name(rule, title, severity),
        "fullDescription": {"text": truncate(title)},
        "help": {"text": f"Read on with: auditkit explain {escape(rule)}"},
        "properties": _properties(severity, (category,)),
    }


def _describe_name(rule: str, title: str, severity: Severity) -> Encoded:
    """What every ``reportingDescriptor`` begins with."""
    words = re.findall(r"[A-Za-z0-9]+", rule)
    name = "".join(word[0].upper() + word[1:] for word in words)[:MAX_NAME]
    return {
        "id": rule,
        # A name that is no other than the id would be invalid.
        **({"name": name} if name and name.lower() != rule.lower() else {}),
        "shortDescription": {"text": truncate(escape(title) or rule)},
        "defaultConfiguration": {"level": LEVELS[severity]},
    }


def truncate(text: str) -> str:
    """As much of `text` as GitHub keeps."""
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + ELLIPSIS


def _properties(severity: Severity, subjects: tuple[str, ...]) -> Encoded:
    """Tags and severity; GitHub makes a security alert of a rule with ``security-severity``."""
    score = SECURITY_SEVERITIES.get(severity)
    rating = {"security-severity": score} if score else {"problem.severity": "recommendation"}
    tags = dict.fromkeys(("security", "aws", "terraform", *subjects))
    return {"tags": list(tags)[:MAX_TAGS], "precision": "high", **rating}


def _help_text(rule: Rule) -> str:
    parts = [rule.why, f"Fix: {rule.fix.advice}", f"Read on with: auditkit explain {rule.id}"]
    return _escape_lines("\n\n".join(filter(None, parts)))


def _help_markdown(rule: Rule) -> str:
    parts = [f"## {rule.title}", rule.why, "### Fix", rule.fix.advice]
    if rule.fix.replaces:
        parts.append("**This change replaces the resource.**")
    resource_type = next((name for name in rule.resources if "*" not in name), "")
    if rule.fix.set and resource_type:
        parts.append(f"```hcl\n{format_resource(resource_type, rule.fix.set)}\n```")
    if rule.aliases:
        parts += ["### Also known as", ", ".join(f"`{alias}`" for alias in rule.aliases)]
    if rule.links:
        parts += ["### Links", "\n".join(f"- <{link}>" for link in rule.links)]
    parts.append(f"Read on with `auditkit explain {rule.id}`.")
    return _escape_lines("\n\n".join(filter(None, parts)))


def _escape_lines(text: str) -> str:
    """`text` with its invisible characters escaped, line feeds kept."""
    return "\n".join(map(escape, text.split("\n")))
