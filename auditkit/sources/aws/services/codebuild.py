"""CodeBuild: https://docs.aws.amazon.com/codebuild/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_codebuild_project",
        listing=Call("codebuild:ListProjects", take="projects"),
        id="text('arn:{}:codebuild:{}:{}:project/{}', _partition, _region, _account, Item)",
        arn="text('arn:{}:codebuild:{}:{}:project/{}', _partition, _region, _account, Item)",
        completing=(
            Call(
                "codebuild:BatchGetProjects",
                {"names": "_batch"},
                take="projects",
                into=".",
                key="name",
                by="Item",
                size=100,
            ),
        ),
        attributes={
            "badge_enabled": "badge.badgeEnabled",
            "badge_url": "badge.badgeRequestUrl",
            "build_timeout": "timeoutInMinutes",
            "environment.environment_variable": "environmentVariables",
            # Of the other types, the value is the name of a parameter or a secret.
            "environment.environment_variable.value": "(type || 'PLAINTEXT') == 'PLAINTEXT'"
            " && withhold(value, '@') || value",
            "project_visibility": "projectVisibility || 'PRIVATE'",
            "queued_timeout": "queuedTimeoutInMinutes",
            "secondary_source_version": "secondarySourceVersions",
        },
        tags="tags",
        observed={
            # Where it puts what it makes, what it logs and what it keeps for the next build.
            "buckets": "[[artifacts, cache, logsConfig.s3Logs.{type: 'S3', location: location}],"
            " secondaryArtifacts || `[]`][] | [?type == 'S3' && location]"
            ".part(replace(location, 'arn:aws:s3:::', ''), '/', `0`)",
            "created": "created",
        },
    ),
)
