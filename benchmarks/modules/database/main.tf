# Databases of the __DOMAIN__ domain.

data "aws_partition" "current" {}

locals {
  create_subnet_group = var.subnet_group_name == null
  subnet_group_name   = local.create_subnet_group ? aws_db_subnet_group.this[0].name : var.subnet_group_name
  create_monitoring   = var.monitoring.interval > 0
  is_mssql            = contains(["sqlserver-ee", "sqlserver-se", "sqlserver-ex", "sqlserver-web"], var.engine.name)

  parameters = concat(
    [for p in var.parameters : p if !startswith(p.name, "rds.")],
    var.engine.name == "postgres" ? [{ name = "rds.force_ssl", value = "1" }] : [],
  )

  alarms = {
    cpu     = { metric = "CPUUtilization", threshold = 80, comparison = "GreaterThanThreshold" }
    storage = { metric = "FreeStorageSpace", threshold = 5 * pow(1024, 3), comparison = "LessThanThreshold" }
    memory  = { metric = "FreeableMemory", threshold = 256 * 1024 * 1024, comparison = "LessThanThreshold" }
  }

  tags = merge(var.tags, { Name = var.identifier, Tier = "__DOMAIN__-data" })
}

resource "aws_db_subnet_group" "this" {
  count = local.create_subnet_group ? 1 : 0

  name_prefix = "${var.identifier}-"
  description = "Subnets of ${var.identifier}"
  subnet_ids  = var.subnet_ids

  tags = local.tags
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.identifier}-"
  description = "Parameters of ${var.identifier}"
  family      = var.engine.family

  dynamic "parameter" {
    for_each = local.parameters

    content {
      name         = parameter.value.name
      value        = parameter.value.value
      apply_method = lookup(parameter.value, "apply_method", null)
    }
  }

  tags = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_option_group" "this" {
  count = length(var.options) > 0 ? 1 : 0

  name_prefix              = "${var.identifier}-"
  option_group_description = "Options of ${var.identifier}"
  engine_name              = var.engine.name
  major_engine_version     = split(".", var.engine.version)[0]

  dynamic "option" {
    for_each = var.options

    content {
      option_name                    = option.value.option_name
      port                           = lookup(option.value, "port", null)
      version                        = lookup(option.value, "version", null)
      vpc_security_group_memberships = lookup(option.value, "vpc_security_group_memberships", null)

      dynamic "option_settings" {
        for_each = lookup(option.value, "option_settings", [])

        content {
          name  = lookup(option_settings.value, "name", null)
          value = lookup(option_settings.value, "value", null)
        }
      }
    }
  }

  tags = local.tags
}

resource "aws_db_instance" "this" {
  identifier = var.identifier

  engine            = var.engine.name
  engine_version    = var.engine.version
  instance_class    = var.instance.class
  allocated_storage = var.instance.allocated_storage
  storage_type      = var.instance.storage_type
  storage_encrypted = var.protection.storage_encrypted
  kms_key_id        = var.protection.kms_key_arn
  license_model     = local.is_mssql ? "license-included" : null

  username                            = var.username
  manage_master_user_password         = true
  port                                = var.instance.port
  iam_database_authentication_enabled = var.protection.iam_authentication

  vpc_security_group_ids = var.vpc_security_group_ids
  db_subnet_group_name   = local.subnet_group_name
  parameter_group_name   = aws_db_parameter_group.this.name
  option_group_name      = try(aws_db_option_group.this[0].name, null)

  multi_az            = var.instance.multi_az
  publicly_accessible = var.instance.publicly_accessible
  ca_cert_identifier  = var.protection.ca_cert_identifier

  allow_major_version_upgrade = false
  auto_minor_version_upgrade  = true
  maintenance_window          = "Mon:00:00-Mon:03:00"
  backup_window               = "03:00-06:00"

  snapshot_identifier       = null
  copy_tags_to_snapshot     = true
  skip_final_snapshot       = var.protection.skip_final_snapshot
  final_snapshot_identifier = var.protection.skip_final_snapshot ? null : "final-${var.identifier}-${substr(md5(var.identifier), 0, 8)}"

  performance_insights_enabled          = var.monitoring.performance_insights
  performance_insights_retention_period = var.monitoring.performance_insights ? var.monitoring.insights_retention : null

  backup_retention_period         = var.protection.backup_retention_period
  max_allocated_storage           = var.instance.max_allocated_storage
  monitoring_interval             = var.monitoring.interval
  monitoring_role_arn             = local.create_monitoring ? aws_iam_role.monitoring[0].arn : null
  enabled_cloudwatch_logs_exports = var.monitoring.exported_logs
  deletion_protection             = var.protection.deletion_protection

  dynamic "restore_to_point_in_time" {
    for_each = []

    content {
      source_db_instance_identifier = restore_to_point_in_time.value
    }
  }

  tags = local.tags

  depends_on = [aws_cloudwatch_log_group.this]

  timeouts {
    create = "60m"
    delete = "40m"
  }

  lifecycle {
    ignore_changes = [final_snapshot_identifier]
  }
}

resource "aws_db_instance" "replica" {
  count = var.instance.replicas

  identifier          = format("%s-replica-%02d", var.identifier, count.index + 1)
  replicate_source_db = aws_db_instance.this.identifier
  instance_class      = var.instance.class

  vpc_security_group_ids     = var.vpc_security_group_ids
  parameter_group_name       = aws_db_parameter_group.this.name
  auto_minor_version_upgrade = true
  skip_final_snapshot        = true
  publicly_accessible        = false

  tags = merge(local.tags, { Name = "${var.identifier}-replica-${count.index}" })
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(var.monitoring.exported_logs)

  name              = "/aws/rds/instance/${var.identifier}/${each.value}"
  retention_in_days = var.monitoring.log_retention
  kms_key_id        = var.protection.kms_key_arn

  tags = local.tags
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = length(var.alarm_topic_arns) > 0 ? local.alarms : {}

  alarm_name          = "${var.identifier}-${each.key}"
  namespace           = "AWS/RDS"
  metric_name         = each.value.metric
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 3
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns

  dimensions = {
    DBInstanceIdentifier = aws_db_instance.this.identifier
  }

  tags = local.tags
}

data "aws_iam_policy_document" "monitoring" {
  statement {
    actions = [
      "sts:AssumeRole",
    ]

    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "monitoring" {
  count = local.create_monitoring ? 1 : 0

  name_prefix        = "__DOMAIN__-rds-"
  assume_role_policy = data.aws_iam_policy_document.monitoring.json

  tags = local.tags
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  count = local.create_monitoring ? 1 : 0

  role       = aws_iam_role.monitoring[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
