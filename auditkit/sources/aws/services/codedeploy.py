"""CodeDeploy: https://docs.aws.amazon.com/codedeploy/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, tagged

_PAIR = "load_balancer_info.target_group_pair_info"

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "codedeploy_application",
        listing=Call("codedeploy:ListApplications", take="applications"),
        id="Item",
    ),
    LiveType(
        "aws_codedeploy_deployment_group",
        each="codedeploy_application",
        listing=Call(
            "codedeploy:ListDeploymentGroups",
            {"applicationName": "Item"},
            take="deploymentGroups",
        ),
        id="deploymentGroupId",
        arn="text('arn:{}:codedeploy:{}:{}:deploymentgroup:{}/{}', _partition, _region, _account,"
        " _parent.Item, Item)",
        completing=(
            Call(
                "codedeploy:BatchGetDeploymentGroups",
                {"applicationName": "_parent.Item", "deploymentGroupNames": "_batch"},
                take="deploymentGroupsInfo",
                into=".",
                key="deploymentGroupName",
                by="Item",
                size=100,
            ),
            tagged(),
        ),
        attributes={
            "alarm_configuration.alarms": "alarms[].name",
            "app_name": "_parent.Item",
            "autoscaling_groups": "autoScalingGroups[].name",
            "deployment_group_name": "Item",
            "ec2_tag_filter": "ec2TagFilters",
            "ec2_tag_set": "ec2TagSet.ec2TagSetList[*].{ec2_tag_filter:"
            " @[*].{key: Key, type: Type, value: Value}}",
            "ecs_service": "ecsServices",
            "load_balancer_info.elb_info": "elbInfoList",
            "load_balancer_info.target_group_info": "targetGroupInfoList",
            _PAIR: "targetGroupPairInfoList",
            f"{_PAIR}.target_group": "targetGroups",
            "on_premises_instance_tag_filter": "onPremisesInstanceTagFilters",
            "trigger_configuration": "triggerConfigurations",
        },
        tags=TAGS,
    ),
)
