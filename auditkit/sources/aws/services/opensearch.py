"""OpenSearch Service, which still runs Elasticsearch too.

https://docs.aws.amazon.com/opensearch-service/latest/APIReference/Welcome.html
"""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, tagged

_DIMENSIONS = {"ClientId": "_account", "DomainName": "DomainName"}
_ENDPOINT = "(Endpoint || Endpoints.vpc)"


def _domain(type: str, engine: str, attributes: Mapping[str, str]) -> LiveType:
    return LiveType(
        type,
        listing=Call("opensearch:ListDomainNames", take="DomainNames"),
        id="_arn",
        arn="text('arn:{}:es:{}:{}:domain/{}', _partition, _region, _account, DomainName)",
        only=f"EngineType == '{engine}'",
        completing=(
            Call(
                "opensearch:DescribeDomains",
                {"DomainNames": "_batch"},
                take="DomainStatusList",
                into=".",
                key="DomainName",
                by="DomainName",
                # https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomains.html
                size=5,
            ),
            tagged(),
        ),
        attributes={
            # AWS tells the defaults, too.
            "advanced_options": "pairs(entries(AdvancedOptions)[?"
            "!(Key == 'override_main_response_version' && Value == 'false')"
            " && !(Key == 'rest.action.multi.allow_explicit_index' && Value == 'true')],"
            " 'Key', 'Value')",
            # The provider has the block where it is on.
            "advanced_security_options": "AdvancedSecurityOptions.Enabled"
            " && AdvancedSecurityOptions",
            "auto_tune_options": "AutoTuneOptions",
            "auto_tune_options.desired_state": "State"
            " && (starts_with(State, 'ENABLE') && 'ENABLED' || 'DISABLED')",
            "encrypt_at_rest": "EncryptionAtRestOptions",
            "endpoint": _ENDPOINT,
            "kibana_endpoint": f"text('{{}}/_plugin/kibana/', {_ENDPOINT})",
            "log_publishing_options": "entries(LogPublishingOptions)[].{log_type: Key,"
            " cloudwatch_log_group_arn: Value.CloudWatchLogsLogGroupArn, enabled: Value.Enabled}",
            "node_to_node_encryption": "NodeToNodeEncryptionOptions",
            **attributes,
        },
        uncollected=("advanced_security_options.master_user_options",),
        tags=TAGS,
        observed={
            "state": "DomainProcessingStatus",
            "update_available": "ServiceSoftwareOptions.UpdateAvailable",
        },
        # https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-cloudwatchmetrics.html
        metrics={
            "cpu_percent": Metric("AWS/ES", "CPUUtilization", _DIMENSIONS, "Average"),
            "searches": Metric("AWS/ES", "SearchRate", _DIMENSIONS, "Sum"),
        },
    )


TYPES = (
    _domain(
        "aws_opensearch_domain",
        "OpenSearch",
        {
            "dashboard_endpoint": f"text('{{}}/_dashboards', {_ENDPOINT})",
            "dashboard_endpoint_v2": "text('{}/_dashboards', EndpointV2)",
        },
    ),
    _domain(
        "aws_elasticsearch_domain",
        "Elasticsearch",
        {
            # The API of Elasticsearch Service, which the provider asks, has its own names.
            "cluster_config": "ClusterConfig",
            **{
                f"cluster_config.{name}": f"replace({member}, '.search', '.elasticsearch')"
                for name, member in {
                    "dedicated_master_type": "DedicatedMasterType",
                    "instance_type": "InstanceType",
                    "warm_type": "WarmType",
                }.items()
            },
            "elasticsearch_version": "after(EngineVersion, 'Elasticsearch_')",
        },
    ),
)
