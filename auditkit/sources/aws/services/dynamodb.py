"""DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, inside, tagged


def _key(kind: str) -> str:
    return f"KeySchema[?KeyType == '{kind}'].AttributeName | [0]"


def _metrics(dimensions: Mapping[str, str]) -> Mapping[str, Metric]:
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
    return {
        name: Metric("AWS/DynamoDB", metric, dimensions, "Sum", days=30)
        for name, metric in {
            "read_units": "ConsumedReadCapacityUnits",
            "write_units": "ConsumedWriteCapacityUnits",
        }.items()
    }


TYPES = (
    LiveType(
        "aws_dynamodb_table",
        listing=Call("dynamodb:ListTables", take="TableNames"),
        id="Item",
        arn="text('arn:{}:dynamodb:{}:{}:table/{}', _partition, _region, _account, Item)",
        completing=(
            Call("dynamodb:DescribeTable", {"TableName": "Item"}, take="Table", into="."),
            Call(
                "dynamodb:DescribeContinuousBackups",
                {"TableName": "Item"},
                take="ContinuousBackupsDescription.PointInTimeRecoveryDescription",
                into="Recovery",
            ),
            Call(
                "dynamodb:DescribeTimeToLive",
                {"TableName": "Item"},
                take="TimeToLiveDescription",
                into="TimeToLive",
            ),
            tagged(),
        ),
        attributes={
            "attribute": "AttributeDefinitions[].{name: AttributeName, type: AttributeType}",
            # A table that always was provisioned has no summary.
            "billing_mode": "BillingModeSummary.BillingMode || (TableArn && 'PROVISIONED')",
            "global_secondary_index": "GlobalSecondaryIndexes[].{name: IndexName,"
            f" hash_key: {_key('HASH')}, range_key: {_key('RANGE')},"
            " projection_type: Projection.ProjectionType,"
            " non_key_attributes: Projection.NonKeyAttributes,"
            " read_capacity: ProvisionedThroughput.ReadCapacityUnits,"
            " write_capacity: ProvisionedThroughput.WriteCapacityUnits,"
            " on_demand_throughput: block(OnDemandThroughput)[]"
            ".{max_read_request_units: MaxReadRequestUnits,"
            " max_write_request_units: MaxWriteRequestUnits}}",
            "hash_key": _key("HASH"),
            "local_secondary_index": "LocalSecondaryIndexes[].{name: IndexName,"
            f" range_key: {_key('RANGE')}, projection_type: Projection.ProjectionType,"
            " non_key_attributes: Projection.NonKeyAttributes}",
            "name": "Item",
            "point_in_time_recovery": "[{enabled: Recovery.PointInTimeRecoveryStatus == 'ENABLED',"
            " recovery_period_in_days: Recovery.RecoveryPeriodInDays}]",
            "range_key": _key("RANGE"),
            "read_capacity": "ProvisionedThroughput.ReadCapacityUnits",
            "replica": "Replicas",
            "replica.arn": "ReplicaArn",
            "replica.kms_key_arn": "KMSMasterKeyId",
            # Absent with the key that AWS owns and nobody sees.
            "server_side_encryption": "block(SSEDescription)[].{enabled: Status == 'ENABLED'"
            " || Status == 'UPDATING', kms_key_arn: KMSMasterKeyArn}",
            "stream_arn": "LatestStreamArn",
            "stream_enabled": "StreamSpecification.StreamEnabled",
            "stream_label": "LatestStreamLabel",
            "stream_view_type": "StreamSpecification.StreamViewType",
            "table_class": "TableClassSummary.TableClass || (TableArn && 'STANDARD')",
            "ttl": "[{enabled: TimeToLive.TimeToLiveStatus == 'ENABLED'"
            " || TimeToLive.TimeToLiveStatus == 'ENABLING',"
            " attribute_name: TimeToLive.AttributeName}]",
            "write_capacity": "ProvisionedThroughput.WriteCapacityUnits",
        },
        tags=TAGS,
        observed={
            "created": "CreationDateTime",
            # Of the first version of global tables, replicas are not told; that it is one, is.
            "global_table_version": "GlobalTableVersion",
            "item_count": "ItemCount",
            "size_bytes": "TableSizeBytes",
            "state": "TableStatus",
        },
        metrics=_metrics({"TableName": "Item"}),
    ),
    # What is read from an index does not count for its table.
    LiveType(
        "live_dynamodb_index",
        each="aws_dynamodb_table",
        listing=inside("GlobalSecondaryIndexes"),
        id="IndexArn",
        arn="IndexArn",
        attributes={"name": "IndexName", "table_name": "_parent.Item"},
        metrics=_metrics({"TableName": "_parent.Item", "GlobalSecondaryIndexName": "IndexName"}),
    ),
    LiveType(
        "aws_dynamodb_resource_policy",
        each="aws_dynamodb_table",
        listing=Call(
            "dynamodb:GetResourcePolicy",
            {"ResourceArn": "_arn"},
            absent=("PolicyNotFoundException",),
        ),
        id="_parent._arn",
        only="Policy",
        attributes={"resource_arn": "_parent._arn"},
    ),
)
