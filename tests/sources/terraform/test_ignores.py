from __future__ import annotations

from datetime import date
from textwrap import dedent

import pytest

from auditkit.sources.terraform.ignores import Directive, Mistake, attach, parse_ignores
from auditkit.sources.terraform.reader import read_hcl


@pytest.mark.parametrize(
    "comment",
    [
        "# a comment",
        "# checkov is run in CI",
        "# checkov:skip",
        "# trivy:config",
        "# trivy: ignore",
        "# https://tfsec:8080/",
        "#tfsec:ignore:",
    ],
)
def test_other_comments_ask_for_nothing(comment):
    assert list(parse_ignores(comment)) == []


def ours(*rules, reason="", until=None):
    return Directive(rules, reason, until, "auditkit")


@pytest.mark.parametrize(
    ("comment", "directive"),
    [
        ('# auditkit:ignore s3-acl reason="public site"', ours("s3-acl", reason="public site")),
        ('//auditkit:ignore s3-acl reason="x"', ours("s3-acl", reason="x")),
        ('/* auditkit:ignore s3-acl reason="x" */', ours("s3-acl", reason="x")),
        (
            '# auditkit:ignore a,b , c-* reason="x" until=2027-01-31',
            ours("a", "b", "c-*", reason="x", until=date(2027, 1, 31)),
        ),
        (
            '# auditkit:ignore CKV_AWS_19 until="2027-01-31" reason = x',
            ours("CKV_AWS_19", reason="x", until=date(2027, 1, 31)),
        ),
        (r'# auditkit:ignore a reason="say \"no\""', ours("a", reason='say "no"')),
        ("# auditkit:ignore *", ours("*")),
        ("# auditkit:ignore a", ours("a")),
        ('# auditkit:ignore a reason=" "', ours("a")),
        ('# for the site; auditkit:ignore a reason="x"', ours("a", reason="x")),
    ],
)
def test_our_own_syntax(comment, directive):
    assert list(parse_ignores(comment)) == [directive]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# auditkit:ignore", "the ignore names no rule"),
        ('# auditkit:ignore reason="x"', "the ignore names no rule"),
        ("# auditkit:ignore: a", "the ignore names no rule"),
        ("# auditkit:ignore a b", "cannot read 'b' in the ignore"),
        ('# auditkit:ignore a reason="x', "cannot read 'reason=\"x' in the ignore"),
        ("# auditkit:ignore a because=x", "unknown option 'because' in the ignore"),
        (
            "# auditkit:ignore a untill=2027-01-31",
            "unknown option 'untill' in the ignore (did you mean 'until'?)",
        ),
        ("# auditkit:ignore a until=31.1.2027", "until=31.1.2027 is no date"),
        ("# auditkit:ignore a until=2027-02-30", "until=2027-02-30 is no date"),
    ],
)
def test_mistakes_in_our_own_syntax(comment, message):
    (mistake,) = parse_ignores(comment)
    assert isinstance(mistake, Mistake)
    assert message in mistake.message


@pytest.mark.parametrize(
    ("comment", "directives"),
    [
        (
            "#checkov:skip=CKV_AWS_20:The bucket is public",
            [Directive(("CKV_AWS_20",), "The bucket is public", None, "checkov")],
        ),
        (
            "# checkov:skip=CKV_AWS_1,CKV2_AWS_2: why: because",
            [Directive(("CKV_AWS_1", "CKV2_AWS_2"), "why: because", None, "checkov")],
        ),
        ("# checkov:skip= CKV_AWS_1", [Directive(("CKV_AWS_1",), "", None, "checkov")]),
        ("# bridgecrew:skip=BC_AWS_1:x", [Directive(("BC_AWS_1",), "x", None, "checkov")]),
        (
            "#trivy:ignore:AVD-AWS-0057:exp:2027-01-31",
            [Directive(("AVD-AWS-0057",), "", date(2027, 1, 31), "trivy")],
        ),
        ("# trivy:ignore:aws-0057", [Directive(("aws-0057",), "", None, "trivy")]),
        (
            "#tfsec:ignore:aws-s3-enable-versioning tfsec:ignore:aws-s3-*",
            [
                Directive(("aws-s3-enable-versioning",), "", None, "tfsec"),
                Directive(("aws-s3-*",), "", None, "tfsec"),
            ],
        ),
        ("#tfsec:ignore:*", [Directive(("*",), "", None, "tfsec")]),
        (
            "# tfsec:ignore:a only a test #trivy:ignore:b",
            [
                Directive(("a",), "only a test", None, "tfsec"),
                Directive(("b",), "only a test", None, "trivy"),
            ],
        ),
    ],
)
def test_the_syntax_of_other_tools(comment, directives):
    assert list(parse_ignores(comment)) == directives


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("#trivy:ignore:aws-0107[from_port=22]", "the trivy ignore of aws-0107 holds for some"),
        ("#tfsec:ignore:a:ws:dev", "the tfsec ignore of a holds in one workspace only"),
        ("#trivy:ignore:a:exp:soon", "exp:soon is no date"),
    ],
)
def test_what_cannot_be_honoured_is_told(comment, message):
    (mistake,) = parse_ignores(comment)
    assert isinstance(mistake, Mistake)
    assert message in mistake.message


# What a comment belongs to


def attached(text):
    """The lines that each ignore of the text covers, and the problems' lines."""
    file, problems = read_hcl(dedent(text).lstrip("\n").encode(), "main.tf")
    assert problems == []
    ignores, problems = attach(file.comments, file.body, file)
    return (
        [(ignore.target.line, ignore.target.end_line) for ignore in ignores],
        [problem.location.line for problem in problems],
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(
            """
            # auditkit:ignore r reason="x"
            resource "a" "b" {
              x = 1
            }
            """,
            (2, 4),
            id="above a block",
        ),
        pytest.param(
            """
            resource "a" "b" { # auditkit:ignore r reason="x"
              x = 1
            }
            """,
            (1, 3),
            id="behind a block's header",
        ),
        pytest.param(
            """
            resource "a" "b" {
              x = 1
            } # auditkit:ignore r reason="x"
            """,
            (1, 3),
            id="behind a block's end",
        ),
        pytest.param(
            """
            # auditkit:ignore r reason="x"
            # It is public.
            // checkov:skip=none
            resource "a" "b" {
            }
            """,
            (4, 5),
            id="above other comments",
        ),
        pytest.param(
            """
            resource "a" "b" {
              y = 1 # auditkit:ignore r reason="x"
              x = 1
            }
            """,
            (2, 2),
            id="behind an attribute",
        ),
        pytest.param(
            """
            resource "a" "b" {
              y = 1
              # auditkit:ignore r reason="x"
              x = [
                1,
              ]
            }
            """,
            (4, 6),
            id="above an attribute",
        ),
        pytest.param(
            """
            resource "a" "b" {
              x = [
                1, # auditkit:ignore r reason="x"
                2,
              ]
            }
            """,
            (2, 5),
            id="inside a list",
        ),
        pytest.param(
            """
            resource "a" "b" {
              tags = {
                # auditkit:ignore r reason="x"
                Owner = "me"
              }
            }
            """,
            (2, 5),
            id="inside a map",
        ),
        pytest.param(
            """
            resource "a" "b" {
              ingress { x = 1 } # auditkit:ignore r reason="x"
            }
            """,
            (2, 2),
            id="behind a block on one line",
        ),
        pytest.param(
            """
            resource "a" "b" {
              # auditkit:ignore r reason="x"
              ingress {
                x = 1
              }
            }
            """,
            (3, 5),
            id="above a nested block",
        ),
        pytest.param(
            """
            /*
              auditkit:ignore r reason="x"
            */
            module "m" {
            }
            """,
            (4, 5),
            id="in a comment of several lines",
        ),
    ],
)
def test_an_ignore_of_ours_belongs_to_what_it_is_on_or_above(text, lines):
    assert attached(text) == ([lines], [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(
            """
            # auditkit:ignore r reason="x"

            resource "a" "b" {
            }
            """,
            1,
            id="a blank line below",
        ),
        pytest.param(
            """
            resource "a" "b" {
              x = 1
              # auditkit:ignore r reason="x"
            }
            """,
            3,
            id="nothing below",
        ),
        pytest.param(
            """
            resource "a" "b" {
            }
            # auditkit:ignore r reason="x"
            """,
            3,
            id="the end of the file",
        ),
        pytest.param(
            """
            # auditkit:ignore
            resource "a" "b" {
            }
            """,
            1,
            id="a mistake",
        ),
    ],
)
def test_an_ignore_of_ours_that_does_nothing_is_a_problem(text, line):
    assert attached(text) == ([], [line])


def test_a_checkov_skip_holds_for_the_whole_block_around_it():
    text = """
        # checkov:skip=CKV_AWS_1:above
        resource "a" "b" {    # checkov:skip=CKV_AWS_2:first line
          # checkov:skip=CKV_AWS_3:inside
          versioning {
            enabled = false # checkov:skip=CKV_AWS_4:deep inside
          }
        }  # checkov:skip=CKV_AWS_5:last line
        """
    assert attached(text) == ([(2, 7), (2, 7)], [])


@pytest.mark.parametrize("tool", ["trivy", "tfsec"])
def test_a_trivy_ignore_holds_for_what_begins_on_its_line_or_the_next(tool):
    text = f"""
        #{tool}:ignore:above
        resource "a" "b" {{
          acl = "public" #{tool}:ignore:behind
          cidr_blocks = [
            #{tool}:ignore:inside-a-list
            "0.0.0.0/0",
          ]
          #{tool}:ignore:above-a-nested-block
          ingress {{
            x = 1
          }}
        }}
        #{tool}:ignore:too-far-above
        # Another comment.
        resource "a" "c" {{
        }}
        """
    assert attached(text) == ([(2, 12), (3, 3), (9, 11)], [])


def test_trivy_ignores_may_stand_above_each_other():
    text = """
        #trivy:ignore:a
        # tfsec:ignore:b
        #trivy:ignore:c
        resource "a" "b" {
        }
        """
    assert attached(text) == ([(4, 5)] * 3, [])


def test_an_ignore_tells_where_it_stands():
    text = 'resource "a" "b" {\n  é = 1 # auditkit:ignore r reason="x" until=2027-01-31\n}\n'
    file, _ = read_hcl(text.encode(), "a/main.tf")
    (ignore,), _ = attach(file.comments, file.body, file)
    assert (ignore.rules, ignore.reason, ignore.until) == (("r",), "x", date(2027, 1, 31))
    assert (ignore.location.file, ignore.location.line, ignore.location.column) == (
        "a/main.tf",
        2,
        9,
    )
    assert (ignore.target.line, ignore.target.column, ignore.target.end_column) == (2, 3, 8)


def test_windows_line_ends_change_nothing():
    text = '# auditkit:ignore r reason="x"\r\nresource "a" "b" {\r\n}\r\n'
    file, _ = read_hcl(text.encode(), "main.tf")
    (ignore,), problems = attach(file.comments, file.body, file)
    assert (ignore.reason, ignore.target.line, problems) == ("x", 2, [])


def test_a_problem_shows_the_comment():
    file, _ = read_hcl(b'# auditkit:ignore\nresource "a" "b" {\n}\n', "main.tf")
    _, (problem,) = attach(file.comments, file.body, file)
    assert (problem.kind, problem.snippet, problem.incomplete) == (
        "ignore",
        "# auditkit:ignore",
        False,
    )
