"""ECR: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

_REPOSITORY = {"registryId": "registryId", "repositoryName": "repositoryName"}
_PARENT = {"repository": "_parent.repositoryName"}
# The images that such a manifest lists have no tags, and are needed.
_INDEXES = (
    "['application/vnd.docker.distribution.manifest.list.v2+json',"
    " 'application/vnd.oci.image.index.v1+json']"
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
            "has_image_index": f"length(Images[?contains({_INDEXES}, imageManifestMediaType)])"
            " > `0`",
            "images": "length(Images)",
            "last_pushed": "max(Images[].time(imagePushedAt))",
            "last_used": "max(Images[].time(lastRecordedPullTime))",
            "untagged": "Images[?!imageTags].{digest: imageDigest, size: imageSizeInBytes,"
            " pushed: imagePushedAt, last_used: lastRecordedPullTime,"
            " media_type: imageManifestMediaType, subject: subjectManifestDigest}",
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
