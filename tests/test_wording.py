from __future__ import annotations

import pytest

from auditkit.model import Evidence, Unknown, Verdict
from auditkit.wording import describe, join_lines, show, withhold

NO_VALUE = Unknown("`var.x` has no value")
SECRET = Unknown("`password` is sensitive", sensitive=True)


MARKED = Unknown("is marked sensitive", sensitive=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (7, "7"),
        (1.5, "1.5"),
        ("", '""'),
        ("eu-west-1", '"eu-west-1"'),
        ("a" * 61, '"' + "a" * 59 + '…"'),
        ([], "[]"),
        (["a", 1, False], '["a", 1, false]'),
        (["a", "b", "c", "d", "e"], '["a", "b", "c", … 2 more]'),
        ({"Owner": "me", "Stage": NO_VALUE}, "{Owner, Stage}"),
        (NO_VALUE, "(unknown)"),
        (SECRET, "(sensitive)"),
        (["10.0.0.0/8", NO_VALUE], '["10.0.0.0/8", (unknown)]'),
        ("\x1b[31mred\r\n\u202e", '"\\u001b[31mred\\u000d\\u000a\\u202e"'),
        (["\x9b"], '["\\u009b"]'),
        ({"a\nb": 1}, "{a\\u000ab}"),
    ],
)
def test_values_are_shown_on_one_short_line(value, text):
    assert show(value) == text


@pytest.mark.parametrize(
    ("path", "verdict", "actual", "text"),
    [
        (("a",), Verdict.FAIL, False, "`a` is false, expected true"),
        (("a", 0, "b c"), Verdict.FAIL, 1, '`a[0]["b c"]` is 1, expected true'),
        (("a",), Verdict.FAIL, None, "`a` is not set, expected true"),
        ((), Verdict.FAIL, None, "expected true"),
        ((), Verdict.FAIL, 3, "found 3, expected true"),
        (("a",), Verdict.UNKNOWN, NO_VALUE, "cannot tell: `var.x` has no value"),
        (("a",), Verdict.UNKNOWN, ["x", NO_VALUE], "cannot tell: `var.x` has no value"),
        (("a",), Verdict.UNKNOWN, {"x": [NO_VALUE]}, "cannot tell: `var.x` has no value"),
        (("a",), Verdict.UNKNOWN, "x", "cannot tell: `a` has no value yet"),
        (("a",), Verdict.UNKNOWN, MARKED, "cannot tell: `a` is marked sensitive"),
        (("a",), Verdict.FAIL, NO_VALUE, "what is known of `a` decides: expected true"),
        (("tags", "a\nb"), Verdict.FAIL, None, '`tags["a\\u000ab"]` is not set, expected true'),
    ],
)
def test_evidence_is_one_line(path, verdict, actual, text):
    assert describe(Evidence(path, verdict, "true", actual)) == text


def test_a_default_is_told_as_one():
    evidence = Evidence(("a",), Verdict.FAIL, "true", False)
    assert describe(evidence, assumed=True) == "`a` is false by default, expected true"


def test_much_evidence_is_cut_short_and_said_once():
    assert join_lines(["a", "a", "b", "c", "d", "e"]) == "a; b; c; and 2 more"


@pytest.mark.parametrize(
    ("type", "path", "value", "shown"),
    [
        ("aws_db_instance", ("password",), "hunter2", "(sensitive)"),
        ("aws_db_instance", ("password",), None, None),
        ("aws_db_instance", ("password",), "", ""),
        # Sensitive by the schema, whatever the name.
        ("aws_mq_broker", ("user", 0, "password"), "hunter2", "(sensitive)"),
        ("aws_mq_broker", ("user", 0), {"username": "me", "password": "hunter2"}, None),
        ("aws_ssm_parameter", ("value",), "hunter2", "(sensitive)"),
        # By its name.
        (
            "aws_lambda_function",
            ("environment", 0, "variables", "API_TOKEN"),
            "hunter2",
            "(sensitive)",
        ),
        ("aws_lambda_function", ("environment", 0, "variables"), {"DB_PASSWORD": "hunter2"}, None),
        # By its looks.
        ("aws_instance", ("user_data",), "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", None),
        # About a secret, but none.
        ("aws_iam_account_password_policy", ("minimum_password_length",), 8, 8),
        ("aws_instance", ("metadata_options", 0, "http_tokens"), "optional", "optional"),
        ("aws_secretsmanager_secret", ("kms_key_id",), "alias/k", "alias/k"),
        ("aws_rds_cluster", ("manage_master_user_password",), False, False),
        ("no_such_type", ("name",), "x", "x"),
    ],
)
def test_secrets_are_withheld(type, path, value, shown):
    withheld = withhold(type, path, value)
    if shown is not None or value is None:
        assert withheld == shown
    assert "hunter2" not in str(withheld)
    assert "AKIA" not in str(withheld)


def test_an_unknown_stays_an_unknown():
    assert withhold("aws_db_instance", ("password",), SECRET) is SECRET
    assert withhold("aws_mq_broker", ("user",), [{"password": SECRET}]) == [{"password": SECRET}]
