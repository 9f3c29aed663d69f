resource "aws_db_instance" "__NAME__" {
  identifier                  = "${local.prefix}-__SLUG__"
  engine                      = "postgres"
  engine_version              = "16.3"
  instance_class              = "db.m6g.__SIZE__"
  allocated_storage           = 100
  max_allocated_storage       = 500
  storage_encrypted           = __BOOL__
  kms_key_id                  = aws_kms_key.main.arn
  username                    = "__OWNER__"
  manage_master_user_password = true
  db_subnet_group_name        = var.network.database_subnet_group
  multi_az                    = var.environment == "prod" ? true : false
  publicly_accessible         = __BOOL__
  backup_retention_period     = min(35, __RETENTION__)
  deletion_protection         = var.environment == "prod"
  auto_minor_version_upgrade  = true
  skip_final_snapshot         = var.environment != "prod"
  final_snapshot_identifier   = var.environment != "prod" ? null : "${local.prefix}-__SLUG__-final"

  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]

  tags = merge(local.tags, { Engine = "postgres" })

  lifecycle {
    prevent_destroy = false
    ignore_changes  = [engine_version]
  }
}

resource "aws_cloudwatch_metric_alarm" "__NAME__" {
  for_each = {
    CPUUtilization      = { threshold = 80, comparison = "GreaterThanThreshold" }
    FreeStorageSpace    = { threshold = 10 * 1024 * 1024 * 1024, comparison = "LessThanThreshold" }
    DatabaseConnections = { threshold = __TIMEOUT__, comparison = "GreaterThanThreshold" }
  }

  alarm_name          = "${local.prefix}-__SLUG__-${lower(each.key)}"
  namespace           = "AWS/RDS"
  metric_name         = each.key
  statistic           = "Average"
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = 5
  alarm_actions       = [aws_sns_topic.alarms.arn]

  dimensions = {
    DBInstanceIdentifier = aws_db_instance.__NAME__.identifier
  }
}
