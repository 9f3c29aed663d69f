resource "aws_db_subnet_group" "orders" {
  name       = "${local.name}-orders"
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]
  tags       = local.tags
}

resource "aws_db_instance" "orders" {
  identifier              = "${local.name}-orders"
  engine                  = "postgres"
  engine_version          = "16.3"
  instance_class          = "db.m5.large"
  allocated_storage       = 100
  storage_type            = "gp2"
  storage_encrypted       = local.protection.encrypted
  username                = "shop"
  password                = var.database_password
  db_subnet_group_name    = aws_db_subnet_group.orders.name
  vpc_security_group_ids  = [aws_security_group.database.id]
  publicly_accessible     = true
  backup_retention_period = local.protection.backup_days
  skip_final_snapshot     = true
}

resource "aws_dynamodb_table" "sessions" {
  name           = "${local.name}-sessions"
  billing_mode   = "PROVISIONED"
  read_capacity  = 5
  write_capacity = 5
  hash_key       = "id"
  tags           = local.tags

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = false
  }
}

resource "aws_elasticache_replication_group" "carts" {
  replication_group_id       = "${local.name}-carts"
  description                = "Shopping carts"
  engine                     = "redis"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 1
  automatic_failover_enabled = false
  at_rest_encryption_enabled = true
  tags                       = local.tags
}
