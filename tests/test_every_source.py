"""One rule file, unchanged, over what is written, what Terraform believes, and what runs."""

from __future__ import annotations

import json

import pytest

from auditkit.engine import evaluate
from auditkit.linking import link
from auditkit.model import Inventory, Resource, Source, Unknown, Verdict
from auditkit.rulepack import load_rules
from auditkit.sources.terraform.code import read_text

RULES = """
bucket-versioned:
  resource: aws_s3_bucket
  require: {versioning.status: Enabled}
database-encrypted:
  resource: aws_db_instance
  when: {replicate_source_db: {exists: false}}
  require: {storage_encrypted: true}
no-ssh-from-anywhere:
  resource: aws_security_group
  require:
    none:
      of: ingress
      match:
        from_port: {lte: 22}
        to_port: {gte: 22}
        cidr_blocks: {contains: 0.0.0.0/0}
queue-key-rotates:
  resource: aws_sqs_queue
  require:
    related: {type: aws_kms_key, via: kms_master_key_id, match: {enable_key_rotation: true}}
group-used:
  resource: aws_security_group
  require:
    referenced_by: {types: aws_instance, via: vpc_security_group_ids}
topic-not-public:
  resource: aws_sns_topic
  require:
    policy:
      policy: {none: {of: statements, match: {public: true}}}
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    import yaml

    directory = tmp_path_factory.mktemp("rules")
    for id, rule in yaml.safe_load(RULES).items():
        rule |= {"id": id, "title": id, "severity": "high", "category": "encryption", "why": "x"}
        rule |= {"fix": {"advice": "x"}, "examples": {"pass": "x", "fail": "x"}}
        (directory / f"{id}.yaml").write_text(json.dumps(rule))
    return load_rules([directory], builtin=False).rules


def verdict(rule, inventory):
    """The worst verdict of the rule on anything in the inventory; ``None`` if on nothing."""
    evaluation = evaluate([rule], link(inventory), keep_passes=True)
    return min((finding.verdict for finding in evaluation.findings), default=None)


PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN

CODE = {
    "bucket-versioned": {
        PASS: """
            resource "aws_s3_bucket" "b" {}
            resource "aws_s3_bucket_versioning" "b" {
              bucket = aws_s3_bucket.b.id
              versioning_configuration {
                status = "Enabled"
              }
            }
            """,
        FAIL: """
            resource "aws_s3_bucket" "b" {
              versioning {
                enabled = false
              }
            }
            """,
        UNKNOWN: """
            variable "bucket" {}
            resource "aws_s3_bucket" "b" {}
            resource "aws_s3_bucket_versioning" "b" {
              bucket = var.bucket
              versioning_configuration {
                status = "Enabled"
              }
            }
            """,
    },
    "database-encrypted": {
        PASS: 'resource "aws_db_instance" "d" { storage_encrypted = "true" }',
        FAIL: 'resource "aws_db_instance" "d" {}',
        UNKNOWN: """
            variable "encrypted" {}
            resource "aws_db_instance" "d" { storage_encrypted = var.encrypted }
            """,
        None: """
            resource "aws_db_instance" "d" { replicate_source_db = "other" }
            """,
    },
    "no-ssh-from-anywhere": {
        PASS: """
            resource "aws_security_group" "g" {
              ingress {
                from_port   = 443
                to_port     = 443
                protocol    = "tcp"
                cidr_blocks = ["0.0.0.0/0"]
              }
            }
            """,
        FAIL: """
            variable "office" {}
            resource "aws_security_group" "g" {}
            resource "aws_security_group_rule" "r" {
              security_group_id = aws_security_group.g.id
              type              = "ingress"
              from_port         = 0
              to_port           = 1024
              protocol          = "tcp"
              cidr_blocks       = ["0.0.0.0/0", var.office]
            }
            """,
        UNKNOWN: """
            variable "office" {}
            resource "aws_security_group" "g" {}
            resource "aws_vpc_security_group_ingress_rule" "r" {
              security_group_id = aws_security_group.g.id
              from_port         = 22
              to_port           = 22
              ip_protocol       = "tcp"
              cidr_ipv4         = var.office
            }
            """,
    },
    "queue-key-rotates": {
        PASS: """
            resource "aws_kms_key" "k" { enable_key_rotation = true }
            resource "aws_sqs_queue" "q" { kms_master_key_id = aws_kms_key.k.arn }
            """,
        FAIL: """
            resource "aws_kms_key" "k" {}
            resource "aws_kms_alias" "a" { target_key_id = aws_kms_key.k.key_id }
            resource "aws_sqs_queue" "q" { kms_master_key_id = aws_kms_alias.a.name }
            """,
        UNKNOWN: """
            data "aws_kms_key" "k" { key_id = "alias/shared" }
            resource "aws_sqs_queue" "q" { kms_master_key_id = data.aws_kms_key.k.arn }
            """,
    },
    "group-used": {
        PASS: """
            resource "aws_security_group" "g" {}
            resource "aws_instance" "i" { vpc_security_group_ids = [aws_security_group.g.id] }
            """,
        FAIL: """
            resource "aws_security_group" "g" {}
            resource "aws_instance" "i" {}
            """,
        UNKNOWN: """
            variable "groups" {}
            resource "aws_security_group" "g" {}
            resource "aws_instance" "i" { vpc_security_group_ids = var.groups }
            """,
    },
    "topic-not-public": {
        PASS: 'resource "aws_sns_topic" "t" {}',
        FAIL: """
            resource "aws_sns_topic" "t" {}
            resource "aws_sns_topic_policy" "p" {
              arn = aws_sns_topic.t.arn
              policy = jsonencode({
                Statement = [{
                  Effect    = "Allow"
                  Principal = "*"
                  Action    = "sns:Publish"
                  Resource  = aws_sns_topic.t.arn
                }]
              })
            }
            """,
        UNKNOWN: """
            variable "policy" {}
            resource "aws_sns_topic" "t" { policy = var.policy }
            """,
    },
}


@pytest.mark.parametrize(
    ("rule", "expected"), [(rule, expected) for rule in CODE for expected in CODE[rule]]
)
def test_code(rules, rule, expected):
    assert verdict(rules[rule], read_text(CODE[rule][expected])) is expected


DENIED = Unknown("`s3:GetBucketVersioning` was denied")
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234"
GROUP = "sg-0123456789abcdef0"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:t"
PUBLIC = json.dumps(
    {"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*", "Resource": "*"}}
)
PRIVATE = PUBLIC.replace("*", "123456789012", 1)
OPEN = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}


def thing(type, id, **attributes):
    return Resource(type, f"{type}.{id}", {"id": id, **attributes}, id=id)


KNOWN = {
    "bucket-versioned": {
        PASS: [
            # What a state repeats of the bucket is older than its companion.
            thing("aws_s3_bucket", "b", bucket="b", versioning=[{"enabled": False}]),
            thing(
                "aws_s3_bucket_versioning",
                "b",
                bucket="b",
                versioning_configuration=[{"status": "Enabled", "mfa_delete": ""}],
            ),
        ],
        FAIL: [thing("aws_s3_bucket", "b", bucket="b", versioning=[{"enabled": False}])],
        UNKNOWN: [thing("aws_s3_bucket", "b", bucket="b", versioning=DENIED)],
    },
    "database-encrypted": {
        PASS: [thing("aws_db_instance", "d", storage_encrypted=True)],
        FAIL: [thing("aws_db_instance", "d", storage_encrypted=False)],
        UNKNOWN: [thing("aws_db_instance", "d", storage_encrypted=DENIED)],
        None: [thing("aws_db_instance", "d", replicate_source_db="other")],
    },
    "no-ssh-from-anywhere": {
        PASS: [thing("aws_security_group", GROUP, ingress=[])],
        FAIL: [
            thing("aws_security_group", GROUP, ingress=[]),
            thing(
                "aws_vpc_security_group_ingress_rule",
                "sgr-1",
                security_group_id=GROUP,
                ip_protocol="tcp",
                from_port=22,
                to_port=22,
                cidr_ipv4="0.0.0.0/0",
            ),
        ],
        UNKNOWN: [thing("aws_security_group", GROUP, ingress=[{**OPEN, "cidr_blocks": DENIED}])],
    },
    "queue-key-rotates": {
        PASS: [
            thing("aws_kms_key", "1234", arn=KEY, key_id="1234", enable_key_rotation=True),
            thing("aws_sqs_queue", "q", kms_master_key_id=KEY),
        ],
        FAIL: [
            thing("aws_kms_key", "1234", arn=KEY, key_id="1234", enable_key_rotation=False),
            thing("aws_kms_alias", "alias/k", name="alias/k", target_key_id="1234"),
            thing("aws_sqs_queue", "q", kms_master_key_id="alias/k"),
        ],
        UNKNOWN: [
            thing("aws_kms_key", "1234", arn=KEY, key_id="1234", enable_key_rotation=DENIED),
            thing("aws_sqs_queue", "q", kms_master_key_id="1234"),
        ],
    },
    "group-used": {
        PASS: [
            thing("aws_security_group", GROUP),
            thing("aws_instance", "i-1", vpc_security_group_ids=[GROUP]),
        ],
        FAIL: [
            thing("aws_security_group", GROUP),
            thing("aws_instance", "i-1", vpc_security_group_ids=["sg-1"]),
        ],
        UNKNOWN: [
            thing("aws_security_group", GROUP),
            thing("aws_instance", "i-1", vpc_security_group_ids=DENIED),
        ],
    },
    "topic-not-public": {
        PASS: [thing("aws_sns_topic", TOPIC, arn=TOPIC, policy=PRIVATE)],
        FAIL: [thing("aws_sns_topic", TOPIC, arn=TOPIC, policy=PUBLIC)],
        UNKNOWN: [thing("aws_sns_topic", TOPIC, arn=TOPIC, policy=DENIED)],
    },
}


@pytest.mark.parametrize("source", [Source.STATE, Source.LIVE])
@pytest.mark.parametrize(
    ("rule", "expected"), [(rule, expected) for rule in KNOWN for expected in KNOWN[rule]]
)
def test_state_and_live(rules, rule, expected, source):
    inventory = Inventory(source, "x", tuple(KNOWN[rule][expected]))
    assert verdict(rules[rule], inventory) is expected


@pytest.mark.parametrize(
    ("source", "covered", "expected"),
    [
        # Another state, or a root module of its own, may have the key.
        (Source.STATE, None, UNKNOWN),
        (Source.LIVE, frozenset({"aws_sqs_queue"}), UNKNOWN),
        (Source.LIVE, frozenset({"aws_sqs_queue", "aws_kms_key"}), FAIL),
        (Source.LIVE, None, FAIL),
    ],
)
def test_what_was_covered_decides_on_what_is_missing(rules, source, covered, expected):
    queue = thing("aws_sqs_queue", "q", kms_master_key_id=KEY)
    inventory = Inventory(source, "x", (queue,), covered=covered)
    assert verdict(rules["queue-key-rotates"], inventory) is expected
