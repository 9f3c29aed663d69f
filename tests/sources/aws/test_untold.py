"""What moto can't tell of containers, messages, APIs and builds, or Terraform can't keep."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from answering import Answer, read

from auditkit.model import Resource, Unknown

CREATED = datetime(2025, 3, 1, 9, 30, tzinfo=timezone.utc)
CREATED_TEXT = "2025-03-01T09:30:00Z"
ROLE = "arn:aws:iam::123456789012:role/service"
TAGS: Mapping[str, Answer] = {"resourcegroupstaggingapi:GetResources": {}}


def arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:us-east-1:123456789012:{name}"


def one(table: Mapping[str, Answer], type: str) -> Resource:
    (resource,) = read({**TAGS, **table}, type)
    return resource


def test_state_machine() -> None:
    machine = arn("states", "stateMachine:pay")
    resource = one(
        {
            "stepfunctions:ListStateMachines": {
                "stateMachines": [
                    {
                        "stateMachineArn": machine,
                        "name": "pay",
                        "type": "STANDARD",
                        "creationDate": CREATED,
                    }
                ]
            },
            "stepfunctions:DescribeStateMachine": {
                "stateMachineArn": machine,
                "name": "pay",
                "status": "ACTIVE",
                "definition": '{"StartAt": "Pay"}',
                "roleArn": ROLE,
                "type": "STANDARD",
                "creationDate": CREATED,
                "loggingConfiguration": {
                    "level": "ERROR",
                    "includeExecutionData": False,
                    "destinations": [
                        {"cloudWatchLogsLogGroup": {"logGroupArn": arn("logs", "log-group:sfn")}}
                    ],
                },
                "tracingConfiguration": {"enabled": True},
                "encryptionConfiguration": {
                    "type": "CUSTOMER_MANAGED_KMS_KEY",
                    "kmsKeyId": arn("kms", "key/1"),
                    "kmsDataKeyReusePeriodSeconds": 300,
                },
            },
        },
        "aws_sfn_state_machine",
    )
    found = resource.attributes
    assert (resource.id, found["role_arn"], found["status"]) == (machine, ROLE, "ACTIVE")
    assert found["tracing_configuration"] == [{"enabled": True}]
    assert found["logging_configuration"] == [
        {
            "include_execution_data": False,
            "level": "ERROR",
            "log_destination": arn("logs", "log-group:sfn"),
        }
    ]
    assert found["encryption_configuration"] == [
        {
            "kms_data_key_reuse_period_seconds": 300,
            "kms_key_id": arn("kms", "key/1"),
            "type": "CUSTOMER_MANAGED_KMS_KEY",
        }
    ]


def test_ecs_service_is_described_with_its_cluster() -> None:
    cluster, service = arn("ecs", "cluster/main"), arn("ecs", "service/main/web")

    def describe(arguments: Mapping[str, Any]) -> Any:
        assert arguments["cluster"] == cluster
        assert arguments["services"] == [service]
        return {
            "services": [
                {
                    "serviceArn": service,
                    "serviceName": "web",
                    "clusterArn": cluster,
                    "status": "ACTIVE",
                    "desiredCount": 2,
                    "runningCount": 1,
                    "launchType": "FARGATE",
                    "taskDefinition": arn("ecs", "task-definition/web:3"),
                    "createdAt": CREATED,
                    "deploymentConfiguration": {
                        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
                        "maximumPercent": 200,
                        "minimumHealthyPercent": 100,
                    },
                    "networkConfiguration": {
                        "awsvpcConfiguration": {
                            "subnets": ["subnet-1"],
                            "securityGroups": ["sg-1"],
                            "assignPublicIp": "ENABLED",
                        }
                    },
                    "loadBalancers": [
                        {
                            "targetGroupArn": arn("elasticloadbalancing", "targetgroup/web/1"),
                            "containerName": "web",
                            "containerPort": 80,
                        }
                    ],
                }
            ]
        }

    resource = one(
        {
            "ecs:ListClusters": {"clusterArns": [cluster]},
            "ecs:DescribeClusters": {"clusters": [{"clusterArn": cluster}]},
            "ecs:ListServices": {"serviceArns": [service]},
            "ecs:DescribeServices": describe,
        },
        "aws_ecs_service",
    )
    found = resource.attributes
    assert (resource.id, found["cluster"], found["desired_count"]) == (service, cluster, 2)
    assert found["deployment_maximum_percent"] == 200
    assert found["deployment_circuit_breaker"] == [{"enable": True, "rollback": True}]
    assert found["network_configuration"] == [
        {"assign_public_ip": True, "security_groups": ["sg-1"], "subnets": ["subnet-1"]}
    ]
    assert found["observed"]["created"] == CREATED_TEXT  # type: ignore[call-overload, index]


def test_containers_keep_the_names_of_their_variables() -> None:
    resource = one(
        {
            "ecs:ListTaskDefinitionFamilies": {"families": ["web"]},
            "ecs:DescribeTaskDefinition": {
                "taskDefinition": {
                    "taskDefinitionArn": arn("ecs", "task-definition/web:3"),
                    "family": "web",
                    "revision": 3,
                    "containerDefinitions": [
                        {
                            "name": "web",
                            "cpu": 0,
                            "environment": [{"name": "TOKEN", "value": "hunter2"}],
                            "logConfiguration": {
                                "logDriver": "splunk",
                                "options": {"splunk-token": "hunter2", "splunk-url": "https://s"},
                            },
                        }
                    ],
                }
            },
        },
        "aws_ecs_task_definition",
    )
    text = resource.attributes["container_definitions"]
    assert isinstance(text, Unknown)
    container: Any = text.document
    assert container[0]["environment"][0]["name"] == "TOKEN"
    assert isinstance(container[0]["environment"][0]["value"], Unknown)
    assert container[0]["logConfiguration"]["options"]["splunk-url"] == "https://s"
    assert "hunter2" not in repr(resource)


def test_eks_addon() -> None:
    resource = one(
        {
            "eks:ListClusters": {"clusters": ["main"]},
            "eks:DescribeCluster": {"cluster": {"name": "main", "arn": arn("eks", "cluster/main")}},
            "eks:ListAddons": {"addons": ["vpc-cni"]},
            "eks:DescribeAddon": {
                "addon": {
                    "addonName": "vpc-cni",
                    "clusterName": "main",
                    "status": "ACTIVE",
                    "addonVersion": "v1.19.0-eksbuild.1",
                    "addonArn": arn("eks", "addon/main/vpc-cni/1"),
                    "createdAt": CREATED,
                    "tags": {"Owner": "tests"},
                }
            },
        },
        "aws_eks_addon",
    )
    assert resource.id == "main:vpc-cni"
    assert resource.attributes["addon_version"] == "v1.19.0-eksbuild.1"
    assert resource.attributes["tags"] == {"Owner": "tests"}
    assert resource.attributes["observed"] == {"created": CREATED_TEXT, "state": "ACTIVE"}


def test_repository_tells_of_its_images() -> None:
    index = "application/vnd.oci.image.index.v1+json"
    resource = one(
        {
            "ecr:DescribeRepositories": {
                "repositories": [
                    {
                        "repositoryName": "web",
                        "repositoryArn": arn("ecr", "repository/web"),
                        "registryId": "123456789012",
                        "createdAt": CREATED,
                    }
                ]
            },
            "ecr:ListTagsForResource": {"tags": []},
            "ecr:DescribeImages": {
                "imageDetails": [
                    {
                        "imageDigest": "sha256:1",
                        "imageTags": ["latest"],
                        "imagePushedAt": CREATED,
                        "imageManifestMediaType": index,
                    },
                    {
                        "imageDigest": "sha256:2",
                        "imagePushedAt": CREATED,
                        "imageSizeInBytes": 3 * 2**30,
                        "lastRecordedPullTime": CREATED,
                    },
                    {
                        "imageDigest": "sha256:4",
                        "imagePushedAt": CREATED,
                        "imageManifestMediaType": index,
                    },
                ]
            },
        },
        "aws_ecr_repository",
    )
    observed: Any = resource.attributes["observed"]
    assert observed["images"] == 3
    assert observed["stored_bytes"] == 3 * 2**30
    assert observed["last_used"] == CREATED_TEXT
    # It may be a part of the tagged index.
    assert isinstance(observed["untagged_images"], Unknown)
    assert [each["digest"] for each in observed["untagged_indexes"]] == ["sha256:4"]


def test_untagged_images_without_an_index_are_nobodys() -> None:
    repository = {"repositoryName": "a", "repositoryArn": arn("ecr", "repository/a")}
    (resource,) = read(
        {
            "ecr:DescribeRepositories": {"repositories": [repository]},
            "ecr:ListTagsForResource": {"tags": []},
            "ecr:DescribeImages": {
                "imageDetails": [
                    {"imageDigest": "sha256:1", "imageTags": ["v1"], "imagePushedAt": CREATED},
                    {
                        "imageDigest": "sha256:2",
                        "imagePushedAt": CREATED,
                        "imageSizeInBytes": 5,
                        "lastRecordedPullTime": CREATED,
                    },
                    {"imageDigest": "sha256:3", "subjectManifestDigest": "sha256:1"},
                ]
            },
        },
        "aws_ecr_repository",
    )
    observed: Any = resource.attributes["observed"]
    assert observed["untagged_images"] == [
        {"digest": "sha256:2", "size": 5, "pushed": CREATED_TEXT, "last_used": CREATED_TEXT}
    ]
    assert observed["untagged_indexes"] == []


def test_state_machine_tells_the_functions_that_it_names() -> None:
    machine = arn("states", "stateMachine:orders")
    function = arn("lambda", "function:pay:12")
    state = {"Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": function}}
    (resource,) = read(
        {
            **TAGS,
            "stepfunctions:ListStateMachines": {"stateMachines": [{"stateMachineArn": machine}]},
            "stepfunctions:DescribeStateMachine": {"definition": json.dumps({"States": [state]})},
            "cloudwatch:GetMetricData": {},
        },
        "aws_sfn_state_machine",
    )
    observed: Any = resource.attributes["observed"]
    assert observed["functions"] == [function]


def test_task_definition_tells_where_its_images_are_from() -> None:
    host = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
    task = arn("ecs", "task-definition/web:3")
    images = [f"{host}/web:latest", f"{host}/log@sha256:1", "nginx:1", f"{host}/a/b:c@sha256:2"]
    (resource,) = read(
        {
            **TAGS,
            "ecs:ListTaskDefinitionFamilies": {"families": ["web"]},
            "ecs:DescribeTaskDefinition": {
                "taskDefinition": {
                    "taskDefinitionArn": task,
                    "containerDefinitions": [{"name": "c", "image": image} for image in images],
                }
            },
        },
        "aws_ecs_task_definition",
    )
    observed: Any = resource.attributes["observed"]
    assert observed["repository_urls"] == [f"{host}/web", f"{host}/log", f"{host}/a/b"]
    assert observed["pinned_repository_urls"] == [f"{host}/log", f"{host}/a/b"]


def test_topics_own_policy_is_no_resource_and_a_pending_subscription_is() -> None:
    topic = arn("sns", "alerts")
    table: Mapping[str, Answer] = {
        "sns:ListTopics": {"Topics": [{"TopicArn": topic}]},
        "sns:GetTopicAttributes": {
            "Attributes": {"Policy": '{"Id":"__default_policy_ID"}', "Owner": "123456789012"}
        },
        "sns:ListSubscriptions": {
            "Subscriptions": [
                {
                    "SubscriptionArn": "PendingConfirmation",
                    "Owner": "123456789012",
                    "Protocol": "email",
                    "Endpoint": "team@example.com",
                    "TopicArn": topic,
                }
            ]
        },
    }
    assert read({**TAGS, **table}, "aws_sns_topic_policy") == []
    subscription = one(table, "aws_sns_topic_subscription").attributes
    assert subscription["pending_confirmation"] is True
    assert subscription["arn"] is None


def test_stream_forgets_the_token_of_its_destination() -> None:
    resource = one(
        {
            "firehose:ListDeliveryStreams": {"DeliveryStreamNames": ["logs"]},
            "firehose:DescribeDeliveryStream": {
                "DeliveryStreamDescription": {
                    "DeliveryStreamName": "logs",
                    "DeliveryStreamARN": arn("firehose", "deliverystream/logs"),
                    "CreateTimestamp": CREATED,
                    "Destinations": [
                        {
                            "DestinationId": "destinationId-000000000001",
                            "SplunkDestinationDescription": {
                                "HECEndpoint": "https://splunk.example.com",
                                "HECToken": "hunter2",
                                "S3BackupMode": "AllEvents",
                            },
                        }
                    ],
                }
            },
        },
        "aws_kinesis_firehose_delivery_stream",
    )
    assert resource.attributes["destination"] == "splunk"
    splunk: Any = resource.attributes["splunk_configuration"]
    assert splunk[0]["hec_endpoint"] == "https://splunk.example.com"
    assert isinstance(splunk[0]["hec_token"], Unknown)
    assert "hunter2" not in repr(resource)


def test_target_forgets_what_it_is_given() -> None:
    bus = {"Name": "default", "Arn": arn("events", "event-bus/default")}
    rule = {"Name": "nightly", "Arn": arn("events", "rule/nightly"), "State": "ENABLED"}
    resource = one(
        {
            "events:ListEventBuses": {"EventBuses": [bus]},
            "events:ListRules": {"Rules": [rule, {**rule, "ManagedBy": "states.amazonaws.com"}]},
            "events:ListTargetsByRule": {
                "Targets": [
                    {
                        "Id": "call",
                        "Arn": arn("events", "api-destination/call/1"),
                        "Input": '{"token": "hunter2"}',
                        "HttpParameters": {"HeaderParameters": {"Authorization": "hunter2"}},
                    }
                ]
            },
        },
        "aws_cloudwatch_event_target",
    )
    # What it calls is something else, which may be called by others, too.
    assert resource.id == "nightly-call"
    assert resource.address.startswith("aws_cloudwatch_event_target/123456789012/us-east-1/")
    assert resource.attributes["arn"] == arn("events", "api-destination/call/1")
    target: Any = resource.attributes["http_target"]
    assert isinstance(target[0]["header_parameters"]["Authorization"], Unknown)
    assert isinstance(resource.attributes["input"], Unknown)
    assert "hunter2" not in repr(resource)


def test_build_keeps_the_names_of_its_variables_and_where_secrets_are() -> None:
    resource = one(
        {
            "codebuild:ListProjects": {"projects": ["app"]},
            "codebuild:BatchGetProjects": {
                "projects": [
                    {
                        "name": "app",
                        "arn": arn("codebuild", "project/app"),
                        "environment": {
                            "type": "LINUX_CONTAINER",
                            "image": "aws/codebuild/standard:7.0",
                            "computeType": "BUILD_GENERAL1_SMALL",
                            "environmentVariables": [
                                {"name": "A", "value": "hunter2", "type": "PLAINTEXT"},
                                {"name": "B", "value": "/app/b", "type": "PARAMETER_STORE"},
                            ],
                        },
                    }
                ]
            },
        },
        "aws_codebuild_project",
    )
    environment: Any = resource.attributes["environment"]
    first, second = environment[0]["environment_variable"]
    assert first["name"] == "A"
    assert isinstance(first["value"], Unknown)
    assert second == {"name": "B", "type": "PARAMETER_STORE", "value": "/app/b"}
    assert "hunter2" not in repr(resource)


def test_client_forgets_its_secret() -> None:
    client = {"UserPoolId": "us-east-1_a", "ClientId": "abc", "ClientName": "app"}
    resource = one(
        {
            "cognito-idp:ListUserPools": {"UserPools": [{"Id": "us-east-1_a", "Name": "users"}]},
            "cognito-idp:DescribeUserPool": {"UserPool": {"Id": "us-east-1_a", "Name": "users"}},
            "cognito-idp:GetUserPoolMfaConfig": {},
            "cognito-idp:ListUserPoolClients": {"UserPoolClients": [client]},
            "cognito-idp:DescribeUserPoolClient": {
                "UserPoolClient": {
                    **client,
                    "ClientSecret": "hunter2",
                    "CallbackURLs": ["https://example.com"],
                    "EnableTokenRevocation": True,
                    "CreationDate": CREATED,
                }
            },
        },
        "aws_cognito_user_pool_client",
    )
    assert resource.attributes["callback_urls"] == ["https://example.com"]
    assert isinstance(resource.attributes["client_secret"], Unknown)
    assert resource.attributes["observed"] == {"created": CREATED_TEXT, "has_secret": True}
    assert "hunter2" not in repr(resource)


def test_domain_and_authorizer_of_http_apis() -> None:
    table: Mapping[str, Answer] = {
        "apigatewayv2:GetDomainNames": {
            "Items": [
                {
                    "DomainName": "api.example.com",
                    "DomainNameConfigurations": [
                        {
                            "ApiGatewayDomainName": "d-1.execute-api.us-east-1.amazonaws.com",
                            "CertificateArn": arn("acm", "certificate/1"),
                            "EndpointType": "REGIONAL",
                            "SecurityPolicy": "TLS_1_2",
                        }
                    ],
                    "Tags": {"Owner": "tests"},
                }
            ]
        },
        "apigatewayv2:GetApis": {"Items": [{"ApiId": "a1", "ProtocolType": "HTTP"}]},
        "apigatewayv2:GetAuthorizers": {
            "Items": [
                {
                    "AuthorizerId": "b2",
                    "Name": "jwt",
                    "AuthorizerType": "JWT",
                    "IdentitySource": ["$request.header.Authorization"],
                    "JwtConfiguration": {"Audience": ["app"], "Issuer": "https://example.com"},
                }
            ]
        },
    }
    domain: Any = one(table, "aws_apigatewayv2_domain_name").attributes
    assert (domain["domain_name"], domain["tags"]) == ("api.example.com", {"Owner": "tests"})
    configuration = domain["domain_name_configuration"][0]
    assert configuration["certificate_arn"] == arn("acm", "certificate/1")
    assert configuration["endpoint_type"] == "REGIONAL"
    assert configuration["security_policy"] == "TLS_1_2"
    assert configuration["target_domain_name"] == "d-1.execute-api.us-east-1.amazonaws.com"
    authorizer = one(table, "aws_apigatewayv2_authorizer")
    assert (authorizer.id, authorizer.attributes["api_id"]) == ("b2", "a1")
    assert authorizer.attributes["identity_sources"] == ["$request.header.Authorization"]
    assert authorizer.attributes["authorizer_type"] == "JWT"
    assert authorizer.attributes["jwt_configuration"] == [
        {"audience": ["app"], "issuer": "https://example.com"}
    ]


def test_endpoint_and_domain_of_sagemaker() -> None:
    table: Mapping[str, Answer] = {
        "sagemaker:ListEndpoints": {
            "Endpoints": [{"EndpointName": "model", "EndpointArn": arn("sagemaker", "endpoint/m")}]
        },
        "sagemaker:DescribeEndpoint": {
            "EndpointName": "model",
            "EndpointConfigName": "model-1",
            "EndpointStatus": "InService",
            "CreationTime": CREATED,
        },
        "sagemaker:ListDomains": {
            "Domains": [{"DomainId": "d-1", "DomainArn": arn("sagemaker", "domain/d-1")}]
        },
        "sagemaker:DescribeDomain": {
            "DomainId": "d-1",
            "DomainName": "studio",
            "AuthMode": "IAM",
            "KmsKeyId": "key",
            "VpcId": "vpc-1",
            "SubnetIds": ["subnet-1"],
            "AppNetworkAccessType": "VpcOnly",
            "DefaultUserSettings": {"ExecutionRole": ROLE, "SecurityGroups": ["sg-1"]},
            "Status": "InService",
            "CreationTime": CREATED,
        },
    }
    endpoint = one(table, "aws_sagemaker_endpoint").attributes
    assert (endpoint["name"], endpoint["arn"]) == ("model", arn("sagemaker", "endpoint/m"))
    assert endpoint["endpoint_config_name"] == "model-1"
    assert endpoint["observed"] == {"created": CREATED_TEXT, "state": "InService"}
    domain: Any = one(table, "aws_sagemaker_domain").attributes
    assert domain["app_network_access_type"] == "VpcOnly"
    assert domain["default_user_settings"][0]["execution_role"] == ROLE
    assert domain["default_user_settings"][0]["security_groups"] == ["sg-1"]
