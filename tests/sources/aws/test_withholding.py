"""What AWS tells and auditkit forgets at once, and the paths that lead through a condition."""

from __future__ import annotations

from typing import Any

import pytest

from auditkit.model import Unknown
from auditkit.sources.aws.expressions import WITHHELD, compile_expression
from auditkit.sources.aws.shapes import answer_of, is_path, resolve

CONTAINERS = [
    {
        "name": "web",
        "environment": [{"name": "TOKEN", "value": "hunter2"}, {"name": "EMPTY", "value": ""}],
        "log": {"driver": "splunk", "options": {"token": "hunter2", "empty": ""}},
    },
    {"name": "bare"},
]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("withhold(@, 'nothing')", CONTAINERS),
        ("withhold([1].environment, '@')", None),
        ("withhold([0].name, '@')", WITHHELD),
        (
            "withhold([0], 'environment.value').environment",
            [{"name": "TOKEN", "value": WITHHELD}, {"name": "EMPTY", "value": ""}],
        ),
        ("withhold([0].log.options, '@')", {"token": WITHHELD, "empty": ""}),
        (
            "withhold(@, 'environment.value', 'log.options')[].log",
            [{"driver": "splunk", "options": {"token": WITHHELD, "empty": ""}}],
        ),
    ],
)
def test_withheld_values_are_unknown_and_their_names_stay(expression: str, expected: Any) -> None:
    assert compile_expression(expression)(CONTAINERS) == expected


def test_text_with_something_withheld_is_unknown_and_its_document_is_not() -> None:
    text = compile_expression("json(withhold(@, 'environment.value', 'log.options'))")(CONTAINERS)
    assert isinstance(text, Unknown)
    assert text.sensitive
    assert isinstance(text.document, list)
    assert text.document[0]["environment"][0] == {"name": "TOKEN", "value": WITHHELD}
    assert text.document[1] == {"name": "bare"}
    assert "hunter2" not in repr(text)


def test_text_with_nothing_withheld_is_a_text() -> None:
    text = compile_expression("json(withhold([1:], 'environment.value'))")(CONTAINERS)
    assert text == '[{"name":"bare"}]'


def test_member_with_the_value_is_dropped() -> None:
    dropped = compile_expression("dropped(@, 'cpu', `0`)")
    assert dropped([{"cpu": 0, "memory": 0}, {"cpu": 1}]) == [{"memory": 0}, {"cpu": 1}]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-05-01T10:00:00.123+0000", "2024-05-01T10:00:00Z"),
        ("2024-05-01T10:00:00+0200", "2024-05-01T08:00:00Z"),
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00Z"),
        ("yesterday", "yesterday"),
    ],
)
def test_times_in_texts_become_rfc_3339(moment: str, expected: str) -> None:
    assert compile_expression("time(@)")(moment) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("VpcConfig", True),
        ("VpcConfig.VpcId != '' && VpcConfig", True),
        ("Layers[?Arn == 'x']", True),
        ("VpcConfig && {vpc_id: VpcConfig.VpcId}", False),
        ("block(VpcConfig)", False),
    ],
)
def test_path_may_have_a_condition(expression: str, expected: bool) -> None:
    assert is_path(expression) is expected


def test_condition_leads_to_what_follows_it() -> None:
    function = answer_of("lambda:ListFunctions", "Functions[]|[0]")
    assert resolve("VpcConfig.VpcId != '' && VpcConfig", function) == resolve("VpcConfig", function)
