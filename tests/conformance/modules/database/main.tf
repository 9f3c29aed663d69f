provider "aws" {
  region = "eu-west-2"
  default_tags {
    tags = {
      CostCenter = "42"
      Stage      = local.stage
    }
  }
}

locals {
  stage      = terraform.workspace == "default" ? "dev" : terraform.workspace
  production = local.stage == "prod"
  engines = {
    postgres = { version = "16.3", family = "postgres16", port = 5432 }
    mysql    = { version = "8.0", family = "mysql8.0", port = 3306 }
  }
  engine = local.engines[var.engine]
}

resource "aws_kms_key" "this" {
  description             = "Key of the ${var.engine} database"
  enable_key_rotation     = true
  deletion_window_in_days = local.production ? 30 : 7
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Root"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}-${local.stage}"
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_db_subnet_group" "this" {
  name       = lower("${var.name}-${local.stage}")
  subnet_ids = var.subnet_ids
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = local.engine.family
  dynamic "parameter" {
    for_each = var.parameters
    content {
      name         = parameter.key
      value        = parameter.value.value
      apply_method = parameter.value.reboot ? "pending-reboot" : "immediate"
    }
  }
}

resource "aws_db_instance" "this" {
  identifier                          = var.name
  engine                              = var.engine
  engine_version                      = local.engine.version
  port                                = local.engine.port
  instance_class                      = local.production ? "db.r6g.large" : "db.t4g.medium"
  allocated_storage                   = "20"
  max_allocated_storage               = var.max_storage
  storage_type                        = "gp3"
  storage_encrypted                   = true
  kms_key_id                          = aws_kms_key.this.arn
  username                            = "root"
  password                            = var.password
  multi_az                            = local.production
  backup_retention_period             = max(7, local.production ? 30 : 1)
  deletion_protection                 = !var.ephemeral
  skip_final_snapshot                 = var.ephemeral
  final_snapshot_identifier           = var.ephemeral ? null : "${var.name}-final"
  db_subnet_group_name                = aws_db_subnet_group.this.name
  parameter_group_name                = aws_db_parameter_group.this.name
  enabled_cloudwatch_logs_exports     = var.engine == "postgres" ? ["postgresql", "upgrade"] : ["error", "slowquery"]
  performance_insights_enabled        = true
  iam_database_authentication_enabled = true
  monitoring_interval                 = 60
  monitoring_role_arn                 = "arn:aws:iam::123456789012:role/rds-monitoring"
  maintenance_window                  = "sun:04:00-sun:05:00"
  publicly_accessible                 = false
  lifecycle {
    ignore_changes  = [password]
    prevent_destroy = true
  }
}

resource "aws_db_instance" "replica" {
  count               = var.replicas
  identifier          = format("%s-replica-%d", var.name, count.index)
  replicate_source_db = aws_db_instance.this.identifier
  instance_class      = "db.t4g.medium"
  skip_final_snapshot = true
}

resource "aws_secretsmanager_secret" "this" {
  name                    = "/${local.stage}/${var.name}"
  recovery_window_in_days = local.production ? 30 : 0
  kms_key_id              = aws_kms_key.this.id
}

resource "aws_ssm_parameter" "settings" {
  for_each = {
    engine = var.engine
    port   = local.engine.port
    names  = join(",", [for n in range(var.replicas) : "replica-${n}"])
  }
  name  = "/${var.name}/${each.key}"
  type  = length(split(",", each.value)) > 1 ? "StringList" : "String"
  value = each.value
}

resource "aws_cloudwatch_metric_alarm" "storage" {
  count               = local.production || var.alarms ? 1 : 0
  alarm_name          = "${var.name}-storage"
  comparison_operator = "LessThanThreshold"
  evaluation_periods  = 3
  metric_name         = "FreeStorageSpace"
  namespace           = "AWS/RDS"
  period              = 300
  statistic           = "Average"
  threshold           = 2 * pow(1024, 3)
  dimensions          = { DBInstanceIdentifier = aws_db_instance.this.identifier }
  alarm_description   = <<-EOT
    Free storage of ${var.name} is below ${2} GiB.
    Stage: ${local.stage}
  EOT
}
