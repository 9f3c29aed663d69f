"""ECS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, tagged

_CLUSTERS = Call("ecs:ListClusters", take="clusterArns")
_CLUSTER = Call(
    "ecs:DescribeClusters",
    {"clusters": "_batch", "include": "['CONFIGURATIONS', 'SETTINGS', 'TAGS']"},
    take="clusters",
    into=".",
    key="clusterArn",
    by="Item",
    size=100,
)
_OF_ECR = "containerDefinitions[?image && contains(image, '.dkr.ecr.')]"
_NAME = "part(Item, '/', `-1`)"

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_ecs_cluster",
        listing=_CLUSTERS,
        id="Item",
        arn="Item",
        completing=(_CLUSTER,),
        attributes={
            "configuration.execute_command_configuration.log_configuration"
            ".s3_bucket_encryption_enabled": "s3EncryptionEnabled",
            "name": _NAME,
            "setting": "settings",
        },
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
        arn="Item",
        completing=(
            Call(
                "ecs:DescribeServices",
                {"cluster": "_parent.Item", "services": "_batch", "include": "['TAGS']"},
                take="services",
                into=".",
                key="serviceArn",
                by="Item",
                size=10,
            ),
        ),
        only="status != 'INACTIVE'",
        attributes={
            "alarms": "deploymentConfiguration.alarms",
            "cluster": "clusterArn",
            "deployment_circuit_breaker": "deploymentConfiguration.deploymentCircuitBreaker",
            "deployment_maximum_percent": "deploymentConfiguration.maximumPercent",
            "deployment_minimum_healthy_percent": "deploymentConfiguration.minimumHealthyPercent",
            "iam_role": "roleArn",
            "load_balancer": "loadBalancers",
            "load_balancer.elb_name": "loadBalancerName",
            "name": "serviceName",
            "network_configuration": "networkConfiguration.awsvpcConfiguration",
            "network_configuration.assign_public_ip": "assignPublicIp == 'ENABLED'",
            "ordered_placement_strategy": "placementStrategy",
            "service_connect_configuration": "deployments[0].serviceConnectConfiguration",
            "service_connect_configuration.log_configuration.options": "withhold(options, '@')",
            "service_connect_configuration.service": "services",
            "service_connect_configuration.service.client_alias": "clientAliases",
            "volume_configuration": "deployments[0].volumeConfigurations",
            "volume_configuration.managed_ebs_volume.file_system_type": "filesystemType",
            "volume_configuration.managed_ebs_volume.size_in_gb": "sizeInGiB",
            "vpc_lattice_configurations": "deployments[0].vpcLatticeConfigurations",
        },
        tags="tags",
        observed={
            # The other group of a blue/green deployment, for which the provider has no word.
            "alternate_target_groups": "loadBalancers[].advancedConfiguration"
            ".alternateTargetGroupArn",
            "created": "createdAt",
            "running_count": "runningCount",
            "state": "status",
        },
    ),
    # The newest active revision of each family; the provider, too, names them by their family.
    # An account may have a million revisions.
    LiveType(
        "aws_ecs_task_definition",
        listing=Call("ecs:ListTaskDefinitionFamilies", {"status": "'ACTIVE'"}, take="families"),
        id="Item",
        completing=(
            Call(
                "ecs:DescribeTaskDefinition",
                {"taskDefinition": "Item"},
                take="taskDefinition",
                into=".",
            ),
            tagged("taskDefinitionArn"),
        ),
        attributes={
            "arn": "taskDefinitionArn",
            "arn_without_revision": "text('arn:{}:ecs:{}:{}:task-definition/{}', _partition,"
            " _region, _account, Item)",
            # What a container is told may be a secret.  The provider keeps no CPU units of 0.
            "container_definitions": "json(withhold(dropped(containerDefinitions, 'cpu', `0`),"
            " 'environment.value', 'logConfiguration.options.splunk-token',"
            " 'firelensConfiguration.options'))",
            "inference_accelerator": "inferenceAccelerators",
            "proxy_configuration.properties": "pairs(properties, 'name', 'value')",
            "volume": "volumes",
            "volume.configure_at_launch": "configuredAtLaunch",
            "volume.docker_volume_configuration.driver_opts": "withhold(driverOpts, '@')",
            "volume.fsx_windows_file_server_volume_configuration": ""
            "fsxWindowsFileServerVolumeConfiguration",
            "volume.host_path": "host.sourcePath",
        },
        tags=TAGS,
        observed={
            "created": "registeredAt",
            # The repositories that images are taken from, and those of images named by digest.
            "repository_urls": f"{_OF_ECR}.part(part(image, '@', `0`), ':', `0`)",
            "pinned_repository_urls": f"{_OF_ECR} | [?contains(image, '@')]"
            ".part(part(image, '@', `0`), ':', `0`)",
            "state": "status",
        },
    ),
)
