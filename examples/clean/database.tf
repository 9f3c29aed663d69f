resource "aws_db_subnet_group" "orders" {
  name       = "${local.name}-orders"
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]
}

resource "aws_db_parameter_group" "orders" {
  name        = "${local.name}-orders"
  description = "Orders: TLS only, statements logged"
  family      = "postgres16"

  dynamic "parameter" {
    for_each = {
      "rds.force_ssl"              = 1
      "log_connections"            = 1
      "log_disconnections"         = 1
      "log_statement"              = "ddl"
      "log_min_duration_statement" = 1000
    }

    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}

resource "aws_db_instance" "orders" {
  identifier     = "${local.name}-orders"
  engine         = "postgres"
  engine_version = "16.3"
  instance_class = "db.m7g.large"

  allocated_storage     = 100
  max_allocated_storage = 500
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.data.arn

  username                            = "shop_owner"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.data.key_id
  iam_database_authentication_enabled = true
  port                                = 5433

  db_subnet_group_name   = aws_db_subnet_group.orders.name
  parameter_group_name   = aws_db_parameter_group.orders.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = false
  multi_az               = true
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  backup_retention_period    = local.protection.backup_days
  copy_tags_to_snapshot      = true
  deletion_protection        = true
  delete_automated_backups   = false
  skip_final_snapshot        = false
  final_snapshot_identifier  = "${local.name}-orders-final"
  auto_minor_version_upgrade = true
  engine_lifecycle_support   = "open-source-rds-extended-support-disabled"

  monitoring_interval             = 60
  monitoring_role_arn             = aws_iam_role.monitoring.arn
  performance_insights_enabled    = true
  performance_insights_kms_key_id = aws_kms_key.data.arn
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
}

resource "aws_dynamodb_table" "sessions" {
  name                        = "${local.name}-sessions"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = true

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.data.arn
  }

  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }
}

resource "aws_elasticache_subnet_group" "carts" {
  name       = "${local.name}-carts"
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]
}

resource "aws_elasticache_replication_group" "carts" {
  replication_group_id       = "${local.name}-carts"
  description                = "Shopping carts"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  kms_key_id                 = aws_kms_key.data.arn
  user_group_ids             = ["${local.name}-carts"]
  snapshot_retention_limit   = 7
  auto_minor_version_upgrade = true
  subnet_group_name          = aws_elasticache_subnet_group.carts.name
  security_group_ids         = [aws_security_group.database.id]

  dynamic "log_delivery_configuration" {
    for_each = toset(["slow-log", "engine-log"])

    content {
      destination      = aws_cloudwatch_log_group.shop["carts"].name
      destination_type = "cloudwatch-logs"
      log_format       = "json"
      log_type         = log_delivery_configuration.value
    }
  }
}
