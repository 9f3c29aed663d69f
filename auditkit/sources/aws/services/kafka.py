"""MSK: https://docs.aws.amazon.com/msk/1.0/apireference-v2/what-is-msk-v2-api.html."""

from __future__ import annotations

from auditkit.sources.aws.declarations import Call, LiveType

_CLUSTERS = Call("kafka:ListClustersV2", take="ClusterInfoList")
_OBSERVED = {"created": "CreationTime", "state": "State"}
_UUID = "part(ClusterArn, '/', `2`)"
_CONNECTIVITY = "broker_node_group_info.connectivity_info.vpc_connectivity.client_authentication"

TYPES = (
    LiveType(
        "aws_msk_cluster",
        listing=_CLUSTERS,
        id="ClusterArn",
        arn="ClusterArn",
        only="ClusterType == 'PROVISIONED'",
        attributes={
            "broker_node_group_info": "Provisioned.BrokerNodeGroupInfo",
            "broker_node_group_info.az_distribution": "BrokerAZDistribution",
            f"{_CONNECTIVITY}.sasl.iam": "Iam.Enabled",
            f"{_CONNECTIVITY}.sasl.scram": "Scram.Enabled",
            f"{_CONNECTIVITY}.tls": "Tls.Enabled",
            "client_authentication": "Provisioned.ClientAuthentication",
            "client_authentication.sasl.iam": "Iam.Enabled",
            "client_authentication.sasl.scram": "Scram.Enabled",
            "client_authentication.tls.certificate_authority_arns": "CertificateAuthorityArnList",
            "client_authentication.unauthenticated": "Unauthenticated.Enabled",
            "cluster_uuid": _UUID,
            "configuration_info": "block(Provisioned.CurrentBrokerSoftwareInfo)"
            "[?ConfigurationArn].{arn: ConfigurationArn, revision: ConfigurationRevision}",
            "encryption_info": "Provisioned.EncryptionInfo",
            "encryption_info.encryption_at_rest_kms_key_arn": "EncryptionAtRest.DataVolumeKMSKeyId",
            "enhanced_monitoring": "Provisioned.EnhancedMonitoring",
            "kafka_version": "Provisioned.CurrentBrokerSoftwareInfo.KafkaVersion",
            "logging_info": "Provisioned.LoggingInfo",
            "number_of_broker_nodes": "Provisioned.NumberOfBrokerNodes",
            "open_monitoring": "Provisioned.OpenMonitoring",
            "storage_mode": "Provisioned.StorageMode",
            "zookeeper_connect_string": "Provisioned.ZookeeperConnectString",
            "zookeeper_connect_string_tls": "Provisioned.ZookeeperConnectStringTls",
        },
        tags="Tags",
        observed=_OBSERVED,
    ),
    LiveType(
        "aws_msk_cluster_policy",
        each="aws_msk_cluster",
        listing=Call(
            "kafka:GetClusterPolicy",
            {"ClusterArn": "ClusterArn"},
            absent=("NotFoundException",),
        ),
        id="_parent.ClusterArn",
        only="Policy",
        attributes={"cluster_arn": "_parent.ClusterArn"},
    ),
    LiveType(
        "aws_msk_serverless_cluster",
        listing=_CLUSTERS,
        id="ClusterArn",
        arn="ClusterArn",
        only="ClusterType == 'SERVERLESS'",
        attributes={
            "client_authentication": "Serverless.ClientAuthentication",
            "cluster_uuid": _UUID,
            "vpc_config": "Serverless.VpcConfigs",
        },
        tags="Tags",
        observed=_OBSERVED,
    ),
)
