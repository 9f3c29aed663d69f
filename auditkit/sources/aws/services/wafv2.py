"""WAF: https://docs.aws.amazon.com/waf/latest/APIReference/Welcome.html."""

from __future__ import annotations

from collections.abc import Iterator

from auditkit.sources.aws.declarations import Call, LiveType, each_of

_SCOPES = ("REGIONAL", "CLOUDFRONT")
_TAGS = Call("wafv2:ListTagsForResource", {"ResourceARN": "ARN"}, take="TagInfoForResource.TagList")
# What protects CloudFront is kept in this one region.
_WHERE = "_over == 'REGIONAL' || _region == 'us-east-1'"
_MATCHES = (
    "byte_match",
    "regex_match",
    "regex_pattern_set_reference",
    "size_constraint",
    "sqli_match",
    "xss_match",
)
_RESOURCE_TYPES = (
    "APPLICATION_LOAD_BALANCER",
    "API_GATEWAY",
    "APPSYNC",
    "COGNITO_USER_POOL",
    "APP_RUNNER_SERVICE",
    "VERIFIED_ACCESS_INSTANCE",
    "AMPLIFY",
)


def _listing(operation: str, take: str) -> Call:
    return Call(operation, {"Scope": "_over"}, over=each_of(_SCOPES), when=_WHERE, take=take)


def _completing(operation: str, take: str) -> Call:
    return Call(operation, {"Name": "Name", "Scope": "_over", "Id": "Id"}, take=take)


def _statements(path: str, depth: int) -> Iterator[tuple[str, str]]:
    """Where statements, which hold statements, have plurals in the API."""
    for name in _MATCHES:
        yield f"{path}.{name}_statement.text_transformation", "TextTransformations"
    yield f"{path}.managed_rule_group_statement.rule_action_override", "RuleActionOverrides"
    yield f"{path}.rule_group_reference_statement.rule_action_override", "RuleActionOverrides"
    yield f"{path}.rate_based_statement.custom_key", "CustomKeys"
    if not depth:
        return
    for inner in ("and", "or"):
        yield f"{path}.{inner}_statement.statement", "Statements"
    for inner in ("and_statement", "or_statement", "not_statement"):
        yield from _statements(f"{path}.{inner}.statement", depth - 1)
    for inner in ("rate_based_statement", "managed_rule_group_statement"):
        yield from _statements(f"{path}.{inner}.scope_down_statement", depth - 1)


def _immunity(path: str) -> str:
    """A setting that is one only with a time in it."""
    return (
        f"{path}.ImmunityTimeProperty && [{{immunity_time_property: [{{immunity_time:"
        f" {path}.ImmunityTimeProperty.ImmunityTime}}]}}] || `[]`"
    )


_RULE = {
    "rule.captcha_config": _immunity("CaptchaConfig"),
    "rule.challenge_config": _immunity("ChallengeConfig"),
    "rule.rule_label": "RuleLabels",
    # Terraform's schema goes as deep.
    **dict(_statements("rule.statement", 3)),
}
_BODIES = ("api_gateway", "app_runner_service", "cloudfront", "cognito_user_pool")

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_wafv2_web_acl",
        listing=_listing("wafv2:ListWebACLs", "WebACLs"),
        id="Id",
        arn="ARN",
        completing=(_completing("wafv2:GetWebACL", "@"), _TAGS),
        attributes={
            "application_integration_url": "GetWebACL.ApplicationIntegrationURL",
            "association_config": "block(GetWebACL.WebACL.AssociationConfig)[].{request_body:"
            " block(RequestBody)[].{"
            + ", ".join(
                f"{name}: block({name.upper()})[]"
                ".{default_size_inspection_limit: DefaultSizeInspectionLimit}"
                for name in (*_BODIES, "verified_access_instance")
            )
            + "}}",
            "capacity": "GetWebACL.WebACL.Capacity",
            "captcha_config": _immunity("GetWebACL.WebACL.CaptchaConfig"),
            "challenge_config": _immunity("GetWebACL.WebACL.ChallengeConfig"),
            "custom_response_body": "entries(GetWebACL.WebACL.CustomResponseBodies)[].{"
            "key: Key, content: Value.Content, content_type: Value.ContentType}",
            "default_action": "GetWebACL.WebACL.DefaultAction",
            "rule": "GetWebACL.WebACL.Rules",
            **_RULE,
            # The blocks tell all rules, however they were written.
            "rule_json": "GetWebACL.WebACL.Rules"
            " && untold('AWS tells no rules as one text') || `null`",
            "scope": "_over",
            "token_domains": "GetWebACL.WebACL.TokenDomains",
            "visibility_config": "GetWebACL.WebACL.VisibilityConfig",
        },
        tags="ListTagsForResource",
        observed={"managed_by_firewall_manager": "GetWebACL.WebACL.ManagedByFirewallManager"},
    ),
    LiveType(
        "aws_wafv2_web_acl_association",
        each="aws_wafv2_web_acl",
        listing=Call(
            "wafv2:ListResourcesForWebACL",
            {"WebACLArn": "ARN", "ResourceType": "_over"},
            # A distribution names its web ACL itself.
            over=f"_over == 'REGIONAL' && {each_of(_RESOURCE_TYPES)} || `[]`",
            take="ResourceArns",
        ),
        id="text('{},{}', _parent._arn, Item)",
        attributes={"resource_arn": "Item", "web_acl_arn": "_parent._arn"},
    ),
    LiveType(
        "aws_wafv2_web_acl_logging_configuration",
        listing=_listing("wafv2:ListLoggingConfigurations", "LoggingConfigurations"),
        id="ResourceArn",
        attributes={
            "logging_filter.filter": "Filters",
            "logging_filter.filter.condition": "Conditions",
        },
    ),
    LiveType(
        "aws_wafv2_ip_set",
        listing=_listing("wafv2:ListIPSets", "IPSets"),
        id="Id",
        arn="ARN",
        completing=(_completing("wafv2:GetIPSet", "IPSet"), _TAGS),
        attributes={
            "addresses": "GetIPSet.Addresses",
            "ip_address_version": "GetIPSet.IPAddressVersion",
            "scope": "_over",
        },
        tags="ListTagsForResource",
    ),
    LiveType(
        "aws_wafv2_regex_pattern_set",
        listing=_listing("wafv2:ListRegexPatternSets", "RegexPatternSets"),
        id="Id",
        arn="ARN",
        completing=(_completing("wafv2:GetRegexPatternSet", "RegexPatternSet"), _TAGS),
        attributes={
            "regular_expression": "GetRegexPatternSet.RegularExpressionList",
            "scope": "_over",
        },
        tags="ListTagsForResource",
    ),
    LiveType(
        "aws_wafv2_rule_group",
        listing=_listing("wafv2:ListRuleGroups", "RuleGroups"),
        id="Id",
        arn="ARN",
        completing=(_completing("wafv2:GetRuleGroup", "RuleGroup"), _TAGS),
        attributes={
            "capacity": "GetRuleGroup.Capacity",
            "custom_response_body": "entries(GetRuleGroup.CustomResponseBodies)[].{"
            "key: Key, content: Value.Content, content_type: Value.ContentType}",
            "rule": "GetRuleGroup.Rules",
            **_RULE,
            "scope": "_over",
            "visibility_config": "GetRuleGroup.VisibilityConfig",
        },
        tags="ListTagsForResource",
    ),
)
