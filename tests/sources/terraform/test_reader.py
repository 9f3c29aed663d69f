from __future__ import annotations

from decimal import Decimal

import pytest

from auditkit.model import Location
from auditkit.sources.terraform import syntax
from auditkit.sources.terraform.reader import (
    location_of,
    read_expression,
    read_hcl,
    read_template,
)


def read(text: str | bytes) -> syntax.SourceFile:
    file, problems = read_hcl(text if isinstance(text, bytes) else text.encode(), "main.tf")
    assert problems == []
    return file


def expression(text: str) -> syntax.Expression:
    return read(f"x = {text}\n").body.attributes["x"].expression


def text_of(node: syntax.Expression) -> str:
    """The expression in a compact form with all its structure."""
    match node:
        case syntax.Literal(value=value):
            return repr(value)
        case syntax.Variable(name=name):
            return name
        case syntax.GetAttribute(source=source, name=name):
            return f"{text_of(source)}.{name}"
        case syntax.Index(source=source, key=key):
            return f"{text_of(source)}[{text_of(key)}]"
        case syntax.SplatElement():
            return "@"
        case syntax.Splat(source=source, each=each, full=full):
            return f"{text_of(source)}{'[*]' if full else '.*'}({text_of(each)})"
        case syntax.Unary(operator=operator, operand=operand):
            return f"({operator}{text_of(operand)})"
        case syntax.Binary(operator=operator, left=left, right=right):
            return f"({text_of(left)} {operator} {text_of(right)})"
        case syntax.Conditional(condition=condition, then=then, otherwise=otherwise):
            return f"({text_of(condition)} ? {text_of(then)} : {text_of(otherwise)})"
        case syntax.Call(name=name, arguments=arguments, expand=expand):
            return f"{name}({', '.join(map(text_of, arguments))}{'...' if expand else ''})"
        case syntax.Tuple(elements=elements):
            return f"[{', '.join(map(text_of, elements))}]"
        case syntax.Object(items=items):
            return f"{{{', '.join(f'{text_of(k)}={text_of(v)}' for k, v in items)}}}"
        case syntax.Template(parts=parts):
            return (
                "`" + "".join(p if isinstance(p, str) else f"<{text_of(p)}>" for p in parts) + "`"
            )
        case syntax.TemplateIf(condition=condition, then=then, otherwise=otherwise):
            rest = f":{text_of(otherwise)}" if otherwise else ""
            return f"if {text_of(condition)}:{text_of(then)}{rest}"
        case syntax.TemplateFor(key=key, value=value, collection=collection, body=body):
            names = f"{key},{value}" if key else value
            return f"for {names} in {text_of(collection)}:{text_of(body)}"
        case syntax.For(key=key, value=value, collection=collection, result=result):
            names = f"{key},{value}" if key else value
            head = f"{text_of(node.result_key)}=>" if node.result_key else ""
            tail = f" if {text_of(node.condition)}" if node.condition else ""
            dots = "..." if node.group else ""
            return f"for {names} in {text_of(collection)}: {head}{text_of(result)}{dots}{tail}"
    return type(node).__name__


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", "1"),
        ("1.50", "Decimal('1.5')"),
        ("1e3", "1000"),
        ("1E3", "1000"),
        ("25e-1", "Decimal('2.5')"),
        ("true", "True"),
        ("null", "None"),
        ('"a"', "'a'"),
        ('""', "''"),
        (r'"a\n\t\"\\\u00e9\U0001F600"', repr('a\n\t"\\é😀')),
        ('"$${a} %%{b} $ % $$"', "'${a} %{b} $ % $$'"),
        ("var.a.b", "var.a.b"),
        ("a.0.b", "a.0.b"),
        ('a["k"][0]', "a['k'][0]"),
        ("(a).b", "a.b"),
        ("(a ? b : c)[0]", "(a ? b : c)[0]"),
        ("a[*].b[0].c[*].d", "a[*](@.b[0].c[*](@.d))"),
        ("a.*.b[0].c", "a.*(@.b)[0].c"),
        ("-a[0]", "(-a[0])"),
        ("!a.b", "(!a.b)"),
        ("-a + b", "((-a) + b)"),
        ("1 + 2 * 3 - 4", "((1 + (2 * 3)) - 4)"),
        ("a || b && c == d", "(a || (b && (c == d)))"),
        ("a < b == c", "((a < b) == c)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a ? b : (c ? d : e) ? f : g ? h : i", "(a ? b : ((c ? d : e) ? f : (g ? h : i)))"),
        ("a ? b ? c : d : e", "(a ? (b ? c : d) : e)"),
        ("(a ? b : c) ? d : e", "((a ? b : c) ? d : e)"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("a / b * c % d", "(((a / b) * c) % d)"),
        ("!a == b", "((!a) == b)"),
        ("-a * b", "((-a) * b)"),
        ("a == b ? c : d", "((a == b) ? c : d)"),
        ("(\n a\n ? b\n : c\n)", "(a ? b : c)"),
        ("a /* x */ + b # y", "(a + b)"),
        ("f()", "f()"),
        ("f(a, b...)", "f(a, b...)"),
        ("f(\n a, # one\n b,\n)", "f(a, b)"),
        ('provider::aws::arn_parse("x")', "provider::aws::arn_parse('x')"),
        ("[1, [2], ]", "[1, [2]]"),
        ("[\n 1,\n // two\n 2\n]", "[1, 2]"),
        ('{a = 1, "b" = 2, (c) = 3, "${d}" = 4}', "{'a'=1, 'b'=2, c=3, `<d>`=4}"),
        ("{a : 1\n b : 2\n}", "{'a'=1, 'b'=2}"),
        ("{\n if = 1\n null = 2\n true = 3\n}", "{'if'=1, 'null'=2, 'true'=3}"),
        ("[for v in c : v if v]", "for v in c: v if v"),
        ("{for k, v in c : k => v...}", "for k,v in c: k=>v..."),
        ('"a${b}c"', "`a<b>c`"),
        ('"${b}"', "`<b>`"),
        ('"a ${~ b ~} c"', "`a<b>c`"),
        ('"${"x${"y"}"}"', "`<`x<'y'>`>`"),
        ('"%{if a}b%{else}c%{endif}"', "`<if a:`b`:`c`>`"),
        ('"%{ for k, v in m ~} ${v} %{~ endfor }"', "`<for k,v in m:`<v>`>`"),
    ],
)
def test_expression(text: str, expected: str) -> None:
    assert text_of(expression(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<<EOT\na\n b\nEOT\n", "a\n b\n"),
        ("<<EOT\nEOT\n", ""),
        ("<<-EOT\n    a\n      b\n\n    c\n  EOT\n", "a\n  b\n\nc\n"),
        ("<<-EOT\n\ta\n\t\tb\n\tEOT\n", "a\n\tb\n"),
        ('<<EOT\n"quoted" \\n $${x}\nEOT\n', '"quoted" \\n ${x}\n'),
        ("<<EOT\n  EOT not yet\nEOT\n", "  EOT not yet\n"),
    ],
)
def test_heredoc(text: str, expected: str) -> None:
    assert expression(text) == syntax.Literal(4, 4 + len(text.rstrip("\n")), expected)


def test_heredoc_indentation_counts_lines_that_begin_with_an_interpolation() -> None:
    assert text_of(expression("<<-EOT\n    a\n  ${b}\n  EOT\n")) == "`  a\n<b>\n`"


def test_strip_marker_in_a_heredoc_takes_one_line_only() -> None:
    node = expression("<<EOT\n%{ if a ~}\n\n  b\n%{ endif ~}\nEOT\n")
    assert text_of(node) == "`<if a:`\n  b\n`>`"


def test_blocks_labels_and_positions() -> None:
    file = read('resource "aws_s3_bucket" b {\n  a {}\n  é = "ü"\n}\nlocals { x = 1 }\n')
    bucket, locals_ = file.body.blocks
    assert (bucket.type, bucket.labels) == ("resource", ["aws_s3_bucket", "b"])
    assert bucket.body.blocks[0].type == "a"
    assert location_of(file, bucket.start, bucket.header_end) == Location("main.tf", 1, 1, 1, 27)
    attribute = bucket.body.attributes["é"]
    assert location_of(file, attribute.start, attribute.end) == Location("main.tf", 3, 3, 3, 10)
    value = attribute.expression
    assert location_of(file, value.start, value.end) == Location("main.tf", 3, 7, 3, 10)
    assert location_of(file, bucket.start, bucket.end) == Location("main.tf", 1, 1, 4, 2)
    assert locals_.body.attributes["x"].expression == syntax.Literal(63, 64, 1)


@pytest.mark.parametrize("text", ["", "\n", "# only a comment", "/* open\n */\n", "x = 1"])
def test_small_files_are_read(text: str) -> None:
    read(text)


def test_byte_order_mark_is_no_part_of_the_text() -> None:
    file = read(b"\xef\xbb\xbfx = 1\n")
    assert list(file.body.attributes) == ["x"]
    attribute = file.body.attributes["x"]
    assert location_of(file, attribute.start, attribute.end).column == 1


def test_carriage_returns_are_white_space() -> None:
    file = read(b'a "b" {\r\n  x = 1\r\n}\r\n')
    attribute = file.body.blocks[0].body.attributes["x"]
    assert location_of(file, attribute.start, attribute.end) == Location("main.tf", 2, 3, 2, 8)


def test_bytes_that_are_not_utf8_are_a_problem() -> None:
    file, problems = read_hcl(b'a = 1\nb = "\xff"\n', "main.tf")
    assert file.body.attributes == {}
    assert [(p.kind, p.location.line if p.location else 0) for p in problems] == [("unreadable", 2)]


BROKEN = """\
resource "a" "one" {
  x = 1
}
resource "a" "two" {
  x = = 2
}
resource "a" "three" {
  y = <<EOT
resource "a" "not_a_block" {
EOT
}
module "open" {
  source = ["./x"
}
locals {
  z = 26
}
"""


def test_a_broken_block_costs_only_itself() -> None:
    file, problems = read_hcl(BROKEN.encode(), "main.tf")
    states = {" ".join([b.type, *b.labels]): b.body.broken for b in file.body.blocks}
    assert states == {
        "resource a one": False,
        "resource a two": True,
        "resource a three": False,
        "module open": True,
        "locals": False,
    }
    assert [(p.kind, p.location and p.location.line, p.snippet) for p in problems] == [
        ("syntax", 5, "  x = = 2"),
        ("syntax", 13, '  source = ["./x"'),
    ]
    last = file.body.blocks[-1].body.attributes["z"]
    assert location_of(file, last.start, last.end) == Location("main.tf", 16, 3, 16, 9)


def test_the_problem_points_at_what_is_missing() -> None:
    _, problems = read_hcl(b'resource "a" "b" {\n  x = [1, 2\n}\n', "main.tf")
    assert len(problems) == 1
    assert problems[0].location is not None
    assert problems[0].location.line == 2


def test_a_heredoc_that_never_ends_does_not_swallow_the_file() -> None:
    text = 'resource "a" "b" {\n  x = <<EOT\n}\nresource "a" "c" {\n  y = 1\n}\n'
    file, problems = read_hcl(text.encode(), "main.tf")
    assert [(b.labels[1], b.body.broken) for b in file.body.blocks] == [("b", True), ("c", False)]
    assert len(problems) == 1


def test_a_long_chain_of_operators_is_no_deep_nesting() -> None:
    node = expression(" && ".join(["a"] * 1000))
    length = 1
    while isinstance(node, syntax.Binary):
        node, length = node.left, length + 1
    assert length == 1000


def test_deep_nesting_is_given_up_without_an_error() -> None:
    file, _ = read_hcl(b"x = " + b"[" * 5000 + b"]" * 5000 + b"\ny = 2\n", "main.tf")
    assert isinstance(file.body.attributes["y"].expression, syntax.Literal)


@pytest.mark.parametrize("text", ["1e999999999", "9" * 5000, "0x1"])
def test_insane_numbers_are_invalid(text: str) -> None:
    assert isinstance(expression(text), syntax.Invalid)


def test_comments_are_kept_only_where_one_may_be_an_ignore() -> None:
    assert read("# plain\nx = 1\n").comments == []
    file = read('# auditkit:ignore a\nx = "# no comment"\n/* b */ y = 1 // c\n')
    texts = [file.data[start:end] for start, end in file.comments]
    assert texts == [b"# auditkit:ignore a", b"/* b */", b"// c"]


def test_read_expression_and_what_is_none() -> None:
    assert text_of(read_expression('{a = ["x"]}')) == "{'a'=['x']}"
    assert text_of(read_expression("1.5")) == repr(Decimal("1.5"))
    for text in ("a b", "", "1)\ny = (2", "x = 1"):
        assert isinstance(read_expression(text), syntax.Invalid), text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain EOT", "'plain EOT'"),
        ("${a}", "`<a>`"),
        ("a\n${b}\n", "`a\n<b>\n`"),
        ("%{ if a }x%{ endif }\nEOT\n", "`<if a:`x`>\nEOT\n`"),
        ("%{ if a }", "Invalid"),
    ],
)
def test_read_template(text: str, expected: str) -> None:
    assert text_of(read_template(text)) == expected


def test_a_file_of_broken_blocks_is_given_up_after_a_while() -> None:
    _, problems = read_hcl(b'resource "a" "b" {\n' * 20_000, "main.tf")
    assert len(problems) == 101
    assert "the rest was not read" in problems[-1].message


def test_a_problem_quotes_no_more_than_a_person_can_read() -> None:
    _, problems = read_hcl(b"x = = " + b"y" * 100_000, "main.tf")
    assert len(problems[0].snippet) == 500
    assert len(problems[0].message) < 100


@pytest.mark.parametrize("text", ['"${}"', '"a${ }b"', '"${~ /* nothing */ ~}"', "<<E\n${}\nE"])
def test_interpolation_of_nothing_is_invalid(text: str) -> None:
    file, problems = read_hcl(f"x = {text}\n".encode(), "main.tf")
    assert not problems
    assert "Invalid(" in repr(file.body.attributes["x"].expression)
