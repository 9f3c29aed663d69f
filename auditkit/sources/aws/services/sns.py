"""SNS: https://docs.aws.amazon.com/sns/latest/api/welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, tagged

_TOPICS = Call("sns:ListTopics", take="Topics")
_ATTRIBUTES = Call(
    "sns:GetTopicAttributes",
    {"TopicArn": "TopicArn"},
    take="Attributes",
    into="Attributes",
)
# Of a subscription that nobody confirmed, the list has these words instead of an ARN.
_CONFIRMED = "starts_with(SubscriptionArn, 'arn:')"

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_sns_topic",
        listing=_TOPICS,
        id="TopicArn",
        arn="TopicArn",
        completing=(
            _ATTRIBUTES,
            tagged(),
        ),
        attributes={
            **{
                f"{protocol.lower()}_{name}": f"Attributes.{protocol}{member}"
                for protocol in ("Application", "Firehose", "HTTP", "Lambda", "SQS")
                for name, member in (
                    ("failure_feedback_role_arn", "FailureFeedbackRoleArn"),
                    ("success_feedback_role_arn", "SuccessFeedbackRoleArn"),
                    ("success_feedback_sample_rate", "SuccessFeedbackSampleRate"),
                )
            },
            "archive_policy": "Attributes.ArchivePolicy",
            "beginning_archive_time": "Attributes.BeginningArchiveTime",
            "content_based_deduplication": "Attributes.ContentBasedDeduplication == 'true'",
            "delivery_policy": "Attributes.DeliveryPolicy",
            "display_name": "Attributes.DisplayName",
            "fifo_throughput_scope": "Attributes.FifoThroughputScope",
            "fifo_topic": "Attributes.FifoTopic == 'true'",
            "kms_master_key_id": "Attributes.KmsMasterKeyId",
            "name": "part(TopicArn, ':', `-1`)",
            "owner": "Attributes.Owner",
            "policy": "Attributes.Policy",
            "signature_version": "Attributes.SignatureVersion",
            "tracing_config": "Attributes.TracingConfig",
        },
        tags=TAGS,
        observed={
            "subscriptions_confirmed": "to_number(Attributes.SubscriptionsConfirmed)",
            "subscriptions_pending": "to_number(Attributes.SubscriptionsPending)",
        },
        metrics={
            "published": Metric(
                "AWS/SNS",
                "NumberOfMessagesPublished",
                {"TopicName": "part(TopicArn, ':', `-1`)"},
                "Sum",
                days=30,
            ),
        },
    ),
    LiveType(
        "aws_sns_topic_policy",
        listing=_TOPICS,
        id="TopicArn",
        completing=(_ATTRIBUTES,),
        # Every topic has a policy, and most have the one that SNS made.
        only="Attributes.Policy && !contains(Attributes.Policy, '__default_policy_ID')",
        attributes={
            "arn": "TopicArn",
            "owner": "Attributes.Owner",
            "policy": "Attributes.Policy",
        },
    ),
    LiveType(
        "aws_sns_topic_subscription",
        listing=Call("sns:ListSubscriptions", take="Subscriptions"),
        id=f"{_CONFIRMED} && SubscriptionArn"
        " || text('{}:pending:{}:{}', TopicArn, Protocol, Endpoint)",
        completing=(
            Call(
                "sns:GetSubscriptionAttributes",
                {"SubscriptionArn": "SubscriptionArn"},
                take="Attributes",
                into="Attributes",
                when=_CONFIRMED,
            ),
        ),
        attributes={
            "arn": f"{_CONFIRMED} && SubscriptionArn || `null`",
            "confirmation_was_authenticated": "Attributes.ConfirmationWasAuthenticated",
            "delivery_policy": "Attributes.DeliveryPolicy",
            "filter_policy": "Attributes.FilterPolicy",
            "filter_policy_scope": "Attributes.FilterPolicyScope",
            "owner_id": "Owner",
            "pending_confirmation": f"!{_CONFIRMED} || Attributes.PendingConfirmation == 'true'",
            "raw_message_delivery": "Attributes.RawMessageDelivery",
            "redrive_policy": "Attributes.RedrivePolicy",
            "replay_policy": "Attributes.ReplayPolicy",
            "subscription_role_arn": "Attributes.SubscriptionRoleArn",
        },
        observed={"dead_letters_to": "parse(Attributes.RedrivePolicy).deadLetterTargetArn"},
    ),
    LiveType(
        "aws_sns_topic_data_protection_policy",
        each="aws_sns_topic",
        listing=Call(
            "sns:GetDataProtectionPolicy",
            {"ResourceArn": "TopicArn"},
            take="DataProtectionPolicy",
        ),
        id="_parent.TopicArn",
        only="Item",
        attributes={"arn": "_parent.TopicArn", "policy": "Item"},
    ),
)
