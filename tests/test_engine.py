from __future__ import annotations

import json
from dataclasses import dataclass, replace

import pytest

from auditkit.engine import evaluate, merge
from auditkit.identity import definition_of
from auditkit.linking import link
from auditkit.model import (
    Evidence,
    Fix,
    Inventory,
    Location,
    Reference,
    Resource,
    Rule,
    Severity,
    Source,
    Step,
    Unknown,
    Verdict,
)
from auditkit.rulepack import load_rules

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
NO_VALUE = Unknown("`var.encrypted` has no value")


@dataclass(frozen=True)
class Says:
    """A condition that wants attributes, or elements of one, to have a value."""

    attributes: tuple[str, ...] = ("storage_encrypted",)
    value: object = True

    def judge(self, subject):
        return min(judge(value, self.value) for _, value in self._values(subject))

    def explain(self, subject):
        for path, value in self._values(subject):
            yield Evidence(path, judge(value, self.value), str(self.value).lower(), value)

    def _values(self, subject):
        for name in self.attributes:
            value = subject.attribute(name)
            if isinstance(value, list):
                yield from (((name, index, "x"), item["x"]) for index, item in enumerate(value))
            else:
                yield (name,), value


def judge(value, wanted):
    return UNKNOWN if isinstance(value, Unknown) else PASS if value == wanted else FAIL


RULE = Rule(
    id="rds-storage-encrypted",
    title="RDS instance storage is encrypted",
    severity=Severity.HIGH,
    category="encryption",
    resources=("aws_db_instance",),
    require=Says(),
    when=None,
    why="",
    fix=Fix(""),
    aliases=("CKV_AWS_16",),
)


def type_of(address):
    return definition_of(address).rpartition(".")[0].rpartition(".")[2]


def database(address="aws_db_instance.db", line=None, file="main.tf", calls=(), **attributes):
    place = block = source_map = None
    if line is not None:
        place = Location(file, line, 1, line, 30)
        block = Location(file, line, 1, line + 9, 2)
        source_map = Map(file, line)
    return Resource(
        type_of(address),
        address,
        attributes,
        location=place,
        block=block,
        calls=calls,
        source_map=source_map,
    )


class Map:
    """Every attribute stands on the line after the one that is before it in the alphabet."""

    LINES = ("a", "b", "blocks", "storage_encrypted")

    def __init__(self, file, line):
        self.file, self.line = file, line

    def locate(self, path):
        line = self.line + 1 + self.LINES.index(path[0])
        line += 10 * path[1] if len(path) > 1 else 0
        return Location(self.file, line, 3, line, 20)

    def trace(self, path):
        return (Step(f"`var.{path[0]}`", Location(self.file, 99, 1, 99, 2)),)


def run(*resources, rule=RULE, source=Source.CODE, keep_passes=False, name="."):
    graph = link(Inventory(source, name, resources))
    return evaluate([rule], graph, keep_passes=keep_passes)


# Verdicts


@pytest.mark.parametrize(
    ("attributes", "verdict", "message"),
    [
        ({"storage_encrypted": True}, None, ""),
        (
            {"storage_encrypted": False},
            FAIL,
            "`storage_encrypted` is false, expected true",
        ),
        ({}, FAIL, "`storage_encrypted` is false by default, expected true"),
        ({"storage_encrypted": NO_VALUE}, UNKNOWN, "cannot tell: `var.encrypted` has no value"),
    ],
)
def test_verdicts_and_their_messages(attributes, verdict, message):
    evaluation = run(database(**attributes))
    assert evaluation.judged == 1
    assert [(f.verdict, f.message) for f in evaluation.findings] == (
        [] if verdict is None else [(verdict, message)]
    )
    assert bool(evaluation.passed) is (verdict is None)


@pytest.mark.parametrize(
    ("when", "require", "verdict", "cause"),
    [
        (True, True, PASS, None),
        (True, False, FAIL, "`storage_encrypted` is false, expected true"),
        (True, NO_VALUE, UNKNOWN, "cannot tell: `var.encrypted` has no value"),
        (False, False, None, None),
        (False, NO_VALUE, None, None),
        (Unknown("`var.when` has no value"), True, PASS, None),
        (Unknown("`var.when` has no value"), False, UNKNOWN, "`var.when` has no value"),
        (Unknown("`var.when` has no value"), NO_VALUE, UNKNOWN, "`var.when` has no value"),
    ],
)
def test_when_decides_whether_a_rule_applies(when, require, verdict, cause):
    rule = replace(RULE, when=Says(("a",)))
    evaluation = run(database(a=when, storage_encrypted=require), rule=rule)
    assert evaluation.judged == (verdict is not None)
    assert [f.verdict for f in evaluation.findings] == ([verdict] if cause else [])
    if cause:
        assert cause in evaluation.findings[0].message


def test_a_rule_sees_its_types_only():
    assert run(database("aws_db_snapshot.db")).judged == 0
    globbed = replace(RULE, resources=("aws_db_*",))
    assert run(database("aws_db_snapshot.db"), database(), rule=globbed).judged == 2


def test_a_rule_may_be_restricted_to_sources():
    live = replace(RULE, sources=frozenset({Source.LIVE}))
    assert run(database(), rule=live).judged == 0
    assert run(database(), rule=live, source=Source.LIVE).judged == 1


def test_passes_are_findings_on_request():
    evaluation = run(database(line=3, storage_encrypted=True), keep_passes=True)
    (finding,) = evaluation.findings
    assert (finding.verdict, finding.message) == (PASS, RULE.title)
    assert finding.location.line == 3
    assert finding.actual is None


# Places


def test_a_finding_has_its_place_and_the_way_of_its_value():
    call = Location("main.tf", 50, 1, 55, 2)
    (finding,) = run(database(line=3, calls=(call,), storage_encrypted=False)).findings
    assert finding.location == Location("main.tf", 7, 3, 7, 20)
    assert finding.block == Location("main.tf", 3, 1, 12, 2)
    assert finding.calls == (call,)
    assert [step.text for step in finding.chain] == ["`var.storage_encrypted`"]
    assert (finding.attribute, finding.actual, finding.expected) == (
        "storage_encrypted",
        False,
        "true",
    )
    assert (finding.rule, finding.aliases) == (RULE.id, RULE.aliases)


@pytest.mark.parametrize("source", [Source.PLAN, Source.STATE, Source.LIVE])
def test_resources_without_a_file_are_judged_too(source):
    (finding,) = run(database(storage_encrypted=False), source=source).findings
    assert finding.location is None
    assert finding.source is source


def test_each_wrong_element_is_a_finding():
    rule = replace(RULE, require=Says(("blocks",)))
    blocks = [{"x": False}, {"x": True}, {"x": False}]
    first, second = run(database(line=1, blocks=blocks), rule=rule).findings
    assert (first.attribute, second.attribute) == ("blocks[0].x", "blocks[2].x")
    assert (first.location.line, second.location.line) == (4, 24)


def test_wrong_attributes_of_one_block_are_one_finding():
    rule = replace(RULE, require=Says(("a", "b")))
    (finding,) = run(database(line=1, a=False), rule=rule).findings
    assert finding.message == "`a` is false, expected true; `b` is not set, expected true"
    assert finding.attribute == "a"


def test_only_what_decided_is_told():
    rule = replace(RULE, require=Says(("a", "b", "storage_encrypted")))
    attributes = {"a": True, "b": NO_VALUE, "storage_encrypted": False}
    (finding,) = run(database(line=1, **attributes), rule=rule).findings
    assert finding.message == "`storage_encrypted` is false, expected true"


def test_a_condition_that_cannot_explain_itself_still_gives_a_finding():
    class Silent(Says):
        def explain(self, subject):
            return iter(())

    (finding,) = run(database(line=1), rule=replace(RULE, require=Silent())).findings
    assert finding.location.line == 1
    assert finding.message == "expected RDS instance storage is encrypted"


# Merging


def instances(*keys, **attributes):
    return [
        database(f"aws_db_instance.db[{key}]", line=3, storage_encrypted=False, **attributes)
        for key in keys
    ]


def test_instances_of_one_wrong_line_are_one_finding():
    (finding,) = merge(run(*instances(*range(40))).findings)
    assert len(finding.instances) == 40
    assert finding.address == finding.instances[0] == "aws_db_instance.db[0]"


def test_a_module_called_from_two_roots_is_one_finding():
    one = database("module.a.aws_db_instance.db", line=3, file="modules/db/main.tf")
    two = database('module.b["x"].aws_db_instance.db', line=3, file="modules/db/main.tf")
    findings = [*run(one, name="prod").findings, *run(two, name="dev").findings]
    (finding,) = merge(findings)
    assert finding.instances == (one.address, two.address)


def test_verdicts_are_not_merged():
    known, unknown = instances("0"), database("aws_db_instance.db[1]", line=3)
    unknown = replace(unknown, attributes={"storage_encrypted": NO_VALUE})
    findings = merge(run(*known, unknown).findings)
    assert [finding.verdict for finding in findings] == [FAIL, UNKNOWN]
    assert len({finding.fingerprint for finding in findings}) == 2


def test_without_files_the_definition_is_what_is_merged():
    findings = merge(
        run(
            database("aws_db_instance.db[0]"),
            database("aws_db_instance.db[1]"),
            database("aws_db_instance.other"),
            source=Source.PLAN,
        ).findings
    )
    assert [finding.address for finding in findings] == [
        "aws_db_instance.db[0]",
        "aws_db_instance.other",
    ]


def test_the_same_address_in_two_states_is_two_findings():
    findings = [
        finding
        for name in ("prod", "dev")
        for finding in run(database(), source=Source.STATE, name=name).findings
    ]
    first, second = merge(findings)
    assert first.fingerprint != second.fingerprint


def test_merged_findings_are_sorted_whatever_the_order_they_came_in():
    findings = run(
        database("aws_db_instance.b", line=30),
        database("aws_db_instance.a", line=3),
        database("aws_db_instance.c", line=1, file="a.tf"),
        database("aws_db_instance.d"),
    ).findings
    assert [f.address[-1] for f in merge(reversed(findings))] == ["c", "a", "b", "d"]
    assert merge(reversed(findings)) == merge(findings)


# Fingerprints


def fingerprint(*resources, **keywords):
    return merge(run(*resources, **keywords).findings)[0].fingerprint


BASE = fingerprint(database(line=3))


@pytest.mark.parametrize(
    "resource",
    [
        database(line=70),
        database("aws_db_instance.db[0]", line=3),
        database('aws_db_instance.db["a.b[c]"]', line=3),
        database("module.a[0].module.b.aws_db_instance.db", line=3),
        database(line=3, file="other.tf"),
        database(line=3, storage_encrypted=NO_VALUE),
    ],
)
def test_a_fingerprint_survives_moves(resource):
    assert len(BASE) == 32
    assert fingerprint(resource) == BASE


@pytest.mark.parametrize(
    ("resource", "keywords"),
    [
        (database("aws_db_instance.other", line=3), {}),
        (database(line=3, file="modules/db/main.tf"), {}),
        (database(line=3), {"rule": replace(RULE, id="other")}),
        (database(line=3, a=False), {"rule": replace(RULE, require=Says(("a",)))}),
    ],
)
def test_a_fingerprint_tells_findings_apart(resource, keywords):
    assert fingerprint(resource, **keywords) != BASE


def test_repeated_fingerprints_are_numbered_by_place():
    rule = replace(RULE, require=Says(("blocks",)))

    def fingerprints(*blocks):
        findings = merge(run(database(line=1, blocks=list(blocks)), rule=rule).findings)
        return [finding.fingerprint for finding in findings]

    good, bad = {"x": True}, {"x": False}
    two = fingerprints(bad, good, bad)
    assert len(set(two)) == 2
    assert fingerprints(good, bad) == two[:1]


@pytest.mark.parametrize(
    "address",
    [
        "arn:aws:rds:eu-west-1:123456789012:db:db[0]",
        "aws_key_pair/123456789012/eu-west-1/db[0]",
        "aws_key_pair/123456789012/eu-west-1/\ud800[0]",
    ],
)
def test_live_fingerprints_are_of_the_address(address):
    live = replace(database(), address=address, source=Source.LIVE)
    other = replace(live, address=address.replace("[0]", "[1]"))
    first, second = merge(run(live, other, source=Source.LIVE).findings)
    assert first.fingerprint != second.fingerprint
    assert first.fingerprint == fingerprint(live, source=Source.LIVE, name="elsewhere")


def test_a_companion_s_value_is_the_bucket_s_finding():
    rule = replace(RULE, resources=("aws_s3_bucket",), require=Says(("acl",), "private"))
    acl = Resource(
        "aws_s3_bucket_acl",
        "aws_s3_bucket_acl.a",
        {
            "bucket": Unknown("known after apply", (Reference("aws_s3_bucket.b", "id"),)),
            "acl": "public-read",
        },
        location=Location("acl.tf", 1, 1, 1, 5),
    )
    (finding,) = run(database("aws_s3_bucket.b", line=3), acl, rule=rule).findings
    assert finding.location == acl.location
    assert finding.address == "aws_s3_bucket.b"
    assert finding.block.file == "main.tf"
    assert finding.message == '`acl` is "public-read", expected private'


@pytest.mark.parametrize("source", [Source.LIVE, Source.STATE])
def test_without_a_place_a_companion_is_judged_with_its_bucket_alone(source):
    everyone = {
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
        ]
    }
    bucket = Resource("aws_s3_bucket", "bucket", {"bucket": "a"}, source, id="a")
    policy = Resource(
        "aws_s3_bucket_policy", "policy", {"bucket": "a", "policy": json.dumps(everyone)}, source
    )
    rule = load_rules().rules["s3-policy-not-public"]
    assert [each.address for each in run(bucket, policy, rule=rule, source=source).findings] == [
        "bucket"
    ]
    assert [each.address for each in run(policy, rule=rule, source=source).findings] == ["policy"]


def test_a_live_resource_that_stands_for_a_failed_listing_is_never_judged():
    denied = Unknown("rds:DescribeDBInstances was denied in eu-west-1")
    stand_in = Resource(
        "aws_db_instance",
        "aws_db_instance/1/eu-west-1",
        {"storage_encrypted": True},
        Source.LIVE,
        doubt=denied,
    )
    (finding,) = evaluate(
        [replace(RULE, require=Says())], link(Inventory(Source.LIVE, "1", (stand_in,)))
    ).findings
    assert finding.verdict is UNKNOWN
    assert denied.cause in finding.message


def test_something_unused_tells_where_uses_were_searched_and_what_it_costs():
    rule = load_rules().rules["ebs-volume-unused"]
    attributes = {
        "type": "gp3",
        "size": 100,
        "tags": {},
        "observed": {"created": "2020-01-01T00:00:00Z", "operator": None, "attachments": []},
    }
    volume = Resource("aws_ebs_volume", "arn:aws:ec2:us-east-1:1:volume/v", attributes, Source.LIVE)
    group = load_rules().rules["nat-gateway-unrouted"]
    observed = {"created": "2020-01-01T00:00:00Z", "state": "available"}
    gateway = Resource(
        "aws_nat_gateway",
        "arn:aws:ec2:us-east-1:1:natgateway/n",
        {"observed": observed},
        Source.LIVE,
    )
    table = Resource("aws_route_table", "arn:aws:ec2:us-east-1:1:route-table/r", {}, Source.LIVE)
    first, second = evaluate(
        [rule, group], link(Inventory(Source.LIVE, "1", (volume, gateway, table)))
    ).findings
    assert (second.rule, second.monthly_cost_usd, second.confidence) == (rule.id, 8.0, "medium")
    assert first.searched == (
        "aws_default_route_table (0)",
        "aws_route (0)",
        "aws_route_table (1)",
    )
