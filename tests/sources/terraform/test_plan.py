"""What a plan says: values, what is unknown and why, actions, drift, and where it is written."""

from __future__ import annotations

import json

import pytest
from plan_documents import change, configuration, only, plan, read, references, refers, write

from auditkit.engine import evaluate
from auditkit.errors import SourceError
from auditkit.linking import link
from auditkit.model import Source, Unknown, Verdict
from auditkit.rulepack import load_rules
from auditkit.sources.terraform.plan import read_plan

BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'


def unknown(value):
    assert isinstance(value, Unknown), value
    return value


# Values


def test_planned_values_are_state_shaped_and_without_nulls():
    after = {"bucket": "b", "tags": None, "force_destroy": "true", "versioning": []}
    resource = only(read(plan(change("aws_s3_bucket.b", after=after))))
    assert (resource.source, resource.type, resource.id) == (Source.PLAN, "aws_s3_bucket", None)
    assert resource.attributes["bucket"] == "b"
    assert resource.attributes["force_destroy"] is True
    assert resource.attributes["versioning"] == []
    assert "tags" not in resource.attributes


def test_an_existing_object_keeps_its_id():
    state = {"id": "b", "bucket": "b"}
    resource = only(read(plan(change("aws_s3_bucket.b", "no-op", before=state, after=state))))
    assert resource.id == "b"


def test_unknown_at_any_depth_beside_what_is_known():
    after = {"ingress": [{"from_port": 22, "cidr_blocks": ["10.0.0.0/8", None]}, {"to_port": 1}]}
    marks = {"ingress": [{"cidr_blocks": [False, True]}, {"from_port": True}]}
    attributes = only(
        read(plan(change("aws_security_group.g", after=after, unknown=marks)))
    ).attributes
    first, second = attributes["ingress"]
    assert first["from_port"] == 22
    assert first["cidr_blocks"][0] == "10.0.0.0/8"
    assert unknown(first["cidr_blocks"][1]).cause == "`ingress.cidr_blocks` is known after apply"
    assert second["to_port"] == 1
    unknown(second["from_port"])


@pytest.mark.parametrize(
    ("type", "name", "is_absent"),
    [
        # AWS alone decides on it: unknown in code, too.
        ("aws_kms_key", "arn", False),
        ("aws_kms_key", "id", False),
        ("aws_kms_key", "tags_all", False),
        # The provider makes one up when nobody writes it.
        ("aws_security_group", "name_prefix", True),
        ("aws_db_instance", "kms_key_id", True),
        # It repeats what companions say.
        ("aws_s3_bucket", "versioning", True),
        ("aws_s3_bucket", "grant", True),
        # It may say more than its companions: a dynamic block leaves no trace in a plan.
        ("aws_security_group", "ingress", False),
        ("aws_lb", "access_logs", False),
        # Nothing is known of the type.
        ("random_pet", "id", False),
        ("random_pet", "separator", False),
    ],
)
def test_what_nobody_wrote_is_absent_unless_it_is_decided_elsewhere(type, name, is_absent):
    address = f"{type}.x"
    document = plan(
        change(address, after={}, unknown={name: True}),
        configuration=configuration((address, {})),
    )
    assert (name not in only(read(document)).attributes) is is_absent


def test_without_a_configuration_nothing_is_taken_for_unwritten():
    document = plan(change("aws_db_instance.d", after={}, unknown={"kms_key_id": True}))
    unknown(only(read(document)).attributes["kms_key_id"])


# References


def test_unknown_values_refer_to_what_the_configuration_says():
    document = plan(
        change("aws_sqs_queue.q", after={}, unknown={"kms_master_key_id": True}),
        configuration=configuration(
            ("aws_sqs_queue.q", {"kms_master_key_id": refers("aws_kms_key.k.arn", "aws_kms_key.k")})
        ),
    )
    value = only(read(document)).attributes["kms_master_key_id"]
    assert references(value) == [("aws_kms_key.k", "arn")]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            ["aws_kms_key.k[0].arn", "aws_kms_key.k[0]", "aws_kms_key.k"],
            [("aws_kms_key.k[0]", "arn")],
        ),
        (['aws_kms_key.k["a.b"].arn'], [('aws_kms_key.k["a.b"]', "arn")]),
        (["aws_kms_key.k", "each.key"], [("aws_kms_key.k", "")]),
        (["data.aws_kms_key.k.arn"], [("data.aws_kms_key.k", "arn")]),
        (["local.key", "path.module", "count.index"], []),
        (
            ["aws_kms_key.a.arn", "aws_kms_key.b.arn"],
            [("aws_kms_key.a", "arn"), ("aws_kms_key.b", "arn")],
        ),
    ],
)
def test_references_are_read_as_terraform_writes_them(names, expected):
    document = plan(
        change("aws_sqs_queue.q", after={}, unknown={"kms_master_key_id": True}),
        configuration=configuration(("aws_sqs_queue.q", {"kms_master_key_id": refers(*names)})),
    )
    assert references(only(read(document)).attributes["kms_master_key_id"]) == expected


def test_references_lead_through_variables_and_outputs_of_modules():
    inner = {
        **configuration(
            ("aws_sqs_queue.q", {"kms_master_key_id": refers("var.key")}),
        )["root_module"],
    }
    keys = {
        **configuration(
            ("aws_kms_key.k", {}),
            outputs={"arn": {"expression": refers("aws_kms_key.k.arn", "aws_kms_key.k")}},
        )["root_module"],
    }
    document = plan(
        change('module.q["a"].aws_sqs_queue.q', after={}, unknown={"kms_master_key_id": True}),
        change("module.keys[0].aws_kms_key.k", after={}),
        configuration=configuration(
            calls={
                "q": {
                    "expressions": {"key": refers("module.keys[0].arn", "module.keys")},
                    "module": inner,
                },
                "keys": {"module": keys},
            }
        ),
    )
    queue = next(each for each in read(document).resources if each.type == "aws_sqs_queue")
    found = references(queue.attributes["kms_master_key_id"])
    assert found == [("module.keys[0].aws_kms_key.k", "arn")]


def test_a_configuration_that_refers_to_itself_ends():
    document = plan(
        change("module.m.aws_sqs_queue.q", after={}, unknown={"kms_master_key_id": True}),
        configuration=configuration(
            calls={
                "m": {
                    "expressions": {"key": refers("module.m.out")},
                    "module": {
                        "resources": [
                            {
                                "address": "aws_sqs_queue.q",
                                "expressions": {"kms_master_key_id": refers("var.key")},
                            }
                        ],
                        "outputs": {"out": {"expression": refers("var.key")}},
                    },
                }
            }
        ),
    )
    assert references(only(read(document)).attributes["kms_master_key_id"]) == []


def test_linking_joins_companions_by_reference():
    document = plan(
        change("aws_s3_bucket.b", after={"bucket": "b"}, unknown={"id": True}),
        change(
            "aws_s3_bucket_versioning.v",
            after={"versioning_configuration": [{"status": "Enabled"}]},
            unknown={"bucket": True},
        ),
        configuration=configuration(
            ("aws_s3_bucket.b", {"bucket": {"constant_value": "b"}}),
            (
                "aws_s3_bucket_versioning.v",
                {"bucket": refers("aws_s3_bucket.b.id", "aws_s3_bucket.b")},
            ),
        ),
    )
    graph = link(read(document))
    assert graph.resources["aws_s3_bucket.b"].attribute("versioning") == [{"status": "Enabled"}]


# Secrets


@pytest.mark.parametrize(
    ("address", "after", "sensitive", "path"),
    [
        ("aws_ssm_parameter.p", {"value": "hunter2"}, {"value": True}, ["value"]),
        # By the provider's schema, without a mark.
        ("aws_db_instance.d", {"password": "hunter2"}, {}, ["password"]),
        # By its name, of a provider whose schema is not at hand.
        ("random_password.p", {"result": "hunter2"}, {}, ["result"]),
        ("tls_private_key.k", {"private_key_pem": "hunter2"}, {}, ["private_key_pem"]),
        ("vendor_thing.t", {"api_token": "hunter2"}, {}, ["api_token"]),
        # Inside a list of blocks.
        (
            "aws_instance.i",
            {"ebs_block_device": [{"tags": {"a": "hunter2"}}, {"tags": {"a": "b"}}]},
            {"ebs_block_device": [{"tags": {"a": True}}]},
            ["ebs_block_device", 0, "tags", "a"],
        ),
        # The whole of it, and a mark below what has no such place.
        ("aws_instance.i", {"user_data": "hunter2"}, True, ["user_data"]),
        ("aws_instance.i", {"user_data": "hunter2"}, {"user_data": {"x": True}}, ["user_data"]),
    ],
)
def test_what_is_sensitive_is_withheld(address, after, sensitive, path):
    inventory = read(plan(change(address, after=after, sensitive=sensitive)))
    value = only(inventory).attributes
    for step in path:
        value = value[step]
    assert unknown(value).sensitive
    assert value.present
    assert value.cause.endswith("is marked sensitive")
    assert "hunter2" not in repr(inventory)


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_that_a_sensitive_value_is_empty_stays_known(value):
    document = plan(
        change("aws_db_instance.d", after={"password": value}, sensitive={"password": True})
    )
    assert only(read(document)).attributes.get("password") == value


def test_secrets_are_withheld_from_what_goes_away_as_well():
    before = {"id": "p", "value": "hunter2"}
    document = plan(
        change("aws_ssm_parameter.p", "delete", before=before, before_sensitive={"value": True})
    )
    inventory = read(document)
    (removed,) = inventory.removed
    assert unknown(removed.attributes["value"]).sensitive
    assert "hunter2" not in repr(inventory)


# Actions


@pytest.mark.parametrize(
    ("actions", "is_removed", "flags"),
    [
        (["no-op"], False, set()),
        (["create"], False, {"creates"}),
        (["update"], False, {"updates"}),
        (["delete", "create"], False, {"replaces", "destroys"}),
        (["create", "delete"], False, {"replaces", "destroys"}),
        (["create", "forget"], False, {"replaces", "forgets"}),
        (["delete"], True, {"destroys"}),
        (["forget"], True, {"forgets"}),
        # What a newer Terraform may say is no reason to lose the resource.
        (["reconsider"], False, set()),
    ],
)
def test_actions(actions, is_removed, flags):
    state = {"id": "x", "engine": "mysql"}
    after = None if is_removed else {**state, "engine": "postgres"}
    inventory = read(plan(change("aws_db_instance.d", *actions, before=state, after=after)))
    resource = inventory.removed[0] if is_removed else only(inventory)
    (told,) = resource.attributes["terraform_plan"]
    names = ("creates", "updates", "replaces", "destroys", "forgets", "imports", "drifted")
    assert {name for name in names if told[name]} == flags
    assert told["type"] == "aws_db_instance"
    assert (told["changes"] == ["engine"]) is (len(actions) > 1 or actions == ["update"])


def test_why_and_what_forces_a_replacement():
    document = plan(
        change(
            "aws_db_instance.d",
            "delete",
            "create",
            before={"engine": "a"},
            after={"engine": "b"},
            action_reason="replace_because_cannot_update",
            replace_paths=[
                ["engine"],
                ["restore_to_point_in_time", 0, "use_latest_restorable_time"],
            ],
            previous_address="aws_db_instance.old",
            importing={"id": "x"},
        )
    )
    (told,) = only(read(document)).attributes["terraform_plan"]
    assert told["reason"] == "replace_because_cannot_update"
    assert told["replace_paths"] == [
        "engine",
        "restore_to_point_in_time[0].use_latest_restorable_time",
    ]
    assert (told["previous_address"], told["imports"]) == ("aws_db_instance.old", True)


def test_the_plan_as_a_whole_is_counted():
    document = plan(
        change("aws_sns_topic.a"),
        change("aws_sns_topic.b", "delete", "create", before={}, after={}),
        change("aws_sns_topic.c", "delete", before={}),
    )
    summary = read(document).resources[0]
    assert (summary.type, summary.address) == ("plan", "plan")
    counted = {name: summary.attributes[name] for name in ("creates", "replaces", "destroys")}
    assert counted == {"creates": 1, "replaces": 1, "destroys": 2}
    assert summary.attributes["terraform_version"] == "1.11.4"


@pytest.fixture(scope="module")
def rules():
    return load_rules().rules


def verdicts(inventory, rules, *names):
    evaluation = evaluate([rules[name] for name in names], link(inventory), keep_passes=True)
    return {(finding.rule, finding.address): finding.verdict for finding in evaluation.findings}


def test_only_rules_on_plans_judge_what_goes_away(rules):
    document = plan(
        change("aws_db_instance.old", "delete", before={"id": "o", "storage_encrypted": False}),
        change("aws_db_instance.new", after={"storage_encrypted": False}),
    )
    found = verdicts(read(document), rules, "rds-storage-encrypted", "plan-no-stateful-destroy")
    assert found == {
        ("rds-storage-encrypted", "aws_db_instance.new"): Verdict.FAIL,
        ("plan-no-stateful-destroy", "aws_db_instance.new"): Verdict.PASS,
        ("plan-no-stateful-destroy", "aws_db_instance.old"): Verdict.FAIL,
    }


def test_a_companion_that_goes_away_configures_nothing(rules):
    document = plan(
        change("aws_s3_bucket.b", "no-op", before={}, after={"id": "b", "bucket": "b"}),
        change(
            "aws_s3_bucket_versioning.b",
            "delete",
            before={"bucket": "b", "versioning_configuration": [{"status": "Enabled"}]},
        ),
    )
    assert verdicts(read(document), rules, "s3-versioning") == {
        ("s3-versioning", "aws_s3_bucket.b"): Verdict.FAIL
    }


def test_a_deposed_object_goes_beside_the_one_in_its_place():
    state = {"id": "i-2"}
    document = plan(
        change("aws_instance.i", "delete", before={"id": "i-1"}, deposed="byebye"),
        change("aws_instance.i", "no-op", before=state, after=state),
    )
    inventory = read(document)
    assert only(inventory).id == "i-2"
    (removed,) = inventory.removed
    assert (removed.id, removed.attributes["terraform_plan"][0]["deposed"]) == ("i-1", "byebye")


# Drift


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"tags": None}, {"tags": {}}),
        ({"policy": ""}, {"policy": None}),
        ({"bucket_key_enabled": None}, {"bucket_key_enabled": False}),
        ({"policy": '{"a": 1, "b": 2}'}, {"policy": '{"b":2,"a":1}'}),
        ({"security_groups": ["a", "b"]}, {"security_groups": ["b", "a"]}),
        ({"latest_restorable_time": "1"}, {"latest_restorable_time": "2"}),
    ],
)
def test_what_says_the_same_is_no_drift(before, after):
    document = plan(
        change("aws_db_instance.d", "no-op", before=after, after=after),
        resource_drift=[change("aws_db_instance.d", "update", before=before, after=after)],
    )
    (told,) = only(read(document)).attributes["terraform_plan"]
    assert (told["drifted"], told["drift_paths"]) == (False, [])


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        ({"publicly_accessible": False}, {"publicly_accessible": True}, ["publicly_accessible"]),
        ({"tags": {"a": "1", "b": "2"}}, {"tags": {"a": "1", "b": "3"}}, ["tags.b"]),
        (
            {"vpc_security_group_ids": ["a"]},
            {"vpc_security_group_ids": ["a", "b"]},
            ["vpc_security_group_ids"],
        ),
        ({"publicly_accessible": True}, {"publicly_accessible": None}, ["publicly_accessible"]),
        ({"id": "d"}, None, []),
    ],
)
def test_drift(before, after, paths):
    document = plan(
        change("aws_db_instance.d", "update", before=before, after=after or before),
        resource_drift=[change("aws_db_instance.d", "update", before=before, after=after)],
    )
    (told,) = only(read(document)).attributes["terraform_plan"]
    assert (told["drifted"], told["drift_paths"]) == (True, paths)


@pytest.mark.parametrize(("expressions", "is_drift"), [({}, False), ({"versioning": [{}]}, True)])
def test_what_repeats_a_companion_is_drift_only_if_it_is_written_itself(expressions, is_drift):
    before, after = {"versioning": [{"enabled": False}]}, {"versioning": [{"enabled": True}]}
    document = plan(
        change("aws_s3_bucket.b", "no-op", before=after, after=after),
        resource_drift=[change("aws_s3_bucket.b", "update", before=before, after=after)],
        configuration=configuration(("aws_s3_bucket.b", expressions)),
    )
    (told,) = only(read(document)).attributes["terraform_plan"]
    assert told["drifted"] is is_drift


# What a plan leaves alone


@pytest.mark.parametrize("part", ["planned_values", "prior_state"])
def test_what_the_plan_leaves_alone_is_there_as_well(part):
    values = {
        "root_module": {
            "child_modules": [
                {
                    "resources": [
                        {
                            "address": "module.m.aws_s3_bucket.b",
                            "mode": "managed",
                            "type": "aws_s3_bucket",
                            "name": "b",
                            "values": {"id": "b", "bucket": "b"},
                            "sensitive_values": {"bucket": True},
                        },
                        {"address": "data.aws_region.r", "mode": "data", "type": "aws_region"},
                    ]
                }
            ]
        }
    }
    document = plan(**{part: {"values": values} if part == "prior_state" else values})
    resource = only(read(document))
    assert resource.address == "module.m.aws_s3_bucket.b"
    assert unknown(resource.attributes["bucket"]).sensitive
    assert resource.attributes["terraform_plan"][0]["actions"] == ["no-op"]


def test_data_sources_are_left_out():
    entry = change("aws_ami.a", "read") | {"mode": "data", "address": "data.aws_ami.a"}
    assert len(read(plan(entry)).resources) == 1


def test_outputs_are_resources():
    document = plan(
        planned_values={
            "outputs": {
                "name": {"sensitive": False, "value": "b"},
                "key": {"sensitive": False},
                "password": {"sensitive": True, "value": "hunter2"},
            }
        },
        output_changes={"key": {"actions": ["create"], "after_unknown": True}},
        configuration=configuration(
            outputs={"key": {"expression": refers("aws_kms_key.k.arn", "aws_kms_key.k")}}
        ),
    )
    _, name, key, password = read(document).resources
    assert (name.type, name.address, name.attributes) == (
        "output",
        "output.name",
        {"name": "name", "sensitive": False, "value": "b"},
    )
    assert references(key.attributes["value"]) == [("aws_kms_key.k", "arn")]
    assert unknown(password.attributes["value"]).sensitive


# Places


def test_places_are_those_of_the_code(tmp_path):
    project = write(
        tmp_path,
        {
            "main.tf": 'module "m" {\n  source   = "./m"\n  for_each = toset(["x"])\n}\n',
            "m/main.tf": 'variable "encrypted" {\n  default = false\n}\n'
            'resource "aws_ebs_volume" "v" {\n  size      = 1\n  encrypted = var.encrypted\n}\n',
        },
    )
    document = plan(
        change('module.m["x"].aws_ebs_volume.v', after={"size": 1, "encrypted": False}),
        configuration=configuration(calls={"m": {}}),
    )
    volume = only(read(document, project))
    assert (volume.location.file, volume.location.line) == ("m/main.tf", 4)
    assert (volume.block.line, volume.block.end_line) == (4, 7)
    assert [call.file for call in volume.calls] == ["main.tf"]
    assert volume.source_map.locate(("encrypted",)).line == 6
    # What is not written stands where it would have to be.
    assert volume.source_map.locate(("kms_key_id",)).line == 4
    assert [step.text for step in volume.source_map.trace(("encrypted",))] == [
        "`var.encrypted` has this default"
    ]


def test_elements_are_found_whatever_their_order(tmp_path):
    project = write(
        tmp_path,
        {
            "main.tf": """
resource "aws_security_group" "g" {
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.1.0.0/16", "0.0.0.0/0"]
  }
}
"""
        },
    )
    blocks = [
        {
            "from_port": 22,
            "to_port": 22,
            "protocol": "tcp",
            "cidr_blocks": ["0.0.0.0/0", "10.1.0.0/16"],
        },
        {"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"]},
    ]
    document = plan(
        change("aws_security_group.g", after={"ingress": blocks}),
        configuration=configuration(("aws_security_group.g", {})),
    )
    source_map = only(read(document, project)).source_map
    place = source_map.locate(("ingress", 0, "cidr_blocks", 0))
    assert (place.line, place.column) == (13, 35)
    assert source_map.locate(("ingress", 1, "from_port")).line == 4


def test_instances_that_code_does_not_make_stand_with_the_others(tmp_path):
    project = write(tmp_path, {"main.tf": "\n" + BUCKET})
    document = plan(
        change("aws_s3_bucket.b", after={}),
        change("aws_s3_bucket.b[0]", "delete", before={"id": "x"}),
        configuration=configuration(("aws_s3_bucket.b", {})),
    )
    inventory = read(document, project)
    assert inventory.removed[0].location == only(inventory).location


def test_addresses_without_a_block_are_told(tmp_path):
    project = write(tmp_path, {"main.tf": BUCKET})
    document = plan(
        change("aws_s3_bucket.b", after={}),
        change("aws_s3_bucket.gone", after={}),
        configuration=configuration(("aws_s3_bucket.b", {})),
    )
    inventory = read(document, project)
    (problem,) = inventory.problems
    assert problem.message == ("plan: in no block of .: aws_s3_bucket.gone; is it of other code?")
    assert not problem.incomplete
    assert inventory.resources[-1].location is None


@pytest.mark.parametrize(
    ("file", "directory"), [("live/prod/plan.json", "live/prod"), ("plan.json", None), ("", None)]
)
def test_of_root_modules_with_the_same_blocks_the_one_beside_counts(tmp_path, file, directory):
    files = {f"live/{name}/main.tf": BUCKET for name in ("dev", "prod")}
    project = write(tmp_path, files)
    document = plan(
        change("aws_s3_bucket.b", after={}),
        configuration=configuration(("aws_s3_bucket.b", {})),
    )
    inventory = read(document, project, file=file)
    place = only(inventory).location
    assert (place.file if place else None) == (directory and f"{directory}/main.tf")
    told = [problem.message for problem in inventory.problems]
    expected = "several root modules may be its code: live/dev, live/prod; name the one that is"
    assert told == ([] if directory else [expected])


def test_code_that_has_little_in_common_is_not_taken(tmp_path):
    project = write(tmp_path, {"main.tf": BUCKET})
    names = ("a", "b", "c", "d")
    document = plan(
        *(change(f"aws_s3_bucket.{name}", after={}) for name in names),
        configuration=configuration(*((f"aws_s3_bucket.{name}", {}) for name in names)),
    )
    inventory = read(document, project)
    assert {each.location for each in inventory.resources} == {None}
    assert inventory.problems == ()


# What code adds


CODE = """
variable "environment" {
  default = "dev"
}
resource "aws_sns_topic" "t" {
  name = "t-${var.environment}"
}
resource "aws_sns_topic_policy" "t" {
  arn = aws_sns_topic.t.arn
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "*", Resource = aws_sns_topic.t.arn }
    ]
  })
}
resource "aws_s3_bucket" "b" {
  bucket = "${var.environment}-${aws_sns_topic.t.id}"
  lifecycle {
    prevent_destroy = true
  }
}
"""


@pytest.fixture
def enriched(tmp_path):
    project = write(tmp_path, {"main.tf": CODE})
    document = plan(
        change(
            "aws_sns_topic.t",
            after={"name": "t-prod"},
            unknown={"arn": True, "kms_master_key_id": True},
        ),
        change("aws_sns_topic_policy.t", after={}, unknown={"arn": True, "policy": True}),
        change("aws_s3_bucket.b", after={}, unknown={"bucket": True, "grant": True}),
        variables={"environment": {"value": "prod"}},
        configuration=configuration(
            ("aws_sns_topic.t", {}), ("aws_sns_topic_policy.t", {}), ("aws_s3_bucket.b", {})
        ),
    )
    return {each.address: each.attributes for each in read(document, project).resources}


def test_code_tells_the_known_parts_of_what_is_unknown(enriched):
    policy = unknown(enriched["aws_sns_topic_policy.t"]["policy"])
    assert policy.document["Statement"][0]["Principal"] == "*"
    assert unknown(enriched["aws_sns_topic_policy.t"]["arn"]).present


def test_code_is_evaluated_with_the_values_of_the_plan(enriched):
    assert unknown(enriched["aws_s3_bucket.b"]["bucket"]).parts[0] == "prod-"


def test_what_code_does_not_say_is_absent(enriched):
    assert "grant" not in enriched["aws_s3_bucket.b"]
    assert "kms_master_key_id" not in enriched["aws_sns_topic.t"]


def test_lifecycle_is_what_code_says(enriched):
    assert enriched["aws_s3_bucket.b"]["lifecycle"] == [{"prevent_destroy": True}]
    assert "lifecycle" not in enriched["aws_sns_topic.t"]


def test_without_code_lifecycle_is_unknown():
    resource = only(read(plan(change("aws_s3_bucket.b", after={}))))
    assert "not at hand" in unknown(resource.attributes["lifecycle"]).cause


def test_ignores_of_the_code_come_along(tmp_path):
    text = f'# auditkit:ignore s3-versioning reason="a cache"\n{BUCKET}'
    project = write(tmp_path, {"main.tf": text})
    document = plan(
        change("aws_s3_bucket.b", after={}),
        configuration=configuration(("aws_s3_bucket.b", {})),
    )
    assert [ignore.reason for ignore in read(document, project).ignores] == ["a cache"]


@pytest.mark.parametrize(
    "value", ["text", "${not.an.expression}", "%{ if }", 7, 1.5, True, ["a"], {"a": ["b"]}, ""]
)
def test_values_of_variables_are_no_expressions(tmp_path, value):
    code = 'variable "v" {}\noutput "v" {\n  value = { v = var.v, id = aws_sns_topic.t.id }\n}\n'
    project = write(tmp_path, {"main.tf": code + 'resource "aws_sns_topic" "t" {}\n'})
    document = plan(
        change("aws_sns_topic.t", after={}),
        planned_values={"outputs": {"v": {"sensitive": False}}},
        output_changes={"v": {"after_unknown": {"v": True, "id": True}}},
        variables={"v": {"value": value}},
        configuration=configuration(("aws_sns_topic.t", {})),
    )
    output = read(document, project).resources[-1]
    assert output.attributes["value"]["v"] == value


# What cannot be read


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is empty"),
        ("[]", "1:1: not JSON: expected a JSON object"),
        ('{"format_version": "1.2", ', "not JSON: it is truncated, or was never complete"),
        ('{"format_version": 1e999}', "1:20: not JSON: a number that is too large"),
        ("{}", "no plan as `terraform show -json` prints it"),
        ('{"format_version": "1.0"}', "there is no plan in it; make one with terraform plan -out"),
        (
            '{"format_version": "0.2", "planned_values": {}}',
            "plans of format '0.2' are not read, only 1.x (Terraform 1.1 on)",
        ),
        ('{"format_version": "2.0", "planned_values": {}}', "plans of format '2.0' are not read"),
        ('{"version": 4, "serial": 1}', "this is a state; give it with --state"),
        ('{"format_version": "1.0", "values": {}}', "this is a state; give it with --state"),
    ],
)
def test_what_is_no_plan_is_refused_in_one_line(tmp_path, text, told):
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(SourceError) as caught:
        read_plan(path)
    assert told in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(SourceError, match="plan.json: No such file or directory"):
        read_plan(tmp_path / "plan.json")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_plans_are_read_in_the_encodings_that_shells_write(tmp_path, encoding):
    path = tmp_path / "plan.json"
    document = plan(change("aws_s3_bucket.b", after={"bucket": "grün"}))
    path.write_text(json.dumps(document, ensure_ascii=False), encoding=encoding)
    assert only(read_plan(path)).attributes["bucket"] == "grün"


@pytest.mark.parametrize("members", [{"complete": False}, {"errored": True}])
def test_half_a_plan_leaves_the_scan_incomplete(members):
    (problem,) = read(plan(**members)).problems
    assert problem.incomplete


def test_what_stands_there_twice_or_cannot_be_read_is_told():
    document = plan(
        change("aws_s3_bucket.b", after={"bucket": "first"}),
        change("aws_s3_bucket.b", after={"bucket": "second"}),
        {"address": "not an address", "type": "aws_s3_bucket"},
        "no object",
        7,
        None,
        [],
    )
    inventory = read(document)
    assert only(inventory).attributes["bucket"] == "first"
    assert [problem.message for problem in inventory.problems] == [
        "plan: left out, because it cannot be read: element 2 of `resource_changes`,"
        " element 3 of `resource_changes`, element 4 of `resource_changes` and 2 more",
        "plan: there more than once, of which the first counts: aws_s3_bucket.b",
    ]
    assert all(problem.incomplete for problem in inventory.problems)


def test_a_binary_plan_needs_terraform(tmp_path, monkeypatch):
    path = tmp_path / "tfplan"
    path.write_bytes(b"PK\x03\x04rest")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="is needed: put it on PATH, or give what"):
        read_plan(path)


def test_a_binary_plan_is_shown_without_a_shell(tmp_path, monkeypatch):
    program = tmp_path / "bin" / "terraform"
    program.parent.mkdir()
    document = json.dumps(plan(change("aws_s3_bucket.b", after={"bucket": "b"})))
    program.write_text(f"#!/bin/sh\necho \"$@\" > arguments\ncat <<'END'\n{document}\nEND\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    path = tmp_path / "the $(touch plan)"
    path.write_bytes(b"PK\x03\x04rest")
    assert only(read_plan(path)).attributes["bucket"] == "b"
    assert (tmp_path / "arguments").read_text() == f"show -json -no-color {path}\n"
    assert not (tmp_path / "plan").exists()


def test_what_terraform_says_is_told_in_one_line(tmp_path, monkeypatch):
    program = tmp_path / "bin" / "terraform"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nprintf '╷\\n│ Error: no provider\\n│ more\\n╵\\n' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    path = tmp_path / "tfplan"
    path.write_bytes(b"PK\x03\x04rest")
    with pytest.raises(
        SourceError, match="terraform show -json failed: Error: no provider; or give"
    ):
        read_plan(path)
