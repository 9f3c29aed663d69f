"""CloudTrail: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

_TAGS = Call(
    "cloudtrail:ListTags",
    {"ResourceIdList": "_batch"},
    take="ResourceTagList",
    key="ResourceId",
    by="_arn",
    size=20,
)

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_cloudtrail",
        # With shadow trails, an organization's trail is seen from its member accounts, too.
        listing=Call("cloudtrail:DescribeTrails", take="trailList"),
        id="TrailARN",
        arn="TrailARN",
        # A trail of all regions is told in each of them.
        only="HomeRegion == _region",
        completing=(
            Call("cloudtrail:GetTrailStatus", {"Name": "TrailARN"}),
            Call(
                "cloudtrail:GetEventSelectors",
                {"TrailName": "TrailARN"},
                # What every trail has, the provider does not count as selectors.
                when="HasCustomEventSelectors",
            ),
            Call(
                "cloudtrail:GetInsightSelectors",
                {"TrailName": "TrailARN"},
                take="InsightSelectors",
                absent=("InsightNotEnabledException",),
                when="HasInsightSelectors",
            ),
            _TAGS,
        ),
        attributes={
            "advanced_event_selector": "GetEventSelectors.AdvancedEventSelectors",
            "advanced_event_selector.field_selector": "FieldSelectors",
            "cloud_watch_logs_group_arn": "CloudWatchLogsLogGroupArn",
            "enable_log_file_validation": "LogFileValidationEnabled",
            "enable_logging": "GetTrailStatus.IsLogging",
            "event_selector": "GetEventSelectors.EventSelectors",
            "event_selector.data_resource": "DataResources",
            "insight_selector": "GetInsightSelectors",
            "s3_bucket_name": "S3BucketName",
            "s3_key_prefix": "S3KeyPrefix",
        },
        tags="ListTags[0].TagsList",
        observed={
            # Of an organization's trail, another account may be the owner.
            "account": "part(TrailARN, ':', `4`)",
            "last_delivery": "GetTrailStatus.LatestDeliveryTime",
            "last_delivery_error": "GetTrailStatus.LatestDeliveryError",
            "last_logs_delivery_error": "GetTrailStatus.LatestCloudWatchLogsDeliveryError",
            "started": "GetTrailStatus.StartLoggingTime",
            "stopped": "GetTrailStatus.StopLoggingTime",
        },
    ),
    LiveType(
        "aws_cloudtrail_event_data_store",
        listing=Call("cloudtrail:ListEventDataStores", take="EventDataStores"),
        id="EventDataStoreArn",
        arn="EventDataStoreArn",
        completing=(
            Call(
                "cloudtrail:GetEventDataStore", {"EventDataStore": "EventDataStoreArn"}, into="Get"
            ),
            _TAGS,
        ),
        attributes={
            # AWS no longer lists all that it still has members for.
            "advanced_event_selector": "Get.AdvancedEventSelectors",
            "advanced_event_selector.field_selector": "FieldSelectors",
            "billing_mode": "Get.BillingMode",
            "kms_key_id": "Get.KmsKeyId",
            "multi_region_enabled": "Get.MultiRegionEnabled",
            "organization_enabled": "Get.OrganizationEnabled",
            "retention_period": "Get.RetentionPeriod",
            "termination_protection_enabled": "Get.TerminationProtectionEnabled",
        },
        tags="ListTags[0].TagsList",
        observed={
            "created": "Get.CreatedTimestamp",
            # It is kept for a week after it was deleted.
            "state": "Get.Status",
        },
    ),
)
