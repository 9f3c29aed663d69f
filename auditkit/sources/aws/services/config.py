"""Config: https://docs.aws.amazon.com/config/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

_TAGS = Call("config:ListTagsForResource", {"ResourceArn": "_arn"}, take="Tags")

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_config_configuration_recorder",
        listing=Call("config:DescribeConfigurationRecorders", take="ConfigurationRecorders"),
        id="name",
        # What AWS services record for themselves.
        owned_by_aws="servicePrincipal",
        attributes={"recording_mode.recording_mode_override": "recordingModeOverrides"},
    ),
    LiveType(
        "aws_config_configuration_recorder_status",
        listing=Call(
            "config:DescribeConfigurationRecorderStatus", take="ConfigurationRecordersStatus"
        ),
        id="name",
        owned_by_aws="servicePrincipal",
        attributes={"is_enabled": "recording"},
        observed={
            "last_error": "lastErrorCode",
            "last_status": "lastStatus",
            "started": "lastStartTime",
            "stopped": "lastStopTime",
        },
    ),
    LiveType(
        "aws_config_delivery_channel",
        listing=Call("config:DescribeDeliveryChannels", take="DeliveryChannels"),
        id="name",
        attributes={
            "snapshot_delivery_properties": "configSnapshotDeliveryProperties",
        },
    ),
    LiveType(
        "aws_config_config_rule",
        listing=Call("config:DescribeConfigRules", take="ConfigRules"),
        id="ConfigRuleName",
        arn="ConfigRuleArn",
        # A service made it, and nobody else may change it.
        owned_by_aws="CreatedBy",
        completing=(_TAGS,),
        attributes={
            "evaluation_mode": "EvaluationModes",
            "name": "ConfigRuleName",
            "rule_id": "ConfigRuleId",
            "source.source_detail": "SourceDetails",
        },
        # The code of a custom rule.
        uncollected=("source.custom_policy_details.policy_text",),
        tags="ListTagsForResource",
        observed={"state": "ConfigRuleState"},
    ),
    LiveType(
        "aws_config_configuration_aggregator",
        listing=Call("config:DescribeConfigurationAggregators", take="ConfigurationAggregators"),
        id="ConfigurationAggregatorName",
        arn="ConfigurationAggregatorArn",
        owned_by_aws="CreatedBy",
        completing=(_TAGS,),
        attributes={
            "account_aggregation_source": "AccountAggregationSources[].{account_ids: AccountIds,"
            " all_regions: AllAwsRegions, regions: AwsRegions}",
            "name": "ConfigurationAggregatorName",
            "organization_aggregation_source": "block(OrganizationAggregationSource)[]"
            ".{all_regions: AllAwsRegions, regions: AwsRegions, role_arn: RoleArn}",
        },
        tags="ListTagsForResource",
        observed={"created": "CreationTime"},
    ),
    LiveType(
        "aws_config_retention_configuration",
        listing=Call("config:DescribeRetentionConfigurations", take="RetentionConfigurations"),
        id="Name",
    ),
)
