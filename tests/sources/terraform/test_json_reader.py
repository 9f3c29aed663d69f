from __future__ import annotations

import pytest

from auditkit.model import Location
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.json_reader import read_json
from auditkit.sources.terraform.reader import location_of


def read(text: str) -> syntax.SourceFile:
    file, problems = read_json(text.encode(), "main.tf.json")
    assert problems == []
    return file


def test_blocks_of_every_depth() -> None:
    file = read(
        '{"resource": {"aws_a": {"b": {"x": 1}}}, "locals": {"y": [true, null]},'
        ' "module": {"m": {"source": "./m"}}, "variable": [{"v": {}}, {"w": {}}],'
        ' "terraform": {"backend": {"s3": {"bucket": "b"}}}, "//": "a comment"}'
    )
    assert [" ".join([block.type, *block.labels]) for block in file.body.blocks] == [
        "resource aws_a b",
        "locals",
        "module m",
        "variable v",
        "variable w",
        "terraform",
    ]
    backend = file.body.blocks[-1].body.blocks[0]
    assert (backend.type, backend.labels) == ("backend", ["s3"])


def test_several_objects_are_several_blocks() -> None:
    file = read('{"provider": {"aws": [{"region": "a"}, {"region": "b", "alias": "c"}]}}')
    assert [sorted(block.body.attributes) for block in file.body.blocks] == [
        ["region"],
        ["alias", "region"],
    ]


def test_strings_are_templates_at_the_place_of_the_string() -> None:
    file = read('{"locals": {\n  "ü": 0, "x": "a${var.b}"\n}}')
    attribute = file.body.blocks[0].body.attributes["x"]
    assert isinstance(attribute.expression, syntax.Template)
    assert location_of(file, attribute.start, attribute.end) == Location(
        "main.tf.json", 2, 11, 2, 27
    )


def test_dynamic_block_has_its_content() -> None:
    file = read(
        '{"resource": {"aws_a": {"b": {"dynamic": {"c": {"for_each": [1],'
        ' "content": {"d": "${c.value}"}}}}}}}'
    )
    dynamic = file.body.blocks[0].body.blocks[0]
    assert (dynamic.type, dynamic.labels) == ("dynamic", ["c"])
    assert dynamic.body.blocks[0].type == "content"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "a value is missing"),
        ("[]", 1, "the top level must be a JSON object"),
        ('{\n  "a": 1,\n}', 3, "a property name in double quotes is missing"),
        ('{"a" 1}', 1, "':' is missing"),
        ('{"a": [1 2]}', 1, "',' or ']' is missing"),
        ('{"a": nope}', 1, "unexpected 'n'"),
        ('{"a": "b}', 1, "Unterminated string"),
        ("{} {}", 1, "text after the end"),
        ("[" * 1000, 1, "nested too deeply"),
    ],
)
def test_invalid_json_is_a_problem_with_its_place(text: str, line: int, message: str) -> None:
    file, problems = read_json(text.encode(), "main.tf.json")
    assert file.body.blocks == []
    assert len(problems) == 1
    assert message in problems[0].message
    assert problems[0].location is not None
    assert problems[0].location.line == line


def test_byte_order_mark_and_bad_encoding() -> None:
    file, problems = read_json(b'\xef\xbb\xbf{"locals": {"a": 1}}', "a.tf.json")
    assert problems == []
    attribute = file.body.blocks[0].body.attributes["a"]
    assert location_of(file, attribute.start, attribute.end).column == 13
    _, problems = read_json(b'{\n"a": "\xff"}', "a.tf.json")
    assert [(one.kind, one.location and one.location.line) for one in problems] == [
        ("unreadable", 2)
    ]
