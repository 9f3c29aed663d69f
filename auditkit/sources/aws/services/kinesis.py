"""Kinesis Data Streams: https://docs.aws.amazon.com/kinesis/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType, Metric

_DIMENSIONS = {"StreamName": "StreamName"}

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_kinesis_stream",
        listing=Call("kinesis:ListStreams", take="StreamSummaries"),
        id="StreamARN",
        arn="StreamARN",
        completing=(
            Call(
                "kinesis:DescribeStreamSummary",
                {"StreamARN": "StreamARN"},
                take="StreamDescriptionSummary",
                into=".",
            ),
            # A stream has fifty tags at most.
            Call(
                "kinesis:ListTagsForStream",
                {"StreamARN": "StreamARN", "Limit": "`50`"},
                take="Tags",
            ),
        ),
        attributes={
            "kms_key_id": "KeyId",
            "name": "StreamName",
            "retention_period": "RetentionPeriodHours",
            "shard_count": "StreamModeDetails.StreamMode != 'ON_DEMAND' && OpenShardCount || `0`",
            "shard_level_metrics": "EnhancedMonitoring[0].ShardLevelMetrics",
        },
        tags="ListTagsForStream",
        observed={
            "consumer_count": "ConsumerCount",
            "created": "StreamCreationTimestamp",
            "state": "StreamStatus",
        },
        metrics={
            "incoming_records": Metric(
                "AWS/Kinesis", "IncomingRecords", _DIMENSIONS, "Sum", days=30
            ),
            "records_read": Metric(
                "AWS/Kinesis", "GetRecords.Records", _DIMENSIONS, "Sum", days=30
            ),
        },
    ),
    LiveType(
        "aws_kinesis_resource_policy",
        each="aws_kinesis_stream",
        listing=Call(
            "kinesis:GetResourcePolicy",
            {"ResourceARN": "StreamARN"},
            take="Policy",
            absent=("ResourceNotFoundException",),
        ),
        id="_parent.StreamARN",
        # So AWS says that there is none.
        only="Item && Item != '{}'",
        attributes={"policy": "Item", "resource_arn": "_parent.StreamARN"},
    ),
)
