"""What a state says: instances, secrets, what is left over, and where it is written."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from plan_documents import only, write

from auditkit.engine import evaluate
from auditkit.errors import SourceError
from auditkit.linking import link
from auditkit.model import Source, Unknown, Verdict
from auditkit.rulepack import load_rules
from auditkit.sources.terraform.state import parse_state, read_state


def resource(type, name, *instances, **more):
    """An element of ``resources``; an instance is its attributes, or all of it if it has any."""
    return {
        "mode": "managed",
        "type": type,
        "name": name,
        "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
        "instances": [
            each if "attributes" in each else {"schema_version": 0, "attributes": each}
            for each in instances
        ],
        **more,
    }


def state(*resources, **members):
    return {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 7,
        "lineage": "0677b63c",
        "outputs": {},
        "resources": list(resources),
        **members,
    }


def read(document, **options):
    # As if it came from a file: nothing but JSON's types.
    return parse_state(json.loads(json.dumps(document)), **options)


def addresses(inventory):
    return [each.address for each in inventory.resources if each.type != "state"]


def unknown(value):
    assert isinstance(value, Unknown), value
    return value


# Instances


def test_attributes_are_as_they_are_without_nulls():
    attributes = {"id": "b", "bucket": "b", "acl": None, "policy": "", "versioning": []}
    inventory = read(state(resource("aws_s3_bucket", "b", attributes)))
    bucket = only(inventory)
    assert (bucket.source, bucket.type, bucket.id) == (Source.STATE, "aws_s3_bucket", "b")
    assert {name: bucket.attributes[name] for name in ("bucket", "policy", "versioning")} == {
        "bucket": "b",
        "policy": "",
        "versioning": [],
    }
    assert "acl" not in bucket.attributes
    assert bucket.attributes["terraform_state"] == [
        {"type": "aws_s3_bucket", "tainted": False, "deposed": None}
    ]


def test_addresses_have_the_keys_of_modules_and_instances():
    document = state(
        resource("aws_vpc", "v", {"id": "v"}),
        resource(
            "aws_subnet",
            "s",
            {"index_key": 0, "attributes": {"id": "a"}},
            {"index_key": 1, "attributes": {"id": "b"}},
        ),
        resource(
            "aws_subnet",
            "s",
            {"index_key": 'a"b.c', "attributes": {"id": "c"}},
            module='module.net["x"].module.inner',
        ),
    )
    assert addresses(read(document)) == [
        "aws_vpc.v",
        "aws_subnet.s[0]",
        "aws_subnet.s[1]",
        'module.net["x"].module.inner.aws_subnet.s["a\\"b.c"]',
    ]


def test_data_sources_are_left_out():
    document = state(resource("aws_ami", "a", {"id": "a"}, mode="data"))
    assert addresses(read(document)) == []


def test_values_of_older_providers_are_converted_as_terraform_does():
    # Version 3 of the provider: inline blocks, and numbers and booleans as texts.
    document = state(
        resource(
            "aws_s3_bucket",
            "b",
            {"id": "b", "force_destroy": "false", "versioning": [{"enabled": "true"}]},
        ),
        resource("aws_db_instance", "d", {"id": "d", "allocated_storage": "20"}),
    )
    _, bucket, database = read(document).resources
    assert bucket.attributes["force_destroy"] is False
    assert bucket.attributes["versioning"] == [{"enabled": True}]
    assert database.attributes["allocated_storage"] == 20


def test_tainted_and_deposed_objects():
    document = state(
        resource(
            "aws_instance",
            "i",
            {"attributes": {"id": "i-2"}, "status": "tainted"},
            {"attributes": {"id": "i-1"}, "deposed": "00aabbcc"},
        )
    )
    inventory = read(document)
    assert only(inventory).id == "i-2"
    assert only(inventory).attributes["terraform_state"][0]["tainted"] is True
    (left,) = inventory.removed
    assert (left.id, left.attributes["terraform_state"][0]["deposed"]) == ("i-1", "00aabbcc")
    assert inventory.resources[0].attributes["deposed"] == 1


def test_deposed_objects_are_judged_by_rules_on_states_alone():
    rules = load_rules().rules
    document = state(
        resource(
            "aws_ebs_volume",
            "v",
            {"attributes": {"id": "vol-1", "encrypted": False}, "deposed": "00aabbcc"},
        )
    )
    chosen = [rules[name] for name in ("ebs-volume-encrypted", "state-no-deposed")]
    findings = evaluate(chosen, link(read(document))).findings
    assert [(each.rule, each.verdict) for each in findings] == [("state-no-deposed", Verdict.FAIL)]


def test_outputs_are_resources():
    outputs = {"name": {"value": "b", "type": "string"}, "key": {"value": "k", "sensitive": True}}
    _, name, key = read(state(outputs=outputs)).resources
    assert (name.type, name.address, name.attributes) == (
        "output",
        "output.name",
        {"name": "name", "sensitive": False, "value": "b"},
    )
    assert unknown(key.attributes["value"]).sensitive


def test_the_state_as_a_whole():
    summary = read(state(resource("aws_vpc", "v", {"id": "v"}))).resources[0]
    assert (summary.type, summary.address) == ("state", "state")
    assert (summary.attributes["terraform_version"], summary.attributes["resources"]) == (
        "1.11.4",
        1,
    )


def test_what_terraform_shows_of_a_state_is_read_as_well():
    shown = {
        "address": "module.m.aws_ssm_parameter.p[0]",
        "mode": "managed",
        "type": "aws_ssm_parameter",
        "name": "p",
        "index": 0,
        "values": {"id": "p", "value": "hunter2", "tags": {"a": "hunter2"}},
        "sensitive_values": {"tags": {"a": True}},
        "tainted": True,
    }
    values = {
        "outputs": {"o": {"value": "hunter2", "sensitive": True}},
        "root_module": {"child_modules": [{"resources": [shown]}]},
    }
    inventory = read({"format_version": "1.0", "terraform_version": "1.11.4", "values": values})
    assert addresses(inventory) == ["output.o", "module.m.aws_ssm_parameter.p[0]"]
    assert inventory.resources[-1].attributes["terraform_state"][0]["tainted"] is True
    assert "hunter2" not in repr(inventory)


# Secrets


def path(*steps):
    """A path as ``sensitive_attributes`` has it."""
    return [
        {"type": "get_attr", "value": step}
        if isinstance(step, str)
        else {"type": "index", "value": {"value": step, "type": "number"}}
        for step in steps
    ]


KEY = {"type": "index", "value": {"value": "a", "type": "string"}}


@pytest.mark.parametrize(
    ("type", "attributes", "paths", "place"),
    [
        ("aws_instance", {"user_data": "hunter2"}, [path("user_data")], ["user_data"]),
        ("aws_instance", {"tags": {"a": "hunter2"}}, [[*path("tags"), KEY]], ["tags", "a"]),
        (
            "aws_instance",
            {"ebs_block_device": [{"snapshot_id": "x"}, {"snapshot_id": "hunter2"}]},
            [path("ebs_block_device", 1, "snapshot_id"), path("ebs_block_device", 7)],
            ["ebs_block_device", 1, "snapshot_id"],
        ),
        # By the provider's schema: a version of Terraform that did not write it down.
        ("aws_db_instance", {"password": "hunter2"}, [], ["password"]),
        ("aws_db_instance", {"password": "hunter2"}, None, ["password"]),
        ("aws_iam_access_key", {"secret": "hunter2"}, [], ["secret"]),
        # A path that cannot be read may be of anything.
        ("aws_instance", {"user_data": "hunter2"}, [[{"type": "new"}]], ["user_data"]),
        ("aws_instance", {"user_data": "hunter2"}, ["?"], ["user_data"]),
        ("random_password", {"result": "hunter2"}, [], ["result"]),
    ],
)
def test_what_is_sensitive_is_withheld(type, attributes, paths, place):
    instance = {"attributes": attributes, "sensitive_attributes": paths, "private": "aHVudGVyMg=="}
    inventory = read(state(resource(type, "x", instance)))
    value = only(inventory).attributes
    for step in place:
        value = value[step]
    assert unknown(value).sensitive
    assert value.present
    assert "hunter2" not in repr(inventory)


def test_what_is_beside_a_secret_stays():
    attributes = {"ebs_block_device": [{"snapshot_id": "x"}, {"snapshot_id": "hunter2"}]}
    paths = [path("ebs_block_device", 1, "snapshot_id")]
    instance = {"attributes": attributes, "sensitive_attributes": paths}
    inventory = read(state(resource("aws_instance", "x", instance)))
    assert only(inventory).attributes["ebs_block_device"][0] == {"snapshot_id": "x"}


def test_a_rule_can_ask_for_there_to_be_no_secret():
    rule = load_rules().rules["state-no-secret-value"]
    document = state(
        *(
            resource("aws_secretsmanager_secret_version", name, {"id": name, "secret_string": text})
            for name, text in (("written", "hunter2"), ("write_only", ""), ("absent", None))
        )
    )
    findings = evaluate([rule], link(read(document)), keep_passes=True).findings
    assert {each.address.rpartition(".")[2]: each.verdict for each in findings} == {
        "written": Verdict.FAIL,
        "write_only": Verdict.PASS,
        "absent": Verdict.PASS,
    }
    assert "hunter2" not in repr(findings)


# Places


def test_places_are_those_of_the_code(tmp_path):
    project = write(
        tmp_path,
        {
            "main.tf": 'module "m" {\n  source = "./m"\n}\n',
            "m/main.tf": 'resource "aws_ebs_volume" "v" {\n  size = 1\n  lifecycle {\n'
            "    prevent_destroy = true\n  }\n}\n",
        },
    )
    document = state(
        resource(
            "aws_ebs_volume", "v", {"id": "v", "size": 1, "encrypted": False}, module="module.m"
        ),
        resource("aws_ebs_volume", "old", {"id": "o"}, module="module.m"),
    )
    inventory = read(document, project=project)
    _, volume, old = inventory.resources
    assert (volume.location.file, volume.location.line) == ("m/main.tf", 1)
    assert volume.source_map.locate(("size",)).line == 2
    assert volume.attributes["lifecycle"] == [{"prevent_destroy": True}]
    assert old.location is None
    assert "not at hand" in unknown(old.attributes["lifecycle"]).cause
    (problem,) = inventory.problems
    assert "in no block of .: module.m.aws_ebs_volume.old" in problem.message


BUCKET = 'resource "aws_s3_bucket" "b" {}\n'


def test_a_file_is_of_the_root_module_that_keeps_it_there(tmp_path):
    backend = 'terraform {\n  backend "local" {\n    path = "../../states/dev.tfstate"\n  }\n}\n'
    project = write(
        tmp_path,
        {
            "live/dev/main.tf": backend + BUCKET,
            "live/prod/main.tf": BUCKET,
            "states/dev.tfstate": "",
        },
    )
    file = tmp_path / "states" / "dev.tfstate"
    file.write_text(json.dumps(state(resource("aws_s3_bucket", "b", {"id": "b"}))))
    inventory = read_state(str(file), project=project)
    assert inventory.name == "states/dev.tfstate"
    assert only(inventory).location.file == "live/dev/main.tf"
    assert inventory.resources[0].location.file == "states/dev.tfstate"


# What cannot be read


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (
            {"version": 3, "modules": []},
            "a state of version 3; Terraform 0.12 or later makes version 4",
        ),
        ({"version": 5}, "a state of version 5, and only 4 can be read"),
        ({"version": "4"}, "its `version` is no number"),
        ({"version": True}, "its `version` is no number"),
        ({"version": None}, "its `version` is no number"),
        ({"resources": []}, "this is no Terraform state: it has no `version`"),
        ({}, "this is no Terraform state: it has no `version`"),
        ({"format_version": "1.2", "planned_values": {}}, "this is a plan; give it with --plan"),
        ({"meta": {}, "encrypted_data": "x", "encryption_version": "v0"}, "OpenTofu encrypted"),
    ],
)
def test_what_is_no_state_is_refused(document, told):
    with pytest.raises(SourceError) as caught:
        read(document)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it is empty"),
        (b"\x00\x01", "1:1: not JSON: expected a JSON object"),
        (b"\xff", "not JSON: it is not UTF-8 text"),
        (
            b'{"version": 4, "resources": [{"mode": "managed", ',
            "it is truncated, or was never complete",
        ),
        (b'{"version": 4, "resources": [1, ]}', "1:33: not JSON: expecting value"),
        (b'{"version": 4, "resources": [1,        ], "a": 1}', "not JSON: expecting value"),
        (b'{"version": 4, "a": fal', "it is truncated, or was never complete"),
        (b'{"version": 4}{', "1:15: not JSON: there is more after the document's end"),
        (b'{"version": 4, "a": NaN}', "1:21: not JSON: NaN is no number of JSON"),
        (b'{"version": 4, "a": ' + b"9" * 500 + b"}", "not JSON: a number of more than 400 digits"),
        (b'{"version": 4, "a": ' + b"[" * 500 + b"]" * 500 + b"}", "not JSON: nested too deeply"),
        (b'{"version": 4, "a": ' + b"[" * 100_000, "not JSON: nested too deeply"),
        (b"[4]", "1:1: not JSON: expected a JSON object"),
    ],
)
def test_what_is_no_document_is_refused(tmp_path, data, told):
    file = tmp_path / "terraform.tfstate"
    file.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        read_state(str(file))
    assert str(caught.value).startswith(f"{file}:")
    assert told in str(caught.value)


def test_what_cannot_be_used_is_left_out_and_told():
    document = state(
        resource("aws_s3_bucket", "b", {"id": "first"}),
        resource("aws_s3_bucket", "b", {"id": "second"}),
        resource("aws_s3_bucket", "flat", {"attributes": None, "attributes_flat": {"id": "x"}}),
        resource("aws_s3_bucket", "none", {"attributes": None}),
        resource("aws_s3_bucket", "key", {"attributes": {}, "index_key": 1.5}),
        resource("not a type", "b", {}),
        resource("aws_s3_bucket", "b", {}, module="module.a; rm -rf"),
        {"mode": "managed"},
        "text",
        outputs={"not a name": {}},
    )
    inventory = read(document)
    assert only(inventory).id == "first"
    told = {problem.kind: problem.message for problem in inventory.problems}
    assert told == {
        "malformed": "state: left out, because it cannot be read: output 'not a name',"
        " an instance of aws_s3_bucket.none, an instance of aws_s3_bucket.key and 4 more",
        "duplicate": "state: there more than once, of which the first counts: aws_s3_bucket.b",
        "old-format": "state: left out, because Terraform 0.11 wrote it and nothing since:"
        " aws_s3_bucket.flat; run `terraform apply -refresh-only`",
    }
    assert all(problem.incomplete for problem in inventory.problems)


def test_halves_of_characters_are_replaced(tmp_path):
    file = tmp_path / "terraform.tfstate"
    text = json.dumps(state(resource("aws_vpc", "v", {"id": "v", "tags": {"a": "\ud800"}})))
    file.write_text(text.replace('"v", "tags"', '"\\ud83d\\ude00", "tags"'))
    vpc = only(read_state(str(file)))
    assert vpc.attributes["tags"] == {"a": "?"}
    assert vpc.id == "\N{GRINNING FACE}"


def test_memory_grows_no_faster_than_the_file(tmp_path):
    """What is held at the most is a small multiple of the file, and does not depend on its size."""
    ratios = []
    for count in (300, 3000):
        attributes = {f"attribute_{number}": f"value {number}" for number in range(30)}
        file = tmp_path / f"{count}.tfstate"
        instances = (
            resource("aws_vpc", f"v{number}", {**attributes, "id": f"vpc-{number:x}"})
            for number in range(count)
        )
        file.write_text(json.dumps(state(*instances), indent=2))
        tracemalloc.start()
        inventory = read_state(str(file))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(inventory.resources) == count + 1
        ratios.append(peak / file.stat().st_size)
    assert ratios[1] < 2.5
    assert ratios[1] < ratios[0] * 1.1
