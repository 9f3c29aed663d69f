"""SageMaker: https://docs.aws.amazon.com/sagemaker/latest/APIReference/Welcome.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, inside, tagged

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_sagemaker_notebook_instance",
        listing=Call("sagemaker:ListNotebookInstances", take="NotebookInstances"),
        id="NotebookInstanceName",
        arn="NotebookInstanceArn",
        completing=(
            Call(
                "sagemaker:DescribeNotebookInstance",
                {"NotebookInstanceName": "NotebookInstanceName"},
                into=".",
            ),
            tagged(),
        ),
        attributes={
            "lifecycle_config_name": "NotebookInstanceLifecycleConfigName",
            "name": "NotebookInstanceName",
            "volume_size": "VolumeSizeInGB",
        },
        tags=TAGS,
        observed={
            "created": "CreationTime",
            "changed": "LastModifiedTime",
            "state": "NotebookInstanceStatus",
        },
    ),
    LiveType(
        "aws_sagemaker_model",
        listing=Call("sagemaker:ListModels", take="Models"),
        id="ModelName",
        arn="ModelArn",
        completing=(
            Call("sagemaker:DescribeModel", {"ModelName": "ModelName"}, into="."),
            tagged(),
        ),
        attributes={
            "container": "Containers",
            # The variables of a container may be secrets.
            "container.environment": "withhold(Environment, '@')",
            "name": "ModelName",
            "primary_container.environment": "withhold(Environment, '@')",
        },
        tags=TAGS,
        observed={"created": "CreationTime"},
    ),
    LiveType(
        "aws_sagemaker_endpoint_configuration",
        listing=Call("sagemaker:ListEndpointConfigs", take="EndpointConfigs"),
        id="EndpointConfigName",
        arn="EndpointConfigArn",
        completing=(
            Call(
                "sagemaker:DescribeEndpointConfig",
                {"EndpointConfigName": "EndpointConfigName"},
                into=".",
            ),
            tagged(),
        ),
        attributes={"kms_key_arn": "KmsKeyId", "name": "EndpointConfigName"},
        tags=TAGS,
        observed={"created": "CreationTime"},
    ),
    LiveType(
        "aws_sagemaker_endpoint",
        listing=Call("sagemaker:ListEndpoints", take="Endpoints"),
        id="EndpointName",
        arn="EndpointArn",
        completing=(
            Call("sagemaker:DescribeEndpoint", {"EndpointName": "EndpointName"}, into="."),
            tagged(),
        ),
        attributes={
            "deployment_config": "LastDeploymentConfig",
            "name": "EndpointName",
        },
        tags=TAGS,
        observed={"created": "CreationTime", "state": "EndpointStatus"},
    ),
    # An endpoint is measured by its variants alone.
    LiveType(
        "live_sagemaker_variant",
        each="aws_sagemaker_endpoint",
        listing=inside("ProductionVariants"),
        id="text('{}/{}', _parent.EndpointName, VariantName)",
        attributes={
            "endpoint_name": "_parent.EndpointName",
            "is_serverless": "CurrentServerlessConfig != null",
            "name": "VariantName",
        },
        # https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
        metrics={
            "invocations": Metric(
                "AWS/SageMaker",
                "Invocations",
                {"EndpointName": "_parent.EndpointName", "VariantName": "VariantName"},
                "Sum",
                days=30,
            ),
        },
    ),
    LiveType(
        "aws_sagemaker_domain",
        listing=Call("sagemaker:ListDomains", take="Domains"),
        id="DomainId",
        arn="DomainArn",
        completing=(
            Call("sagemaker:DescribeDomain", {"DomainId": "DomainId"}, into="."),
            tagged(),
        ),
        tags=TAGS,
        observed={"created": "CreationTime", "state": "Status"},
    ),
)
