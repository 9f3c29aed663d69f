"""Reports built by hand, with the source files that their findings point into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timezone

from auditkit.model import (
    Coverage,
    Evidence,
    Finding,
    Fix,
    Location,
    Problem,
    Report,
    Rule,
    Severity,
    Source,
    Status,
    Step,
    Subject,
    Unknown,
    Verdict,
)
from auditkit.reporters import RenderOptions

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=timezone.utc)
ROOT = "/checkout/infra"

SOURCES = {
    "main.tf": """\
module "db" {
  source    = "./modules/db"
  encrypted = var.encrypted
}

module "vpc" {
  source = "registry/vpc"
}

resource "aws_s3_bucket" "logs" {
  for_each = toset(["a", "b", "c"])
  bucket   = "logs-${each.key}"
}

resource "aws_security_group_rule" "open" {
\tdescription = "日本 office"
\tcidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]
}
""",
    "modules/db/main.tf": """\
resource "aws_db_instance" "this" {
  identifier        = "orders"
  password          = "correct horse battery staple"
  storage_encrypted = var.encrypted
}
""",
    "modules/db/variables.tf": """\
variable "encrypted" {
  default = false
}
""",
    "variables.tf": """\
variable "encrypted" {
  default = false
}
""",
    ".terraform/modules/vpc/main.tf": """\
resource "aws_vpc" "this" {
}
""",
    "broken.tf": 'resource "aws_sqs_queue" "q" {\n  name = \n}\n',
}


def read_source(file: str) -> str | None:
    return SOURCES.get(file)


def locate(file: str, text: str, *, nth: int = 1) -> Location:
    """Where the `nth` occurrence of `text`, which is of one line, stands in a file of `SOURCES`."""
    source = SOURCES[file]
    offset = -1
    for _ in range(nth):
        offset = source.index(text, offset + 1)
    line = source.count("\n", 0, offset) + 1
    column = offset - (source.rfind("\n", 0, offset) + 1) + 1
    return Location(file, line, column, line, column + len(text))


class Anything:
    """A condition that nobody asks."""

    def judge(self, subject: Subject) -> Verdict:
        raise AssertionError

    def explain(self, subject: Subject) -> Iterator[Evidence]:
        raise AssertionError


def rule(name: str, severity: Severity, category: str, **fields: object) -> Rule:
    values: dict[str, object] = {
        "id": name,
        "title": name.replace("-", " ").capitalize(),
        "severity": severity,
        "category": category,
        "resources": ("aws_db_instance",),
        "require": Anything(),
        "when": None,
        "why": "Somebody could read it.",
        "fix": Fix("Do what the rule says."),
    }
    return Rule(**{**values, **fields})  # type: ignore[arg-type]


RULES: Mapping[str, Rule] = {
    item.id: item
    for item in (
        rule(
            "rds-storage-encrypted",
            Severity.HIGH,
            "encryption",
            title="RDS instance storage is encrypted",
            why="An unencrypted disk or snapshot can be read by whoever obtains it.",
            fix=Fix(
                "Set storage_encrypted and restore the data from an encrypted snapshot.",
                {"storage_encrypted": True},
                replaces=True,
            ),
            links=(
                "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
            ),
            aliases=("CKV_AWS_16", "AVD-AWS-0080", "prowler:rds_instance_storage_encrypted"),
        ),
        rule("rds-no-literal-password", Severity.CRITICAL, "identity"),
        rule(
            "s3-versioning",
            Severity.MEDIUM,
            "resilience",
            resources=("aws_s3_bucket",),
            fix=Fix("Turn versioning on.", {"versioning.enabled": True}),
        ),
        rule(
            "security-group-not-open",
            Severity.CRITICAL,
            "exposure",
            resources=("aws_security_group_rule", "aws_security_group"),
            params={"ports": [22, 3389]},
        ),
        rule("vpc-flow-logs", Severity.LOW, "logging", resources=("aws_vpc",)),
        rule("tags-required", Severity.INFO, "tagging", resources=("aws_*",)),
    )
}


def finding(name: str, address: str, message: str, **fields: object) -> Finding:
    known = RULES.get(name)
    values: dict[str, object] = {
        "severity": known.severity if known else Severity.MEDIUM,
        "category": known.category if known else "encryption",
        "verdict": Verdict.FAIL,
        "source": Source.CODE,
        "aliases": known.aliases if known else (),
        "instances": (address,),
        "fingerprint": f"fp-{name}-{address}",
    }
    return Finding(rule=name, address=address, message=message, **{**values, **fields})  # type: ignore[arg-type]


DATABASE = "module.db.aws_db_instance.this"
CALL_OF_DB = locate("main.tf", 'module "db"')
CALL_OF_VPC = locate("main.tf", 'module "vpc"')

NOT_ENCRYPTED = finding(
    "rds-storage-encrypted",
    DATABASE,
    "`storage_encrypted` is false, expected true",
    location=locate("modules/db/main.tf", "var.encrypted"),
    calls=(CALL_OF_DB,),
    attribute="storage_encrypted",
    actual=False,
    expected="equals true",
    chain=(
        Step("`var.encrypted` is set by `module.db`", locate("main.tf", "var.encrypted")),
        Step("`var.encrypted` has its default", locate("variables.tf", "false")),
    ),
)
LITERAL_PASSWORD = finding(
    "rds-no-literal-password",
    DATABASE,
    '`password` is "correct horse battery staple", expected no literal',
    location=locate("modules/db/main.tf", '"correct horse battery staple"'),
    calls=(CALL_OF_DB,),
    attribute="password",
    actual="correct horse battery staple",
    expected="no literal",
)
NO_VERSIONING = finding(
    "s3-versioning",
    'aws_s3_bucket.logs["a"]',
    "`versioning` is not set, expected a block with `enabled` true",
    location=locate("main.tf", 'resource "aws_s3_bucket" "logs"'),
    attribute="versioning",
    expected="enabled equals true",
    instances=tuple(f'aws_s3_bucket.logs["{key}"]' for key in "abc"),
)
NO_TAGS = finding(
    "tags-required",
    'aws_s3_bucket.logs["a"]',
    "`tags` lacks the keys Owner and CostCenter",
    location=locate("main.tf", 'resource "aws_s3_bucket" "logs"'),
    attribute="tags",
    actual={"Environment": "prod"},
    expected="has the keys Owner, CostCenter, Environment",
    instances=tuple(f'aws_s3_bucket.logs["{key}"]' for key in "abc"),
)
OPEN_TO_ALL = finding(
    "security-group-not-open",
    "aws_security_group_rule.open",
    "`cidr_blocks` contains 0.0.0.0/0",
    location=locate("main.tf", '"0.0.0.0/0"'),
    attribute="cidr_blocks",
    actual=["10.0.0.0/8", "0.0.0.0/0"],
    expected="no public range",
)
NO_FLOW_LOGS = finding(
    "vpc-flow-logs",
    "module.vpc.aws_vpc.this",
    "no `aws_flow_log` refers to it",
    location=locate(".terraform/modules/vpc/main.tf", 'resource "aws_vpc" "this"'),
    calls=(CALL_OF_VPC,),
    expected="at least 1 aws_flow_log",
)
UNKNOWN_SIZE = finding(
    "rds-storage-encrypted",
    "aws_db_instance.other",
    "`storage_encrypted` cannot be told: `var.x` has no value",
    verdict=Verdict.UNKNOWN,
    location=locate("main.tf", 'resource "aws_security_group_rule" "open"'),
    actual=Unknown("`var.x` has no value"),
    expected="equals true",
)
WAIVED = finding(
    "vpc-flow-logs",
    "aws_vpc.lab",
    "no `aws_flow_log` refers to it",
    location=locate("main.tf", 'resource "aws_s3_bucket" "logs"'),
    status=Status.WAIVED,
    waiver="A lab without data, until 2027-01-31",
)
KNOWN_BEFORE = finding(
    "vpc-flow-logs",
    "aws_vpc.old",
    "no `aws_flow_log` refers to it",
    location=locate("main.tf", 'resource "aws_security_group_rule" "open"'),
    status=Status.BASELINE,
)
PASSED = finding(
    "vpc-flow-logs",
    "aws_vpc.good",
    "it is as it should be",
    verdict=Verdict.PASS,
    location=locate("main.tf", 'resource "aws_s3_bucket" "logs"'),
)
BROKEN = Problem(
    "syntax",
    "`name` has no value: write one, or remove the attribute",
    location=Location("broken.tf", 2, 10, 2, 11),
    snippet="  name = ",
)
BAD_IGNORE = Problem(
    "ignore",
    "the ignore of `s3-versionning` matches no rule (did you mean 's3-versioning'?)",
    location=locate("variables.tf", "default"),
    incomplete=False,
)

REPORT = Report(
    root=ROOT,
    rules=RULES,
    findings=(
        NO_FLOW_LOGS,
        NO_VERSIONING,
        NO_TAGS,
        WAIVED,
        PASSED,
        OPEN_TO_ALL,
        UNKNOWN_SIZE,
        KNOWN_BEFORE,
        LITERAL_PASSWORD,
        NOT_ENCRYPTED,
    ),
    problems=(BROKEN, BAD_IGNORE),
    coverage=Coverage(
        files=6,
        roots=(".",),
        resources=9,
        types={"aws_vpc": 4, "aws_s3_bucket": 3, "aws_db_instance": 2},
        rules=6,
        judged=24,
        notes=("module.cache: `registry/cache` is not downloaded; run `terraform init`",),
    ),
    counts={"pass": 1, "fail": 6, "unknown": 1, "waived": 1, "baseline": 1},
    complete=False,
)
CLEAN = replace(
    REPORT,
    findings=(),
    problems=(),
    coverage=replace(REPORT.coverage, notes=()),
    counts={"pass": 24, "fail": 0, "unknown": 0, "waived": 0, "baseline": 0},
    complete=True,
)


def options(**fields: object) -> RenderOptions:
    return RenderOptions(NOW, read_source, **fields)  # type: ignore[arg-type]


def report_of(*findings: Finding, **fields: object) -> Report:
    return replace(REPORT, findings=findings, **{"problems": (), "complete": True, **fields})  # type: ignore[arg-type]
