"""ECS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

_CLUSTERS = Call("ecs:ListClusters", take="clusterArns")
_CLUSTER = Call(
    "ecs:DescribeClusters",
    {"clusters": "_batch", "include": "['CONFIGURATIONS', 'SETTINGS', 'STATISTICS', 'TAGS']"},
    take="clusters",
    into=".",
    key="clusterArn",
    by="Item",
    size=100,
)
_NAME = "part(Item, '/', `-1`)"
# What a container is told may be a secret: its variables, and the tokens of its log driver.
_CONTAINERS = (
    "withhold(containerDefinitions, 'environment.value', 'logConfiguration.options.splunk-token',"
    " 'firelensConfiguration.options')"
)

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_ecs_cluster",
        listing=_CLUSTERS,
        id="Item",
        arn="Item",
        completing=(_CLUSTER,),
        attributes={"name": _NAME, "setting": "settings"},
        tags="tags",
        observed={
            "active_services": "activeServicesCount",
            "instances": "registeredContainerInstancesCount",
            "running_tasks": "runningTasksCount",
            "state": "status",
        },
    ),
    LiveType(
        "aws_ecs_cluster_capacity_providers",
        listing=_CLUSTERS,
        id=_NAME,
        completing=(_CLUSTER,),
        only="capacityProviders",
        attributes={"cluster_name": _NAME},
    ),
    LiveType(
        "aws_ecs_service",
        each="aws_ecs_cluster",
        listing=Call(
            "ecs:ListServices", {"cluster": "Item", "maxResults": "`100`"}, take="serviceArns"
        ),
        id="Item",
        completing=(
            Call(
                "ecs:DescribeServices",
                {"cluster": "cluster_of", "services": "_batch", "include": "['TAGS']"},
                take="services",
                into=".",
                key="serviceArn",
                by="Item",
                size=10,
            ),
        ),
    ),
)
