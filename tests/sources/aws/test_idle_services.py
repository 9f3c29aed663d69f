"""What tells whether tables, queues, caches and databases are used, as far as moto lacks it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from answering import Answer, read

from auditkit.model import Resource, Unknown

CREATED = datetime(2025, 3, 1, 9, 30, tzinfo=timezone.utc)
TAGS: Mapping[str, Answer] = {"resourcegroupstaggingapi:GetResources": {}}
INDEX = "arn:aws:dynamodb:us-east-1:123456789012:table/orders/index/by-day"


def arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:us-east-1:123456789012:{name}"


def measured(**values: float) -> Answer:
    """CloudWatch's answer: a number for each metric that is named, nothing for others."""

    def answer(arguments: Mapping[str, Any]) -> Any:
        results = []
        for query in arguments["MetricDataQueries"]:
            value = values.get(query["MetricStat"]["Metric"]["MetricName"])
            points = [] if value is None else [value]
            moments = [arguments["EndTime"]] * len(points)
            results.append({"Id": query["Id"], "Timestamps": moments, "Values": points})
        return {"MetricDataResults": results}

    return answer


TABLES: Mapping[str, Answer] = {
    **TAGS,
    "dynamodb:ListTables": {"TableNames": ["orders"]},
    "dynamodb:DescribeTable": {
        "Table": {
            "TableName": "orders",
            "TableArn": arn("dynamodb", "table/orders"),
            "GlobalSecondaryIndexes": [{"IndexName": "by-day", "IndexArn": INDEX}],
        }
    },
    "dynamodb:DescribeContinuousBackups": {},
    "dynamodb:DescribeTimeToLive": {},
    "cloudwatch:GetMetricData": measured(ConsumedReadCapacityUnits=7.0),
}


def observed(resource: Resource) -> Any:
    return resource.attributes["observed"]


def test_indexes_of_tables_are_measured_by_themselves() -> None:
    asked: list[Any] = []

    def metrics(arguments: Mapping[str, Any]) -> Any:
        queries = arguments["MetricDataQueries"]
        asked.extend(query["MetricStat"]["Metric"]["Dimensions"] for query in queries)
        told: Any = measured(ConsumedReadCapacityUnits=7.0)
        return told(arguments)

    table = {**TABLES, "cloudwatch:GetMetricData": metrics}
    (index,) = read(table, "live_dynamodb_index")
    assert (index.id, index.attributes["table_name"]) == (INDEX, "orders")
    assert observed(index) == {"read_units": 7.0, "write_units": None}
    assert asked == 2 * [
        [
            {"Name": "TableName", "Value": "orders"},
            {"Name": "GlobalSecondaryIndexName", "Value": "by-day"},
        ]
    ]


def test_a_replica_of_the_first_global_tables_is_told_by_its_version_alone() -> None:
    told = {"Table": {"TableName": "orders", "GlobalTableVersion": "2017.11.29"}}
    (table,) = read({**TABLES, "dynamodb:DescribeTable": told}, "aws_dynamodb_table")
    assert observed(table)["global_table_version"] == "2017.11.29"
    (other,) = read(TABLES, "aws_dynamodb_table")
    assert observed(other)["global_table_version"] is None


def test_denied_table_leaves_open_what_its_indexes_are() -> None:
    table = {**TABLES, "dynamodb:DescribeTable": "AccessDeniedException"}
    (stand_in,) = read(table, "live_dynamodb_index")
    assert stand_in.doubt is not None
    assert "dynamodb:DescribeTable" in stand_in.doubt.cause


def test_queues_and_subscriptions_tell_their_dead_letter_queue() -> None:
    dead, topic = arn("sqs", "dead"), arn("sns", "alerts")
    policy = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 3})
    answers = {
        **TAGS,
        "sqs:ListQueues": {"QueueUrls": ["https://sqs.us-east-1.amazonaws.com/123456789012/work"]},
        "sqs:GetQueueAttributes": {"Attributes": {"RedrivePolicy": policy}},
        "sns:ListSubscriptions": {
            "Subscriptions": [{"SubscriptionArn": f"{topic}:1", "TopicArn": topic}]
        },
        "sns:GetSubscriptionAttributes": {"Attributes": {"RedrivePolicy": policy}},
        "cloudwatch:GetMetricData": measured(NumberOfMessagesSent=3.0),
    }
    subscription, queue = read(answers, "aws_sqs_queue", "aws_sns_topic_subscription")
    assert observed(subscription) == {"dead_letters_to": dead}
    assert observed(queue)["dead_letters_to"] == dead
    assert (observed(queue)["sent"], observed(queue)["received"]) == (3.0, None)


def test_only_memcached_tells_what_it_is_asked() -> None:
    clusters = [
        {"CacheClusterId": engine, "Engine": engine, "CacheClusterCreateTime": CREATED}
        for engine in ("memcached", "redis")
    ]
    memcached, redis = read(
        {
            **TAGS,
            "elasticache:DescribeCacheClusters": {"CacheClusters": clusters},
            "cloudwatch:GetMetricData": measured(CmdGet=5.0, CurrConnections=4.0),
        },
        "aws_elasticache_cluster",
    )
    assert (observed(memcached)["gets"], observed(memcached)["sets"]) == (5.0, None)
    assert observed(redis)["connections"] == 4.0
    assert isinstance(observed(redis)["gets"], Unknown)


def test_cluster_snapshots_of_all_engines_tell_who_they_are_shared_with() -> None:
    snapshots = [
        {
            "DBClusterSnapshotIdentifier": engine,
            "DBClusterSnapshotArn": arn("rds", f"cluster-snapshot:{engine}"),
            "DbClusterResourceId": "cluster-1",
            "Engine": engine,
            "SnapshotCreateTime": CREATED,
            "TagList": [{"Key": "keep", "Value": "by law"}],
        }
        for engine in ("aurora-mysql", "docdb", "neptune")
    ]
    shared = {"AttributeName": "restore", "AttributeValues": ["111111111111"]}
    types = [f"aws_{name}_cluster_snapshot" for name in ("db", "docdb", "neptune")]
    resources = read(
        {
            "rds:DescribeDBClusterSnapshots": {"DBClusterSnapshots": snapshots},
            "rds:DescribeDBClusterSnapshotAttributes": {
                "DBClusterSnapshotAttributesResult": {"DBClusterSnapshotAttributes": [shared]}
            },
        },
        *types,
    )
    assert [each.type for each in resources] == types
    for resource in resources:
        assert observed(resource) == {
            "created": "2025-03-01T09:30:00Z",
            "shared_with": ["111111111111"],
            "source_resource_id": "cluster-1",
            "tags": {"keep": "by law"},
        }


def test_endpoints_are_measured_by_their_variants() -> None:
    endpoint = arn("sagemaker", "endpoint/prices")
    variants = [
        {"VariantName": "all", "CurrentInstanceCount": 1},
        {
            "VariantName": "rare",
            "CurrentServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 1},
        },
    ]
    always, rare = read(
        {
            **TAGS,
            "sagemaker:ListEndpoints": {
                "Endpoints": [{"EndpointName": "prices", "EndpointArn": endpoint}]
            },
            "sagemaker:DescribeEndpoint": {"ProductionVariants": variants},
            "cloudwatch:GetMetricData": measured(Invocations=2.0),
        },
        "live_sagemaker_variant",
    )
    assert [each.attributes["name"] for each in (always, rare)] == ["all", "rare"]
    assert [each.attributes["is_serverless"] for each in (always, rare)] == [False, True]
    assert always.attributes["endpoint_name"] == "prices"
    assert observed(always) == {"invocations": 2.0}
