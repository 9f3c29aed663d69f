"""X-Ray: https://docs.aws.amazon.com/xray/latest/api/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

_TAGS = Call("xray:ListTagsForResource", {"ResourceARN": "_arn"}, take="Tags")

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_xray_encryption_config",
        # Every region has one, with the type NONE if nobody has set it.
        listing=Call("xray:GetEncryptionConfig", take="EncryptionConfig"),
        id="_region",
        is_single=True,
        observed={"state": "Status"},
    ),
    LiveType(
        "aws_xray_group",
        listing=Call("xray:GetGroups", take="Groups"),
        id="GroupARN",
        arn="GroupARN",
        # X-Ray makes it, and nobody may delete it.
        # https://docs.aws.amazon.com/xray/latest/devguide/xray-console-groups.html
        owned_by_aws="GroupName == 'Default'",
        completing=(_TAGS,),
        tags="ListTagsForResource",
    ),
    LiveType(
        "aws_xray_sampling_rule",
        listing=Call("xray:GetSamplingRules", take="SamplingRuleRecords"),
        id="SamplingRule.RuleName",
        arn="SamplingRule.RuleARN",
        owned_by_aws="SamplingRule.RuleName == 'Default'",
        completing=(_TAGS,),
        attributes={
            "attributes": "SamplingRule.Attributes",
            "fixed_rate": "SamplingRule.FixedRate",
            "host": "SamplingRule.Host",
            "http_method": "SamplingRule.HTTPMethod",
            "priority": "SamplingRule.Priority",
            "reservoir_size": "SamplingRule.ReservoirSize",
            "resource_arn": "SamplingRule.ResourceARN",
            "rule_name": "SamplingRule.RuleName",
            "service_name": "SamplingRule.ServiceName",
            "service_type": "SamplingRule.ServiceType",
            "url_path": "SamplingRule.URLPath",
            "version": "SamplingRule.Version",
        },
        tags="ListTagsForResource",
        observed={"changed": "ModifiedAt", "created": "CreatedAt"},
    ),
)
