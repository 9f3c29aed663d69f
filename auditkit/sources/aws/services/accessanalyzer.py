"""Access Analyzer: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_accessanalyzer_analyzer",
        listing=Call("accessanalyzer:ListAnalyzers", take="analyzers"),
        id="name",
        arn="arn",
        # A service that made one for itself.
        owned_by_aws="managedBy",
        attributes={
            "analyzer_name": "name",
            "configuration": "configuration.unusedAccess && [{unused_access: [{"
            "unused_access_age: configuration.unusedAccess.unusedAccessAge,"
            " analysis_rule: block(configuration.unusedAccess.analysisRule)[].{exclusion:"
            " exclusions[].{account_ids: accountIds, resource_tags: resourceTags}}}]}] || `[]`",
        },
        tags="tags",
        observed={
            "created": "createdAt",
            "last_analyzed": "lastResourceAnalyzedAt",
            "state": "status",
            "state_reason": "statusReason.code",
        },
    ),
)
