"""What live databases become where moto falls short of AWS."""

from __future__ import annotations

from typing import Any

from answering import read

from auditkit.model import Resource

REGION = "us-east-1:123456789012"
KEY = f"arn:aws:kms:{REGION}:key/11111111-2222-3333-4444-555555555555"
ROLE = "arn:aws:iam::123456789012:role/import"
TAGS = [{"Key": "Owner", "Value": "tests"}]


def _tagging(*arns: str) -> dict[str, Any]:
    return {
        "resourcegroupstaggingapi:GetResources": {
            "ResourceTagMappingList": [{"ResourceARN": arn, "Tags": TAGS} for arn in arns]
        }
    }


def _told(resource: Resource, **expected: object) -> None:
    assert {name: resource.attributes[name] for name in expected} == expected


def test_documentdb_and_neptune_answer_to_rds() -> None:
    def cluster(name: str, engine: str) -> dict[str, Any]:
        return {
            "DBClusterIdentifier": name,
            "DBClusterArn": f"arn:aws:rds:{REGION}:cluster:{name}",
            "Engine": engine,
            "KmsKeyId": KEY,
            "StorageEncrypted": True,
            "EnabledCloudwatchLogsExports": ["audit"],
            "DBClusterParameterGroup": name,
            "DBSubnetGroup": "private",
            "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}],
            "DBClusterMembers": [{"DBInstanceIdentifier": f"{name}-1", "IsClusterWriter": True}],
            "TagList": TAGS,
        }

    def instance(name: str, engine: str, cluster: str = "") -> dict[str, Any]:
        return {
            "DBInstanceIdentifier": name,
            "DBInstanceArn": f"arn:aws:rds:{REGION}:db:{name}",
            "DbiResourceId": f"db-{name.upper()}",
            "Engine": engine,
            **({"DBClusterIdentifier": cluster} if cluster else {}),
            "KmsKeyId": KEY,
            "Endpoint": {"Address": f"{name}.example.com", "Port": 27017},
            "PerformanceInsightsEnabled": True,
        }

    answers = {
        "rds:DescribeDBClusters": {
            "DBClusters": [
                cluster("sql", "aurora-mysql"),
                cluster("documents", "docdb"),
                cluster("graph", "neptune"),
            ]
        },
        "rds:DescribeDBInstances": {
            "DBInstances": [
                instance("alone", "postgres"),
                instance("sql-1", "aurora-mysql", "sql"),
                instance("documents-1", "docdb", "documents"),
                instance("graph-1", "neptune", "graph"),
            ]
        },
    }
    found = read(
        answers,
        "aws_rds_cluster",
        "aws_docdb_cluster",
        "aws_neptune_cluster",
        "aws_db_instance",
        "aws_rds_cluster_instance",
        "aws_docdb_cluster_instance",
        "aws_neptune_cluster_instance",
    )
    assert [(each.type, each.id) for each in found] == [
        ("aws_db_instance", "db-ALONE"),
        ("aws_docdb_cluster", "documents"),
        ("aws_docdb_cluster_instance", "documents-1"),
        ("aws_neptune_cluster", "graph"),
        ("aws_neptune_cluster_instance", "graph-1"),
        ("aws_rds_cluster", "sql"),
        ("aws_rds_cluster_instance", "sql-1"),
    ]
    by_type = {each.type: each for each in found}
    _told(
        by_type["aws_docdb_cluster"],
        kms_key_id=KEY,
        enabled_cloudwatch_logs_exports=["audit"],
        db_cluster_parameter_group_name="documents",
        db_subnet_group_name="private",
        vpc_security_group_ids=["sg-1"],
        cluster_members=["documents-1"],
        tags={"Owner": "tests"},
    )
    _told(
        by_type["aws_docdb_cluster_instance"],
        cluster_identifier="documents",
        enable_performance_insights=True,
        endpoint="documents-1.example.com",
    )
    _told(
        by_type["aws_neptune_cluster"],
        kms_key_arn=KEY,
        enable_cloudwatch_logs_exports=["audit"],
        neptune_cluster_parameter_group_name="graph",
    )
    _told(
        by_type["aws_neptune_cluster_instance"],
        kms_key_arn=KEY,
        endpoint="graph-1.example.com:27017",
    )


def test_password_that_rds_manages_and_a_role() -> None:
    secret = f"arn:aws:secretsmanager:{REGION}:secret:rds!db-1"
    answers = {
        "rds:DescribeDBInstances": {
            "DBInstances": [
                {
                    "DBInstanceIdentifier": "db",
                    "DbiResourceId": "db-1",
                    "Engine": "postgres",
                    "MasterUserSecret": {
                        "SecretArn": secret,
                        "SecretStatus": "active",
                        "KmsKeyId": KEY,
                    },
                    "AssociatedRoles": [
                        {"RoleArn": ROLE, "FeatureName": "s3Import", "Status": "ACTIVE"}
                    ],
                }
            ]
        }
    }
    instance, import_ = read(answers, "aws_db_instance", "aws_db_instance_role_association")
    assert import_.id == f"db,{ROLE}"
    _told(import_, db_instance_identifier="db", feature_name="s3Import", role_arn=ROLE)
    _told(
        instance,
        manage_master_user_password=True,
        master_user_secret_kms_key_id=KEY,
        master_user_secret=[{"kms_key_id": KEY, "secret_arn": secret, "secret_status": "active"}],
    )


def test_shared_snapshots() -> None:
    answers = {
        "rds:DescribeDBSnapshots": {
            "DBSnapshots": [
                {
                    "DBSnapshotIdentifier": "before",
                    "DBSnapshotArn": f"arn:aws:rds:{REGION}:snapshot:before",
                    "SnapshotType": "manual",
                    "DbiResourceId": "db-1",
                }
            ]
        },
        "rds:DescribeDBSnapshotAttributes": {
            "DBSnapshotAttributesResult": {
                "DBSnapshotIdentifier": "before",
                "DBSnapshotAttributes": [{"AttributeName": "restore", "AttributeValues": ["all"]}],
            }
        },
    }
    (snapshot,) = read(answers, "aws_db_snapshot")
    _told(snapshot, shared_accounts=["all"])
    assert snapshot.attributes["observed"] == {"created": None, "source_resource_id": "db-1"}


def test_only_what_was_set_in_a_parameter_group() -> None:
    def parameters(given: Any) -> Any:
        assert given["Source"] == "user"
        return {
            "Parameters": [
                {
                    "ParameterName": "rds.force_ssl",
                    "ParameterValue": "1",
                    "ApplyMethod": "pending-reboot",
                    "Source": "user",
                }
            ]
        }

    def group(name: str, family: str) -> dict[str, str]:
        return {
            "DBParameterGroupName": name,
            "DBParameterGroupFamily": family,
            "Description": "For the tests",
            "DBParameterGroupArn": f"arn:aws:rds:{REGION}:pg:{name}",
        }

    answers = {
        "rds:DescribeDBParameterGroups": {
            "DBParameterGroups": [
                group("default.postgres16", "postgres16"),
                group("db", "postgres16"),
                group("graph", "neptune1.3"),
            ]
        },
        "rds:DescribeDBParameters": parameters,
        **_tagging(f"arn:aws:rds:{REGION}:pg:db"),
    }
    found = read(answers, "aws_db_parameter_group", "aws_neptune_parameter_group")
    assert [(each.type, each.id) for each in found] == [
        ("aws_db_parameter_group", "db"),
        ("aws_neptune_parameter_group", "graph"),
    ]
    _told(
        found[0],
        family="postgres16",
        parameter=[{"name": "rds.force_ssl", "value": "1", "apply_method": "pending-reboot"}],
        tags={"Owner": "tests"},
    )
    _told(found[1], family="neptune1.3", name="graph", description="For the tests", tags={})


def test_cache_parameter_group() -> None:
    answers = {
        "elasticache:DescribeCacheParameterGroups": {
            "CacheParameterGroups": [
                {"CacheParameterGroupName": "default.redis7"},
                {
                    "CacheParameterGroupName": "sessions",
                    "CacheParameterGroupFamily": "redis7",
                    "ARN": f"arn:aws:elasticache:{REGION}:parametergroup:sessions",
                },
            ]
        },
        "elasticache:DescribeCacheParameters": {
            "Parameters": [{"ParameterName": "maxmemory-policy", "ParameterValue": "allkeys-lru"}]
        },
        **_tagging(),
    }
    (group,) = read(answers, "aws_elasticache_parameter_group")
    _told(
        group,
        name="sessions",
        family="redis7",
        parameter=[{"name": "maxmemory-policy", "value": "allkeys-lru"}],
    )


def test_option_group() -> None:
    def setting(name: str, value: str, default: str) -> dict[str, str]:
        return {"Name": name, "Value": value, "DefaultValue": default}

    answers = {
        "rds:DescribeOptionGroups": {
            "OptionGroupsList": [
                {"OptionGroupName": "default:mysql-8-0"},
                {
                    "OptionGroupName": "audited",
                    "OptionGroupArn": f"arn:aws:rds:{REGION}:og:audited",
                    "EngineName": "mysql",
                    "MajorEngineVersion": "8.0",
                    "OptionGroupDescription": "For the tests",
                    "Options": [
                        {
                            "OptionName": "MARIADB_AUDIT_PLUGIN",
                            "OptionSettings": [
                                setting("SERVER_AUDIT_EVENTS", "CONNECT", ""),
                                setting("SERVER_AUDIT", "FORCE_PLUS_PERMANENT", ""),
                                setting("SERVER_AUDIT_FILE_ROTATIONS", "9", "9"),
                            ],
                            "VpcSecurityGroupMemberships": [{"VpcSecurityGroupId": "sg-1"}],
                        }
                    ],
                },
            ]
        },
        **_tagging(),
    }
    (group,) = read(answers, "aws_db_option_group")
    _told(
        group,
        name="audited",
        engine_name="mysql",
        option=[
            {
                "option_name": "MARIADB_AUDIT_PLUGIN",
                "port": None,
                "version": None,
                "db_security_group_memberships": None,
                "vpc_security_group_memberships": ["sg-1"],
                "option_settings": [
                    {"name": "SERVER_AUDIT_EVENTS", "value": "CONNECT"},
                    {"name": "SERVER_AUDIT", "value": "FORCE_PLUS_PERMANENT"},
                ],
            }
        ],
    )


def test_replication_group() -> None:
    arn = f"arn:aws:elasticache:{REGION}:replicationgroup:sessions"
    answers = {
        "elasticache:DescribeReplicationGroups": {
            "ReplicationGroups": [
                {
                    "ReplicationGroupId": "sessions",
                    "Description": "For the tests",
                    "ARN": arn,
                    "MemberClusters": ["sessions-001", "sessions-002"],
                    "NodeGroups": [
                        {
                            "NodeGroupId": "0001",
                            "PrimaryEndpoint": {"Address": "primary.example.com", "Port": 6379},
                            "ReaderEndpoint": {"Address": "reader.example.com", "Port": 6379},
                            "NodeGroupMembers": [
                                {"CacheClusterId": "sessions-001"},
                                {"CacheClusterId": "sessions-002"},
                            ],
                        }
                    ],
                    "AutomaticFailover": "enabled",
                    "MultiAZ": "disabled",
                    "ClusterEnabled": False,
                    "AuthTokenEnabled": False,
                    "TransitEncryptionEnabled": True,
                    "AtRestEncryptionEnabled": True,
                    "KmsKeyId": KEY,
                    "SnapshotRetentionLimit": 7,
                    "AutoMinorVersionUpgrade": True,
                    "LogDeliveryConfigurations": [
                        {
                            "LogType": "slow-log",
                            "DestinationType": "cloudwatch-logs",
                            "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "slow"}},
                            "LogFormat": "json",
                        }
                    ],
                }
            ]
        },
        "elasticache:DescribeCacheClusters": {
            "CacheClusters": [
                {
                    "CacheClusterId": f"sessions-00{number}",
                    "ReplicationGroupId": "sessions",
                    "Engine": "valkey",
                    "EngineVersion": "8.0.1",
                    "PreferredMaintenanceWindow": "sun:05:00-sun:06:00",
                    "CacheSubnetGroupName": "private",
                    "CacheParameterGroup": {"CacheParameterGroupName": "sessions"},
                    "SecurityGroups": [{"SecurityGroupId": "sg-1", "Status": "active"}],
                }
                for number in (1, 2)
            ]
        },
        **_tagging(arn),
    }
    (group,) = read(answers, "aws_elasticache_replication_group")
    _told(
        group,
        auth_token=None,
        automatic_failover_enabled=True,
        multi_az_enabled=False,
        at_rest_encryption_enabled="true",
        transit_encryption_enabled=True,
        kms_key_id=KEY,
        engine="valkey",
        engine_version="8.0",
        engine_version_actual="8.0.1",
        log_delivery_configuration=[
            {
                "destination": "slow",
                "destination_type": "cloudwatch-logs",
                "log_format": "json",
                "log_type": "slow-log",
            }
        ],
        num_cache_clusters=2,
        num_node_groups=1,
        replicas_per_node_group=1,
        port=6379,
        primary_endpoint_address="primary.example.com",
        parameter_group_name="sessions",
        security_group_ids=["sg-1"],
        subnet_group_name="private",
        tags={"Owner": "tests"},
    )


def test_a_token_that_is_set_is_not_told() -> None:
    answers = {
        "elasticache:DescribeReplicationGroups": {
            "ReplicationGroups": [{"ReplicationGroupId": "sessions", "AuthTokenEnabled": True}]
        },
    }
    (group,) = read(answers, "aws_elasticache_replication_group")
    token = group.attributes["auth_token"]
    assert getattr(token, "cause", None) == "AWS does not tell it"


def test_cache_users() -> None:
    answers = {
        "elasticache:DescribeUsers": {
            "Users": [
                {"UserId": "default", "UserName": "default", "Engine": "redis"},
                {
                    "UserId": "app",
                    "UserName": "app",
                    "Engine": "redis",
                    "AccessString": "on ~app:* +@read",
                    "Authentication": {"Type": "iam", "PasswordCount": 0},
                    "ARN": f"arn:aws:elasticache:{REGION}:user:app",
                },
            ]
        },
        **_tagging(),
    }
    (user,) = read(answers, "aws_elasticache_user")
    _told(user, user_id="app", access_string="on ~app:* +@read", no_password_required=False)
    (mode,) = user.attributes["authentication_mode"]  # type: ignore[misc, union-attr]
    assert mode["type"] == "iam"
    assert "does not tell" in mode["passwords"].cause


def test_redshift_cluster_and_its_parts() -> None:
    answers = {
        "redshift:DescribeClusters": {
            "Clusters": [
                {
                    "ClusterIdentifier": "warehouse",
                    "NodeType": "ra3.xlplus",
                    "NumberOfNodes": 2,
                    "MasterUsername": "admin",
                    "DBName": "dwh",
                    "Endpoint": {"Address": "warehouse.example.com", "Port": 5439},
                    "Encrypted": True,
                    "KmsKeyId": KEY,
                    "EnhancedVpcRouting": True,
                    "PubliclyAccessible": False,
                    "AutomatedSnapshotRetentionPeriod": 7,
                    "ClusterParameterGroups": [{"ParameterGroupName": "warehouse"}],
                    "ClusterSubnetGroupName": "private",
                    "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}],
                    "IamRoles": [{"IamRoleArn": "arn:aws:iam::123456789012:role/copy"}],
                    "MultiAZ": "Disabled",
                    "AvailabilityZoneRelocationStatus": "enabled",
                    "ClusterSnapshotCopyStatus": {
                        "DestinationRegion": "eu-central-1",
                        "RetentionPeriod": 7,
                        "SnapshotCopyGrantName": "copies",
                    },
                    "Tags": TAGS,
                },
                {"ClusterIdentifier": "silent"},
            ]
        },
        "redshift:DescribeLoggingStatus": lambda given: (
            {"LoggingEnabled": False}
            if given["ClusterIdentifier"] == "silent"
            else {"LoggingEnabled": True, "BucketName": "logs", "S3KeyPrefix": "dwh/"}
        ),
    }
    types = ("aws_redshift_cluster", "aws_redshift_logging", "aws_redshift_snapshot_copy")
    _, cluster, logging, copy = read(answers, *types)
    assert cluster.address == f"arn:aws:redshift:{REGION}:cluster:warehouse"
    _told(
        cluster,
        availability_zone_relocation_enabled=True,
        cluster_parameter_group_name="warehouse",
        cluster_subnet_group_name="private",
        cluster_type="multi-node",
        database_name="dwh",
        encrypted=True,
        endpoint="warehouse.example.com:5439",
        enhanced_vpc_routing=True,
        iam_roles=["arn:aws:iam::123456789012:role/copy"],
        kms_key_id=KEY,
        multi_az=False,
        publicly_accessible=False,
        vpc_security_group_ids=["sg-1"],
        tags={"Owner": "tests"},
    )
    assert (logging.type, logging.id) == ("aws_redshift_logging", "warehouse")
    _told(logging, bucket_name="logs", s3_key_prefix="dwh/", cluster_identifier="warehouse")
    _told(copy, destination_region="eu-central-1", retention_period=7)
    _told(copy, snapshot_copy_grant_name="copies", cluster_identifier="warehouse")


def test_redshift_parameters_and_serverless() -> None:
    namespace = f"arn:aws:redshift-serverless:{REGION}:namespace/1"
    answers = {
        "redshift:DescribeClusterParameterGroups": {
            "ParameterGroups": [
                {"ParameterGroupName": "default.redshift-1.0"},
                {"ParameterGroupName": "warehouse", "ParameterGroupFamily": "redshift-1.0"},
            ]
        },
        "redshift:DescribeClusterParameters": {
            "Parameters": [{"ParameterName": "require_ssl", "ParameterValue": "true"}]
        },
        "redshift-serverless:ListNamespaces": {
            "namespaces": [
                {
                    "namespaceName": "dwh",
                    "namespaceArn": namespace,
                    "adminUsername": "admin",
                    "iamRoles": [
                        "IamRole(applyStatus=in-sync,"
                        " iamRoleArn=arn:aws:iam::123456789012:role/copy)"
                    ],
                    "logExports": ["userlog"],
                    "kmsKeyId": KEY,
                }
            ]
        },
        "redshift-serverless:ListWorkgroups": {
            "workgroups": [
                {
                    "workgroupName": "dwh",
                    "workgroupArn": f"arn:aws:redshift-serverless:{REGION}:workgroup/1",
                    "namespaceName": "dwh",
                    "publiclyAccessible": False,
                    "enhancedVpcRouting": True,
                    "securityGroupIds": ["sg-1"],
                    "configParameters": [{"parameterKey": "require_ssl", "parameterValue": "true"}],
                    "pricePerformanceTarget": {"status": "ENABLED", "level": 50},
                }
            ]
        },
        **_tagging(namespace),
    }
    group, space, work = read(
        answers,
        "aws_redshift_parameter_group",
        "aws_redshiftserverless_namespace",
        "aws_redshiftserverless_workgroup",
    )
    _told(group, name="warehouse", parameter=[{"name": "require_ssl", "value": "true"}])
    _told(
        space,
        iam_roles=["arn:aws:iam::123456789012:role/copy"],
        log_exports=["userlog"],
        kms_key_id=KEY,
        tags={"Owner": "tests"},
    )
    _told(
        work,
        namespace_name="dwh",
        publicly_accessible=False,
        enhanced_vpc_routing=True,
        security_group_ids=["sg-1"],
        config_parameter=[{"parameter_key": "require_ssl", "parameter_value": "true"}],
        price_performance_target=[{"enabled": True, "level": 50}],
    )


def test_search_domains() -> None:
    # The provider waits ten minutes before it looks at a new domain, so no stack has one.
    answers = {
        "opensearch:ListDomainNames": {
            "DomainNames": [
                {"DomainName": "old", "EngineType": "Elasticsearch"},
                {"DomainName": "new", "EngineType": "OpenSearch"},
            ]
        },
        "opensearch:DescribeDomains": lambda given: {
            "DomainStatusList": [
                {
                    "DomainId": f"123456789012/{name}",
                    "DomainName": name,
                    "ARN": f"arn:aws:es:{REGION}:domain/{name}",
                    "EngineVersion": "Elasticsearch_7.10" if name == "old" else "OpenSearch_2.13",
                    "Endpoints": {"vpc": f"vpc-{name}.example.com"},
                    "ClusterConfig": {"InstanceType": "r5.large.search", "InstanceCount": 2},
                    "VPCOptions": {
                        "VPCId": "vpc-1",
                        "SubnetIds": ["subnet-1"],
                        "SecurityGroupIds": ["sg-1"],
                    },
                    "EncryptionAtRestOptions": {"Enabled": True, "KmsKeyId": KEY},
                    "NodeToNodeEncryptionOptions": {"Enabled": True},
                    "DomainEndpointOptions": {
                        "EnforceHTTPS": True,
                        "TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07",
                    },
                    "AdvancedSecurityOptions": {
                        "Enabled": True,
                        "InternalUserDatabaseEnabled": False,
                    },
                    "LogPublishingOptions": {
                        "AUDIT_LOGS": {
                            "CloudWatchLogsLogGroupArn": f"arn:aws:logs:{REGION}:log-group:audit",
                            "Enabled": True,
                        }
                    },
                    "AutoTuneOptions": {"State": "ENABLE_IN_PROGRESS"},
                }
                for name in given["DomainNames"]
            ]
        },
        **_tagging(f"arn:aws:es:{REGION}:domain/old"),
    }
    old, new = read(answers, "aws_elasticsearch_domain", "aws_opensearch_domain")
    assert (old.type, old.id) == ("aws_elasticsearch_domain", f"arn:aws:es:{REGION}:domain/old")
    _told(
        old,
        elasticsearch_version="7.10",
        endpoint="vpc-old.example.com",
        kibana_endpoint="vpc-old.example.com/_plugin/kibana/",
        tags={"Owner": "tests"},
    )
    (cluster,) = old.attributes["cluster_config"]  # type: ignore[misc, union-attr]
    assert cluster["instance_type"] == "r5.large.elasticsearch"
    assert new.type == "aws_opensearch_domain"
    _told(
        new,
        engine_version="OpenSearch_2.13",
        dashboard_endpoint="vpc-new.example.com/_dashboards",
        encrypt_at_rest=[{"enabled": True, "kms_key_id": KEY}],
        node_to_node_encryption=[{"enabled": True}],
        log_publishing_options=[
            {
                "cloudwatch_log_group_arn": f"arn:aws:logs:{REGION}:log-group:audit",
                "enabled": True,
                "log_type": "AUDIT_LOGS",
            }
        ],
        tags={},
    )
    (network,) = new.attributes["vpc_options"]  # type: ignore[misc, union-attr]
    assert network["vpc_id"] == "vpc-1"
    (security,) = new.attributes["advanced_security_options"]  # type: ignore[misc, union-attr]
    assert security["enabled"] is True
    assert "does not tell" in security["master_user_options"].cause
    (tuning,) = new.attributes["auto_tune_options"]  # type: ignore[misc, union-attr]
    assert tuning["desired_state"] == "ENABLED"


def test_global_clusters() -> None:
    def cluster(name: str, engine: str) -> dict[str, Any]:
        return {
            "GlobalClusterIdentifier": name,
            "GlobalClusterArn": f"arn:aws:rds::123456789012:global-cluster:{name}",
            "Engine": engine,
            "StorageEncrypted": True,
            "GlobalClusterMembers": [{"DBClusterArn": f"arn:{name}", "IsWriter": True}],
        }

    answers = {
        "rds:DescribeGlobalClusters": {
            "GlobalClusters": [
                cluster("sql", "aurora-mysql"),
                cluster("documents", "docdb"),
                cluster("graph", "neptune"),
            ]
        }
    }
    documents, graph, sql = read(
        answers, "aws_rds_global_cluster", "aws_docdb_global_cluster", "aws_neptune_global_cluster"
    )
    for found, name, engine in ((documents, "documents", "docdb"), (graph, "graph", "neptune")):
        assert found.type == f"aws_{engine}_global_cluster"
        _told(
            found,
            arn=f"arn:aws:rds::123456789012:global-cluster:{name}",
            engine=engine,
            global_cluster_identifier=name,
            global_cluster_members=[{"db_cluster_arn": f"arn:{name}", "is_writer": True}],
            storage_encrypted=True,
        )
    _told(
        sql,
        storage_encrypted=True,
        global_cluster_members=[{"db_cluster_arn": "arn:sql", "is_writer": True}],
    )


def test_migration_instance() -> None:
    arn = f"arn:aws:dms:{REGION}:rep:ABC"
    answers = {
        "dms:DescribeReplicationInstances": {
            "ReplicationInstances": [
                {
                    "ReplicationInstanceIdentifier": "move",
                    "ReplicationInstanceArn": arn,
                    "ReplicationInstanceClass": "dms.t3.medium",
                    "KmsKeyId": KEY,
                    "MultiAZ": False,
                    "PubliclyAccessible": True,
                    "AutoMinorVersionUpgrade": True,
                    "ReplicationSubnetGroup": {"ReplicationSubnetGroupIdentifier": "private"},
                    "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}],
                }
            ]
        },
        **_tagging(arn),
    }
    (instance,) = read(answers, "aws_dms_replication_instance")
    assert instance.id == "move"
    _told(
        instance,
        kms_key_arn=KEY,
        multi_az=False,
        publicly_accessible=True,
        replication_instance_class="dms.t3.medium",
        replication_subnet_group_id="private",
        vpc_security_group_ids=["sg-1"],
        tags={"Owner": "tests"},
    )
