from __future__ import annotations

import json

import pytest

from auditkit.model import Reference, Unknown
from auditkit.rules.policy import find_written, read_policy
from rules.subjects import ARN, FAIL, NO_VALUE, PASS, UNKNOWN, explain, judge, template

BLANK = {
    "sid": None,
    "effect": "Allow",
    "actions": [],
    "not_actions": [],
    "resources": [],
    "not_resources": [],
    "principals": [],
    "not_principals": [],
    "conditions": [],
    "public": False,
}


def read_statement(**elements):
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", **elements}}
    [statement] = read_policy(document)["statements"]
    return statement


def test_a_policy_has_lists_where_documents_may_have_single_values():
    document = {
        "Version": "2012-10-17",
        "Statement": {
            "Sid": "read",
            "Effect": "Allow",
            "Principal": {
                "AWS": ["arn:aws:iam::123456789012:root", "*"],
                "Service": "ec2.amazonaws.com",
            },
            "Action": "s3:GetObject",
            "Resource": ["a", "b"],
            "Condition": {
                "StringEquals": {"aws:SourceVpce": "vpce-1", "aws:SourceAccount": ["1", 2]},
                "Bool": {"aws:SecureTransport": True},
            },
        },
    }
    statement = {
        **BLANK,
        "sid": "read",
        "actions": ["s3:GetObject"],
        "resources": ["a", "b"],
        "principals": ["AWS:arn:aws:iam::123456789012:root", "*", "Service:ec2.amazonaws.com"],
        "conditions": [
            {"operator": "StringEquals", "key": "aws:SourceVpce", "values": ["vpce-1"]},
            {"operator": "StringEquals", "key": "aws:SourceAccount", "values": ["1", 2]},
            {"operator": "Bool", "key": "aws:SecureTransport", "values": [True]},
        ],
    }
    expected = {"version": "2012-10-17", "statements": [statement]}
    assert read_policy(document) == expected
    assert read_policy(json.dumps(document)) == expected
    assert read_policy(Unknown("x", document=document)) == expected


@pytest.mark.parametrize(
    ("principal", "principals"),
    [
        ("*", ["*"]),
        ({"AWS": "*"}, ["*"]),
        ({"AWS": ["*", "123456789012"]}, ["*", "AWS:123456789012"]),
        ({"Service": "*"}, ["Service:*"]),
        ({"Federated": "cognito"}, ["Federated:cognito"]),
        (None, []),
        ([], []),
    ],
)
def test_principals(principal, principals):
    assert read_statement(Principal=principal)["principals"] == principals
    assert read_statement(NotPrincipal=principal)["not_principals"] == principals


def test_other_elements():
    statement = read_statement(NotAction="iam:*", NotResource=["a"])
    assert statement == {**BLANK, "not_actions": ["iam:*"], "not_resources": ["a"]}
    assert read_policy({"statement": [{"effect": "Deny", "ACTION": "a"}]}) == {
        "version": None,
        "statements": [{**BLANK, "effect": "Deny", "actions": ["a"]}],
    }


@pytest.mark.parametrize("absent", [None, "", "  ", {}, "{}", '{"Statement": []}'])
def test_an_absent_policy_has_no_statements(absent):
    assert read_policy(absent)["statements"] == []
    assert judge({"x": {"policy": {"none": "statements"}}}, x=absent) is PASS


@pytest.mark.parametrize(
    "value", ["{", "[]", "7", '"text"', NO_VALUE, ARN, template("{", NO_VALUE), "[" * 100_000]
)
def test_what_cannot_be_read_is_unknown(value):
    assert isinstance(read_policy(value), Unknown)
    assert judge({"x": {"policy": {"none": "statements"}}}, x=value) is UNKNOWN


def test_a_statement_that_is_no_object_is_unknown():
    [first, second] = read_policy({"Statement": ["x", NO_VALUE]})["statements"]
    assert isinstance(first, Unknown)
    assert second is NO_VALUE
    assert read_policy({"Statement": NO_VALUE})["statements"] is NO_VALUE


def test_holes_in_the_text_are_unknown_where_they_stand():
    text = template(
        '{"Statement": [{"Effect": "Allow", "Action": "',
        NO_VALUE,
        '", "Resource": ["arn:aws:s3:::',
        ARN,
        '/*", "\\"',
        NO_VALUE,
        '"], "Principal": ',
        NO_VALUE,
        ', "Condition": {"StringEquals": {"',
        NO_VALUE,
        ':aud": "sts.amazonaws.com"}}}]}',
    )
    [statement] = read_policy(text)["statements"]
    assert statement["effect"] == "Allow"
    assert statement["actions"] is NO_VALUE
    assert statement["principals"] is NO_VALUE
    first, second = statement["resources"]
    assert first.parts == ("arn:aws:s3:::", ARN, "/*")
    assert first.references == ARN.references
    assert second.parts == ('"', NO_VALUE)
    [condition] = statement["conditions"]
    assert condition["key"].parts[1] == ":aud"
    assert isinstance(statement["public"], Unknown)


def test_holes_in_keys_do_not_swallow_each_other():
    text = template(
        '{"Statement": {"Condition": {"StringEquals": {"',
        NO_VALUE,
        ':aud": "a", "',
        NO_VALUE,
        ':aud": "b"}}}}',
    )
    [statement] = read_policy(text)["statements"]
    assert [condition["values"] for condition in statement["conditions"]] == [["a"], ["b"]]


def test_unknown_elements_of_a_statement():
    assert read_statement(Action=NO_VALUE)["actions"] is NO_VALUE
    assert read_statement(Action=ARN)["actions"] == [ARN]
    assert read_statement(Action=["a", NO_VALUE])["actions"] == ["a", NO_VALUE]
    assert read_statement(Principal=NO_VALUE)["principals"] is NO_VALUE
    assert read_statement(Condition=NO_VALUE)["conditions"] is NO_VALUE
    [maybe_everyone] = read_statement(Principal={"AWS": NO_VALUE})["principals"]
    assert maybe_everyone is NO_VALUE
    [role] = read_statement(Principal={"AWS": ARN})["principals"]
    assert role.parts == ("AWS:", ARN)
    [service] = read_statement(Principal={"Service": NO_VALUE})["principals"]
    assert service.parts == ("Service:", NO_VALUE)
    condition = {"StringEquals": NO_VALUE, "Bool": {"a": "b"}}
    assert read_statement(Condition=condition)["conditions"] is NO_VALUE


ORG = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3"}}
YES, NO, MAYBE = True, False, "unknown"


def limited(operator, key, *values):
    return {operator: {key: list(values)}}


PUBLIC = [
    # elements of the statement, whether it is public
    ({"Principal": "*"}, YES),
    ({"Principal": {"AWS": "*"}}, YES),
    ({"Principal": {"AWS": ["123456789012", "*"]}}, YES),
    ({"Principal": {"AWS": "123456789012"}}, NO),
    ({"Principal": {"Service": "sns.amazonaws.com"}}, NO),
    ({"Principal": {"Service": "*"}}, NO),
    ({}, NO),
    ({"Principal": "*", "Effect": "Deny"}, NO),
    ({"Principal": "*", "Effect": None}, NO),
    ({"Principal": "*", "Effect": NO_VALUE}, MAYBE),
    ({"NotPrincipal": {"AWS": "123456789012"}}, YES),
    ({"NotPrincipal": {"AWS": "123456789012"}, "Effect": "Deny"}, NO),
    ({"NotPrincipal": NO_VALUE}, MAYBE),
    ({"Principal": NO_VALUE}, MAYBE),
    ({"Principal": {"AWS": NO_VALUE}}, MAYBE),
    ({"Principal": {"AWS": [NO_VALUE, "*"]}}, YES),
    ({"Principal": {"AWS": ARN}}, NO),
    ({"Principal": {"AWS": template("arn:aws:iam::", NO_VALUE, ":root")}}, NO),
    ({"Principal": NO_VALUE, "Condition": ORG}, NO),
    ({"Principal": "*", "Condition": ORG}, NO),
    ({"Principal": "*", "Condition": {}}, YES),
    ({"Principal": "*", "Condition": NO_VALUE}, MAYBE),
]

CONDITIONS = [
    # the condition of a statement whose principal is everyone, whether it is public
    (limited("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3"), NO),
    (limited("stringequals", "AWS:principalorgid", "o-a1b2c3"), NO),
    (limited("StringLike", "aws:PrincipalOrgID", "o-*"), YES),
    (limited("StringLike", "aws:PrincipalOrgID", "*"), YES),
    (limited("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3", "*"), YES),
    (limited("StringEquals", "aws:PrincipalOrgID"), YES),
    (limited("StringEquals", "aws:PrincipalOrgID", ""), YES),
    (limited("StringNotEquals", "aws:PrincipalOrgID", "o-a1b2c3"), YES),
    (limited("StringEqualsIfExists", "aws:PrincipalOrgID", "o-a1b2c3"), YES),
    (limited("ForAllValues:StringEquals", "aws:PrincipalOrgID", "o-a1b2c3"), YES),
    (limited("ForAnyValue:StringEquals", "aws:PrincipalOrgID", "o-a1b2c3"), NO),
    (limited("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3/r-ab12/*"), NO),
    (limited("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-*/r-ab12/*"), YES),
    (limited("Null", "aws:PrincipalOrgID", "false"), YES),
    (limited("Bool", "aws:SecureTransport", "true"), YES),
    (limited("Bool", "elasticfilesystem:AccessedViaMountTarget", "true"), NO),
    (limited("Bool", "elasticfilesystem:AccessedViaMountTarget", "false"), YES),
    (limited("StringEquals", "s3:prefix", "home"), YES),
    (limited("StringEquals", "aws:PrincipalTag/team", "web"), YES),
    (limited("StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com"), YES),
    (limited("StringEquals", "kms:CallerAccount", "123456789012"), NO),
    (limited("StringEquals", "kms:CallerAccount", 123456789012), NO),
    (limited("StringEquals", "aws:SourceAccount", "${aws:PrincipalAccount}"), YES),
    (limited("StringEquals", "s3:DataAccessPointAccount", "123456789012"), NO),
    (
        limited(
            "StringLike", "s3:DataAccessPointArn", "arn:aws:s3:eu-west-1:123456789012:accesspoint/*"
        ),
        NO,
    ),
    (limited("ArnLike", "aws:SourceArn", "arn:aws:sns:*:123456789012:*"), NO),
    (limited("ArnLike", "aws:SourceArn", "arn:aws:sns:eu-west-1:*:topic"), YES),
    (limited("ArnLike", "aws:SourceArn", "arn:aws:s3:::bucket"), NO),
    (limited("ArnLike", "aws:SourceArn", "arn:aws:s3:::bucket*"), YES),
    (limited("ArnLike", "aws:SourceArn", "arn:*"), YES),
    (limited("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/*"), NO),
    (limited("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/deploy"), YES),
    (limited("IpAddress", "aws:SourceIp", "203.0.113.0/24"), NO),
    (limited("IpAddress", "aws:SourceIp", "10.0.0.0/8"), NO),
    (limited("IpAddress", "aws:SourceIp", "0.0.0.0/0"), YES),
    (limited("IpAddress", "aws:SourceIp", "203.0.113.0/24", "::/0"), YES),
    (limited("IpAddress", "aws:SourceIp", "0.0.0.0/1"), YES),
    (limited("IpAddress", "aws:SourceIp", "anything"), YES),
    (limited("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"), YES),
    ({"Bool": {"aws:SecureTransport": "true"}, **ORG}, NO),
    # unknown values
    (limited("StringEquals", "aws:PrincipalOrgID", NO_VALUE), MAYBE),
    (limited("StringEquals", "aws:PrincipalOrgID", NO_VALUE, "*"), YES),
    (limited("StringEquals", "aws:PrincipalOrgID", NO_VALUE, "o-a1b2c3"), MAYBE),
    ({"StringEquals": {"aws:PrincipalOrgID": NO_VALUE}}, MAYBE),
    ({"StringEquals": NO_VALUE}, MAYBE),
    ({"StringNotEquals": NO_VALUE}, MAYBE),
    ({"StringNotEquals": NO_VALUE, **ORG}, NO),
    (limited("StringEquals", "aws:PrincipalOrgID", ARN), NO),
    (limited("StringEquals", "aws:PrincipalOrgID", template("o-", NO_VALUE)), MAYBE),
    (limited("StringLike", "aws:PrincipalOrgID", template(NO_VALUE, "*")), YES),
    (limited("ArnLike", "aws:SourceArn", ARN), NO),
    (limited("ArnLike", "aws:SourceArn", NO_VALUE), MAYBE),
    (limited("ArnLike", "aws:SourceArn", template(ARN, "/*")), NO),
    (limited("ArnLike", "aws:SourceArn", template(NO_VALUE, "/*")), MAYBE),
    (limited("ArnLike", "aws:SourceArn", template("arn:aws:s3:::", NO_VALUE)), MAYBE),
    (limited("ArnLike", "aws:SourceArn", template("arn:aws:s3:::", ARN)), NO),
    (
        limited("ArnLike", "aws:SourceArn", template("arn:aws:sns:", NO_VALUE, ":123456789012:*")),
        NO,
    ),
    (limited("ArnLike", "aws:SourceArn", template("arn:aws:sns:*:", NO_VALUE, ":x")), MAYBE),
    (limited("IpAddress", "aws:SourceIp", NO_VALUE), MAYBE),
    (limited("IpAddress", "aws:SourceIp", template(NO_VALUE, "/32")), NO),
    (limited("IpAddress", "aws:SourceIp", template(ARN, "/8")), MAYBE),
    (
        {**limited("StringEquals", "aws:SourceVpce", NO_VALUE), "StringLike": ORG["StringEquals"]},
        NO,
    ),
]


@pytest.mark.parametrize(
    ("elements", "public"),
    [
        *PUBLIC,
        *(({"Principal": "*", "Condition": condition}, public) for condition, public in CONDITIONS),
    ],
)
def test_public_statements(elements, public):
    value = read_statement(**elements)["public"]
    assert (MAYBE if isinstance(value, Unknown) else value) == public


NO_PUBLIC = {"x": {"policy": {"none": {"of": "statements", "match": {"public": True}}}}}
NO_STAR = {
    "x": {
        "policy": {
            "none": {
                "of": "statements",
                "where": {"effect": "Allow"},
                "match": {"actions": {"covers": "iam:PassRole"}},
            }
        }
    }
}


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        ([], PASS),
        ([{"Effect": "Allow", "Action": "s3:*"}], PASS),
        ([{"Effect": "Deny", "Action": "*"}], PASS),
        ([{"Effect": "Allow", "Action": ["s3:*", "IAM:Pass*"]}], FAIL),
        ([{"Effect": "Allow", "Action": ["s3:*", NO_VALUE]}], UNKNOWN),
        ([{"Effect": "Allow", "Action": NO_VALUE}], UNKNOWN),
        ([{"Effect": NO_VALUE, "Action": "*"}], UNKNOWN),
        ([{"Effect": "Allow", "Action": NO_VALUE}, {"Effect": "Allow", "Action": "*"}], FAIL),
        ([NO_VALUE], UNKNOWN),
        (NO_VALUE, UNKNOWN),
    ],
)
def test_conditions_on_policies(statements, verdict):
    assert judge(NO_STAR, x={"Statement": statements}) is verdict


def test_evidence_points_into_the_document_as_it_is_written():
    statement = {"Effect": "Allow", "Action": ["s3:*", "iam:*"]}
    [(path, verdict, expected, actual)] = explain(NO_STAR, x=json.dumps({"Statement": [statement]}))
    assert path == ("x", "Statement", 0, "Action", 1)
    assert (verdict, actual) == (FAIL, "iam:*")
    assert expected == 'no pattern that covers "iam:PassRole"'
    [(path, *_)] = explain(NO_STAR, x={"Statement": {"Effect": "Allow", "Action": "*"}})
    assert path == ("x", "Statement", "Action")
    public = {"Effect": "Allow", "Principal": "*"}
    [(path, verdict, expected, actual)] = explain(NO_PUBLIC, x={"Statement": public})
    assert path == ("x", "Statement", "Principal")
    assert (verdict, actual) == (FAIL, "*")
    assert expected == "named principals, or a condition that limits them"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (("version",), ("version",)),
        (("statements",), ("Statement",)),
        (("statements", 1), ("Statement", 1)),
        (("statements", 1, "actions"), ("Statement", 1, "Action")),
        (("statements", 1, "actions", 0), ("Statement", 1, "Action", 0)),
        (("statements", 0, "actions", 0), ("Statement", 0, "Action")),
        (("statements", 0, "conditions", 0, "values"), ("Statement", 0, "Condition")),
        (("statements", 0, "resources"), ("Statement", 0)),
        (("statements", 7, "actions"), ("Statement", 7)),
    ],
)
def test_the_way_back_to_what_is_written(path, written):
    document = {
        "version": "2012-10-17",
        "Statement": [
            {"Action": "a", "Condition": {"Bool": {"x": "y"}}},
            {"Action": ["a", "b"]},
        ],
    }
    assert find_written(json.dumps(document), path)[0] == written


def test_the_way_back_from_the_unreadable_is_short():
    assert find_written(NO_VALUE, ("statements", 0)) == ((), NO_VALUE)


def test_what_makes_the_verdict_unknown_is_named():
    condition = {"StringEquals": {"aws:SourceAccount": NO_VALUE}}
    statement = {"Effect": "Allow", "Principal": {"AWS": ["*", ARN]}, "Condition": condition}
    [(path, verdict, _, actual)] = explain(NO_PUBLIC, x={"Statement": [statement]})
    assert (path, verdict) == (("x", "Statement", 0, "Principal"), UNKNOWN)
    assert actual.cause == NO_VALUE.cause


def test_references_in_the_text_are_kept():
    topic = Unknown("later", (Reference("aws_sns_topic.t", "arn"),), present=True)
    text = template('{"Statement": {"Effect": "Allow", "Resource": "', topic, '"}}')
    [statement] = read_policy(text)["statements"]
    assert statement["resources"] == [topic]
