"""Auto Scaling: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

_PAGE = {"MaxRecords": "`100`"}
_MIXED = "mixed_instances_policy.launch_template"
_TRACKING = "target_tracking_configuration.customized_metric_specification"

TYPES = (
    LiveType(
        "aws_autoscaling_group",
        listing=Call("autoscaling:DescribeAutoScalingGroups", _PAGE, take="AutoScalingGroups"),
        id="AutoScalingGroupName",
        arn="AutoScalingGroupARN",
        only="!Status",
        attributes={
            # The provider always has the next two.
            "availability_zone_distribution": "[{capacity_distribution_strategy:"
            " AvailabilityZoneDistribution.CapacityDistributionStrategy}]",
            "capacity_reservation_specification": "[{capacity_reservation_preference:"
            " CapacityReservationSpecification.CapacityReservationPreference,"
            " capacity_reservation_target:"
            " block(CapacityReservationSpecification.CapacityReservationTarget)"
            "[].{capacity_reservation_ids: CapacityReservationIds,"
            " capacity_reservation_resource_group_arns: CapacityReservationResourceGroupArns}}]",
            "enabled_metrics": "EnabledMetrics[].Metric",
            "launch_configuration": "LaunchConfigurationName",
            "launch_template.id": "LaunchTemplateId",
            "launch_template.name": "LaunchTemplateName",
            "load_balancers": "LoadBalancerNames",
            "metrics_granularity": "EnabledMetrics[0].Granularity || '1Minute'",
            f"{_MIXED}.override": "Overrides",
            "name": "AutoScalingGroupName",
            "protect_from_scale_in": "NewInstancesProtectedFromScaleIn",
            "suspended_processes": "SuspendedProcesses[].ProcessName",
            "tag": "Tags[?!starts_with(Key, 'aws:')].{key: Key, value: Value,"
            " propagate_at_launch: PropagateAtLaunch}",
            # The provider leaves out what AWS does by default.
            "termination_policies": "(TerminationPolicies != ['Default'] && TerminationPolicies)"
            " || `[]`",
            "traffic_source": "TrafficSources",
            "vpc_zone_identifier": "split(VPCZoneIdentifier, ',')",
            "warm_pool": "WarmPoolConfiguration",
            "warm_pool.max_group_prepared_capacity": "MaxGroupPreparedCapacity",
        },
        observed={
            "created": "CreatedTime",
            "instances": "Instances[].InstanceId",
            "operator": "Operator.Principal",
            "override_image_ids": "MixedInstancesPolicy.LaunchTemplate.Overrides[].ImageId",
        },
    ),
    LiveType(
        "aws_launch_configuration",
        listing=Call(
            "autoscaling:DescribeLaunchConfigurations", _PAGE, take="LaunchConfigurations"
        ),
        id="LaunchConfigurationName",
        arn="LaunchConfigurationARN",
        completing=(
            # Which of its devices is the root tells the image alone.  A filter does not fail
            # for an image that is gone.
            Call(
                "ec2:DescribeImages",
                {"Filters": "[{Name: 'image-id', Values: _batch}]"},
                take="Images",
                key="ImageId",
                by="ImageId",
                size=200,
            ),
        ),
        attributes={
            "ebs_block_device": "where_not(BlockDeviceMappings, 'DeviceName',"
            " known(DescribeImages[0].RootDeviceName, 'the image is not there any more'))"
            "[?!VirtualName].{delete_on_termination: Ebs.DeleteOnTermination,"
            " device_name: DeviceName, encrypted: Ebs.Encrypted, iops: Ebs.Iops,"
            " no_device: NoDevice, snapshot_id: Ebs.SnapshotId, throughput: Ebs.Throughput,"
            " volume_size: Ebs.VolumeSize, volume_type: Ebs.VolumeType}",
            "enable_monitoring": "InstanceMonitoring.Enabled",
            "ephemeral_block_device": "BlockDeviceMappings[?VirtualName]",
            "name": "LaunchConfigurationName",
            "root_block_device": "where(BlockDeviceMappings, 'DeviceName',"
            " known(DescribeImages[0].RootDeviceName, 'the image is not there any more'))"
            "[].{delete_on_termination: Ebs.DeleteOnTermination, encrypted: Ebs.Encrypted,"
            " iops: Ebs.Iops, throughput: Ebs.Throughput, volume_size: Ebs.VolumeSize,"
            " volume_type: Ebs.VolumeType}",
        },
        # It may hold secrets.
        uncollected=("user_data",),
        observed={"created": "CreatedTime"},
    ),
    LiveType(
        "aws_autoscaling_policy",
        listing=Call("autoscaling:DescribePolicies", _PAGE, take="ScalingPolicies"),
        id="PolicyName",
        arn="PolicyARN",
        attributes={
            "name": "PolicyName",
            "step_adjustment": "StepAdjustments",
            f"{_TRACKING}.metric_dimension": "Dimensions",
        },
        observed={"alarms": "Alarms[].AlarmARN"},
    ),
    LiveType(
        "aws_autoscaling_schedule",
        listing=Call(
            "autoscaling:DescribeScheduledActions", _PAGE, take="ScheduledUpdateGroupActions"
        ),
        id="ScheduledActionName",
        arn="ScheduledActionARN",
        attributes={
            # The provider says -1 for what the action does not change.
            "desired_capacity": "not_null(DesiredCapacity, `-1`)",
            "max_size": "not_null(MaxSize, `-1`)",
            "min_size": "not_null(MinSize, `-1`)",
        },
    ),
)
