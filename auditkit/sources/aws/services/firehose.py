"""Data Firehose: https://docs.aws.amazon.com/firehose/latest/APIReference/Welcome.html."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, Metric, tagged

_DESTINATIONS = {
    "elasticsearch": "ElasticsearchDestinationDescription",
    "extended_s3": "ExtendedS3DestinationDescription",
    "http_endpoint": "HttpEndpointDestinationDescription",
    "iceberg": "IcebergDestinationDescription",
    "opensearch": "AmazonopensearchserviceDestinationDescription",
    "opensearchserverless": "AmazonOpenSearchServerlessDestinationDescription",
    "redshift": "RedshiftDestinationDescription",
    "snowflake": "SnowflakeDestinationDescription",
    "splunk": "SplunkDestinationDescription",
}
_BUCKET = {
    "buffering_interval": "BufferingHints.IntervalInSeconds",
    "buffering_size": "BufferingHints.SizeInMBs",
    "kms_key_arn": "EncryptionConfiguration.KMSEncryptionConfig.AWSKMSKeyARN",
}
_ANY = {
    "buffering_interval": "BufferingHints.IntervalInSeconds",
    "buffering_size": "BufferingHints.SizeInMBs",
    "retry_duration": "RetryOptions.DurationInSeconds",
    "s3_configuration": "S3DestinationDescription",
    "vpc_config": "VpcConfigurationDescription",
}
_OWN: Mapping[str, Mapping[str, str]] = {
    "extended_s3": {
        **_BUCKET,
        # AWS says so of a stream that converts nothing.
        "data_format_conversion_configuration": "(DataFormatConversionConfiguration.Enabled"
        " || DataFormatConversionConfiguration.SchemaConfiguration)"
        " && DataFormatConversionConfiguration",
        "dynamic_partitioning_configuration.retry_duration": "RetryOptions.DurationInSeconds",
        "s3_backup_configuration": "S3BackupDescription",
    },
    "http_endpoint": {"name": "EndpointConfiguration.Name", "url": "EndpointConfiguration.Url"},
    "iceberg": {
        "catalog_arn": "CatalogConfiguration.CatalogARN",
        "destination_table_configuration": "DestinationTableConfigurationList",
        "destination_table_configuration.database_name": "DestinationDatabaseName",
        "destination_table_configuration.table_name": "DestinationTableName",
    },
    "redshift": {
        "copy_options": "CopyCommand.CopyOptions",
        "data_table_columns": "CopyCommand.DataTableColumns",
        "data_table_name": "CopyCommand.DataTableName",
        "s3_backup_configuration": "S3BackupDescription",
    },
    "splunk": {"hec_acknowledgment_timeout": "HECAcknowledgmentTimeoutInSeconds"},
}


def _configurations() -> Mapping[str, str]:
    """The attributes of every kind of destination."""
    found: dict[str, str] = {}
    for name, member in _DESTINATIONS.items():
        block = f"{name}_configuration"
        found[block] = f"Destinations[0].{member}"
        inner = {**_ANY, **_OWN.get(name, {})}
        for bucket in ("s3_configuration", "s3_backup_configuration"):
            if bucket in inner:
                inner |= {f"{bucket}.{key}": value for key, value in _BUCKET.items()}
        found |= {f"{block}.{key}": value for key, value in inner.items()}
    return found


_DIMENSIONS = {"DeliveryStreamName": "Item"}

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_kinesis_firehose_delivery_stream",
        # Its pages hold ten names, and their marks are names; an account may have 5,000 streams.
        # https://docs.aws.amazon.com/firehose/latest/APIReference/API_ListDeliveryStreams.html
        listing=Call(
            "firehose:ListDeliveryStreams", {"Limit": "`10000`"}, take="DeliveryStreamNames"
        ),
        id="text('arn:{}:firehose:{}:{}:deliverystream/{}', _partition, _region, _account, Item)",
        arn="text('arn:{}:firehose:{}:{}:deliverystream/{}', _partition, _region, _account, Item)",
        completing=(
            Call(
                "firehose:DescribeDeliveryStream",
                {"DeliveryStreamName": "Item"},
                take="DeliveryStreamDescription",
                into=".",
            ),
            tagged(),
        ),
        attributes={
            **_configurations(),
            "destination": " || ".join(
                f"Destinations[0].{member} && '{name}'" for name, member in _DESTINATIONS.items()
            ),
            "destination_id": "Destinations[0].DestinationId",
            "kinesis_source_configuration": "Source.KinesisStreamSourceDescription",
            "msk_source_configuration": "Source.MSKSourceDescription",
            "name": "Item",
            "server_side_encryption": "DeliveryStreamEncryptionConfiguration.Status == 'ENABLED'"
            " && [{enabled: `true`, key_arn: DeliveryStreamEncryptionConfiguration.KeyARN,"
            " key_type: DeliveryStreamEncryptionConfiguration.KeyType}]"
            " || [{enabled: `false`, key_type: 'AWS_OWNED_CMK'}]",
        },
        uncollected=(
            "http_endpoint_configuration.request_configuration.common_attributes",
            "splunk_configuration.hec_token",
        ),
        tags=TAGS,
        observed={
            "created": "CreateTimestamp",
            "source": "DeliveryStreamType",
            "state": "DeliveryStreamStatus",
        },
        metrics={
            "incoming_records": Metric(
                "AWS/Firehose", "IncomingRecords", _DIMENSIONS, "Sum", days=30
            ),
        },
    ),
)
