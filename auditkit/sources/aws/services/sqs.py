"""SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, tagged

# Without MaxResults, SQS lists a thousand queues and says nothing of the rest.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
_QUEUES = Call("sqs:ListQueues", {"MaxResults": "`1000`"}, take="QueueUrls")
_ATTRIBUTES = Call(
    "sqs:GetQueueAttributes",
    {"QueueUrl": "Item", "AttributeNames": "['All']"},
    take="Attributes",
    into="Attributes",
)
_DIMENSIONS = {"QueueName": "part(Item, '/', `-1`)"}

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_sqs_queue",
        listing=_QUEUES,
        id="Item",
        arn="text('arn:{}:sqs:{}:{}:{}', _partition, _region, part(Item, '/', `-2`),"
        " part(Item, '/', `-1`))",
        completing=(
            _ATTRIBUTES,
            tagged(),
        ),
        attributes={
            "content_based_deduplication": "Attributes.ContentBasedDeduplication == 'true'",
            "deduplication_scope": "Attributes.DeduplicationScope",
            "delay_seconds": "Attributes.DelaySeconds",
            "fifo_queue": "Attributes.FifoQueue == 'true'",
            "fifo_throughput_limit": "Attributes.FifoThroughputLimit",
            "kms_data_key_reuse_period_seconds": "not_null("
            "Attributes.KmsDataKeyReusePeriodSeconds, '300')",
            "kms_master_key_id": "Attributes.KmsMasterKeyId",
            "max_message_size": "Attributes.MaximumMessageSize",
            "message_retention_seconds": "Attributes.MessageRetentionPeriod",
            "name": "part(Item, '/', `-1`)",
            "policy": "Attributes.Policy",
            "receive_wait_time_seconds": "Attributes.ReceiveMessageWaitTimeSeconds",
            "redrive_allow_policy": "Attributes.RedriveAllowPolicy",
            "redrive_policy": "Attributes.RedrivePolicy",
            "sqs_managed_sse_enabled": "Attributes.SqsManagedSseEnabled",
            "url": "Item",
            "visibility_timeout_seconds": "Attributes.VisibilityTimeout",
        },
        tags=TAGS,
        observed={
            "dead_letters_to": "parse(Attributes.RedrivePolicy).deadLetterTargetArn",
            "created": "time(to_number(Attributes.CreatedTimestamp))",
            "messages": "to_number(Attributes.ApproximateNumberOfMessages)",
            "messages_delayed": "to_number(Attributes.ApproximateNumberOfMessagesDelayed)",
            "messages_in_flight": "to_number(Attributes.ApproximateNumberOfMessagesNotVisible)",
        },
        metrics={
            "received": Metric("AWS/SQS", "NumberOfMessagesReceived", _DIMENSIONS, "Sum", days=30),
            "sent": Metric("AWS/SQS", "NumberOfMessagesSent", _DIMENSIONS, "Sum", days=30),
        },
    ),
    *(
        LiveType(
            f"aws_sqs_queue_{name}",
            listing=_QUEUES,
            id="Item",
            completing=(_ATTRIBUTES,),
            only=f"Attributes.{member}",
            attributes={"queue_url": "Item", name: f"Attributes.{member}"},
        )
        for name, member in (
            ("policy", "Policy"),
            ("redrive_policy", "RedrivePolicy"),
            ("redrive_allow_policy", "RedriveAllowPolicy"),
        )
    ),
)
