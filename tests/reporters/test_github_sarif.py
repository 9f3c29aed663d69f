"""The assertions catch what GitHub rejects; most of these files pass Microsoft's validator."""

from __future__ import annotations

import json

import pytest

from auditkit.reporters import sarif
from reporters.github_sarif import violations
from reporters.samples import REPORT, options

LOG = "".join(sarif.render(REPORT, options()))
RUN = ("runs", 0)
RULE = (*RUN, "tool", "driver", "rules", 0)
RESULT = (*RUN, "results", 0)
PLACE = (*RESULT, "locations", 0, "physicalLocation")
REGION = (*PLACE, "region")
DELETE = object()


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("version",), "2.0.0", "2.1.0"),
        ((*RUN, "results"), DELETE, "results is missing"),
        ((*RUN, "columnKind"), DELETE, "columnKind"),
        ((*RUN, "automationDetails", "id"), "category", "no category"),
        ((*RUN, "invocations", 0, "executionSuccessful"), DELETE, "executionSuccessful"),
        ((*RUN, "tool", "driver", "name"), "", "no name"),
        ((*RULE, "shortDescription", "text"), "", "shortDescription"),
        ((*RULE, "fullDescription", "text"), "x" * 1025, "fullDescription.text is longer"),
        ((*RULE, "help"), DELETE, "help.text"),
        ((*RULE, "helpUri"), "", "helpUri"),
        ((*RULE, "name"), "x" * 256, "255"),
        ((*RULE, "id"), "s3-versioning", "rule s3-versioning is there 2 times"),
        ((*RULE, "defaultConfiguration", "level"), "bad", "level"),
        ((*RULE, "properties", "security-severity"), 9.5, "not a string"),
        ((*RULE, "properties", "security-severity"), "0.0", "between"),
        ((*RULE, "properties", "precision"), "sure", "precision"),
        ((*RULE, "properties", "tags"), ["security"] * 2, "tag security is there 2 times"),
        ((*RULE, "properties", "tags"), list("abcdefghijk"), "more than 10 tags"),
        ((*RULE, "properties", "tags"), [], "without the tag"),
        ((*RESULT, "ruleIndex"), 99, "ruleIndex"),
        ((*RESULT, "ruleId"), "nobody", "ruleIndex"),
        ((*RESULT, "level"), "bad", "level or kind"),
        ((*RESULT, "level"), "none", "level none"),
        ((*RESULT, "message", "text"), "", "message is empty"),
        ((*RESULT, "message", "text"), "see [it](99)", "links to {99}"),
        ((*RESULT, "locations"), [], "exactly one location"),
        ((*RESULT, "partialFingerprints"), {}, "primaryLocationLineHash"),
        ((*RESULT, "locations", 0, "physicalLocation"), DELETE, "not physical"),
        ((*PLACE, "artifactLocation", "uri"), "", "not a relative URI"),
        ((*PLACE, "artifactLocation", "uri"), "/main.tf", "not a relative URI"),
        ((*PLACE, "artifactLocation", "uri"), "../main.tf", "not a relative URI"),
        ((*PLACE, "artifactLocation", "uri"), ".", "not a relative URI"),
        ((*PLACE, "artifactLocation", "uri"), "a//b.tf", "not a relative URI"),
        ((*PLACE, "artifactLocation", "uri"), "a b.tf", "not a relative URI"),
        ((*PLACE, "artifactLocation", "uri"), "https://example.org/a", "not a relative URI"),
        ((*PLACE, "artifactLocation", "uri"), "a/.terraform/b.tf", "commits"),
        ((*REGION, "startLine"), 0, "does not count from 1"),
        ((*REGION, "startLine"), 99, "ends before"),
        ((*REGION, "endColumn"), DELETE, "incomplete"),
    ],
)
def test_violation_is_found(path, value, message):
    log = json.loads(LOG)
    assert list(violations(LOG)) == []
    target = log
    for step in path[:-1]:
        target = target[step]
    if value is DELETE:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    found = list(violations(json.dumps(log)))
    assert any(message in text for text in found), found


def test_repeated_alert_is_found():
    log = json.loads(LOG)
    log["runs"][0]["results"] *= 2
    assert any(text.startswith("alert ") for text in violations(json.dumps(log)))


def test_nan_is_found():
    with pytest.raises(AssertionError):
        list(violations(LOG.replace('"instances": 1', '"instances": NaN')))


def test_missing_file_is_found(tmp_path):
    assert "'main.tf' does not exist" in " ".join(violations(LOG, root=tmp_path))
