"""Glue: https://docs.aws.amazon.com/glue/latest/webapi/WebAPI_Welcome.html.

The arguments of jobs and the properties of connections may be secrets, and are not kept.
"""

from __future__ import annotations

from auditkit.sources.aws.declarations import TAGS, Call, LiveType, tagged

_ARN = "'arn:{}:glue:{}:{}:%s/{}', _partition, _region, _account, Name"
_ID = "text('{}:{}', CatalogId || _account, Name)"

TYPES: tuple[LiveType, ...] = (
    LiveType(
        "aws_glue_catalog_database",
        listing=Call("glue:GetDatabases", take="DatabaseList"),
        id=_ID,
        arn=f"text({_ARN % 'database'})",
        completing=(tagged(),),
        attributes={
            "catalog_id": "CatalogId || _account",
            "create_table_default_permission": "CreateTableDefaultPermissions",
        },
        tags=TAGS,
        observed={"created": "CreateTime"},
    ),
    LiveType(
        "aws_glue_crawler",
        listing=Call("glue:GetCrawlers", take="Crawlers"),
        id="Name",
        arn=f"text({_ARN % 'crawler'})",
        completing=(tagged(),),
        attributes={
            "catalog_target": "Targets.CatalogTargets",
            "delta_target": "Targets.DeltaTargets",
            "dynamodb_target": "Targets.DynamoDBTargets",
            "hudi_target": "Targets.HudiTargets",
            "iceberg_target": "Targets.IcebergTargets",
            "jdbc_target": "Targets.JdbcTargets",
            "mongodb_target": "Targets.MongoDBTargets",
            "s3_target": "Targets.S3Targets",
            "schedule": "Schedule.ScheduleExpression",
            "security_configuration": "CrawlerSecurityConfiguration",
        },
        tags=TAGS,
        observed={"created": "CreationTime", "last_used": "LastCrawl.StartTime", "state": "State"},
    ),
    LiveType(
        "aws_glue_job",
        listing=Call("glue:GetJobs", take="Jobs"),
        id="Name",
        arn=f"text({_ARN % 'job'})",
        completing=(tagged(),),
        attributes={
            "connections": "Connections.Connections",
            "default_arguments": "withhold(DefaultArguments, '@')",
            "non_overridable_arguments": "withhold(NonOverridableArguments, '@')",
            "role_arn": "Role",
        },
        uncollected=("source_control_details.auth_token",),
        tags=TAGS,
        observed={"created": "CreatedOn"},
    ),
    LiveType(
        "aws_glue_connection",
        listing=Call("glue:GetConnections", {"HidePassword": "`true`"}, take="ConnectionList"),
        id="text('{}:{}', _account, Name)",
        arn=f"text({_ARN % 'connection'})",
        completing=(tagged(),),
        attributes={"catalog_id": "_account"},
        uncollected=("connection_properties",),
        tags=TAGS,
        observed={"created": "CreationTime", "secret": "ConnectionProperties.SECRET_ID"},
    ),
    LiveType(
        "aws_glue_security_configuration",
        listing=Call("glue:GetSecurityConfigurations", take="SecurityConfigurations"),
        id="Name",
        observed={"created": "CreatedTimeStamp"},
    ),
    LiveType(
        "aws_glue_data_catalog_encryption_settings",
        listing=Call("glue:GetDataCatalogEncryptionSettings"),
        id="_account",
        attributes={"catalog_id": "_account"},
    ),
)
