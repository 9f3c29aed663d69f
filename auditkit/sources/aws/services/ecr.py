"""ECR: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

_REPOSITORY = {"registryId": "registryId", "repositoryName": "repositoryName"}
_PARENT = {"repository": "_parent.repositoryName"}
# The images that such a manifest lists have no tags, and are needed.
_IS_INDEX = (
    "contains(['application/vnd.docker.distribution.manifest.list.v2+json',"
    " 'application/vnd.oci.image.index.v1+json'], imageManifestMediaType)"
)
# Signatures and bills of materials have no tags, either: they belong to their subject.
_IS_UNTAGGED = "!imageTags && !subjectManifestDigest"
_IMAGE = (
    ".{digest: imageDigest, size: imageSizeInBytes, pushed: imagePushedAt,"
    " last_used: lastRecordedPullTime}"
)

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_ecr_repository",
        listing=Call("ecr:DescribeRepositories", take="repositories"),
        id="repositoryName",
        arn="repositoryArn",
        completing=(
            Call("ecr:ListTagsForResource", {"resourceArn": "repositoryArn"}, take="tags"),
            Call("ecr:DescribeImages", _REPOSITORY, take="imageDetails", into="Images"),
        ),
        attributes={"name": "repositoryName", "repository_url": "repositoryUri"},
        tags="ListTagsForResource",
        observed={
            "created": "createdAt",
            "images": "length(Images)",
            "last_pushed": "max(Images[].time(imagePushedAt))",
            "last_used": "max(Images[].time(lastRecordedPullTime))",
            "stored_bytes": "sum(Images[].imageSizeInBytes)",
            # Which untagged images an index consists of, only its manifest tells, and that is
            # not asked for: it comes with what pulls images.
            "untagged_images": f"Images[?{_IS_INDEX}] && Images[?{_IS_UNTAGGED} && !({_IS_INDEX})]"
            " && untold('an untagged image may be a part of an index, as those for several"
            " platforms are')"
            f" || Images[?{_IS_UNTAGGED} && !({_IS_INDEX})]{_IMAGE}",
            "untagged_indexes": f"Images[?{_IS_UNTAGGED} && {_IS_INDEX}]{_IMAGE}",
        },
    ),
    LiveType(
        "aws_ecr_lifecycle_policy",
        each="aws_ecr_repository",
        listing=Call(
            "ecr:GetLifecyclePolicy", _REPOSITORY, absent=("LifecyclePolicyNotFoundException",)
        ),
        id="repositoryName",
        attributes={**_PARENT, "policy": "lifecyclePolicyText"},
        observed={"last_evaluated": "lastEvaluatedAt"},
    ),
    LiveType(
        "aws_ecr_repository_policy",
        each="aws_ecr_repository",
        listing=Call(
            "ecr:GetRepositoryPolicy", _REPOSITORY, absent=("RepositoryPolicyNotFoundException",)
        ),
        id="repositoryName",
        attributes={**_PARENT, "policy": "policyText"},
    ),
    LiveType(
        "aws_ecr_registry_scanning_configuration",
        listing=Call("ecr:GetRegistryScanningConfiguration"),
        id="registryId",
        attributes={
            "rule": "scanningConfiguration.rules",
            "rule.repository_filter": "repositoryFilters",
            "scan_type": "scanningConfiguration.scanType",
        },
    ),
)
