"""Batch: https://docs.aws.amazon.com/batch/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_batch_compute_environment",
        listing=Call("batch:DescribeComputeEnvironments", take="computeEnvironments"),
        id="computeEnvironmentName",
        arn="computeEnvironmentArn",
        attributes={"compute_resources.instance_type": "instanceTypes"},
        tags="tags",
    ),
    LiveType(
        "aws_batch_job_queue",
        listing=Call("batch:DescribeJobQueues", take="jobQueues"),
        id="jobQueueArn",
        arn="jobQueueArn",
        attributes={
            "job_state_time_limit_action": "jobStateTimeLimitActions",
            "name": "jobQueueName",
        },
        tags="tags",
    ),
)
