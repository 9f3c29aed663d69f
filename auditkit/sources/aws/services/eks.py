"""EKS: https://docs.aws.amazon.com/eks/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

# The ARNs of what is in a cluster end in an id that only its description tells; so they are no
# addresses, which have to be the same where that is denied.
_CLUSTER = {"clusterName": "Item"}

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_eks_cluster",
        listing=Call("eks:ListClusters", take="clusters"),
        id="Item",
        arn="text('arn:{}:eks:{}:{}:cluster/{}', _partition, _region, _account, Item)",
        completing=(Call("eks:DescribeCluster", {"name": "Item"}, take="cluster", into="."),),
        attributes={
            "certificate_authority": "certificateAuthority && [{data: certificateAuthority.data}]",
            "cluster_id": "outpostConfig && id",
            "enabled_cluster_log_types": "logging.clusterLogging[?enabled].types[]",
            "identity": "identity && [{oidc: block(identity.oidc)}]",
            "vpc_config": "resourcesVpcConfig",
        },
        tags="tags",
        observed={"created": "createdAt"},
    ),
    LiveType(
        "aws_eks_node_group",
        each="aws_eks_cluster",
        listing=Call("eks:ListNodegroups", _CLUSTER, take="nodegroups"),
        id="text('{}:{}', _parent.Item, Item)",
        completing=(
            Call(
                "eks:DescribeNodegroup",
                {"clusterName": "_parent.Item", "nodegroupName": "Item"},
                take="nodegroup",
                into=".",
            ),
        ),
        attributes={
            "arn": "nodegroupArn",
            "node_group_name": "Item",
            "node_role_arn": "nodeRole",
            "remote_access.source_security_group_ids": "sourceSecurityGroups",
            "resources": "resources && [{autoscaling_groups: resources.autoScalingGroups,"
            " remote_access_security_group_id: resources.remoteAccessSecurityGroup}]",
            "subnet_ids": "subnets",
            "taint": "taints",
        },
        tags="tags",
        observed={"created": "createdAt", "health_issues": "health.issues[].code"},
    ),
    LiveType(
        "aws_eks_addon",
        each="aws_eks_cluster",
        listing=Call("eks:ListAddons", _CLUSTER, take="addons"),
        id="text('{}:{}', _parent.Item, Item)",
        completing=(
            Call(
                "eks:DescribeAddon",
                {"clusterName": "_parent.Item", "addonName": "Item"},
                take="addon",
                into=".",
            ),
        ),
        attributes={"arn": "addonArn"},
        tags="tags",
        observed={"created": "createdAt", "state": "status"},
    ),
    LiveType(
        "aws_eks_fargate_profile",
        each="aws_eks_cluster",
        listing=Call("eks:ListFargateProfiles", _CLUSTER, take="fargateProfileNames"),
        id="text('{}:{}', _parent.Item, Item)",
        completing=(
            Call(
                "eks:DescribeFargateProfile",
                {"clusterName": "_parent.Item", "fargateProfileName": "Item"},
                take="fargateProfile",
                into=".",
            ),
        ),
        attributes={
            "arn": "fargateProfileArn",
            "selector": "selectors",
            "subnet_ids": "subnets",
        },
        tags="tags",
        observed={"created": "createdAt"},
    ),
)
