data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

data "aws_security_group" "default" {
  vpc_id = data.aws_vpc.default.id
  name   = "default"
}

resource "aws_db_subnet_group" "db" {
  name        = "db"
  description = "For the tests"
  subnet_ids  = slice(sort(data.aws_subnets.default.ids), 0, 2)
}

resource "aws_db_parameter_group" "db" {
  name        = "db"
  family      = "postgres16"
  description = "For the tests"
}

resource "aws_db_instance" "db" {
  identifier                          = "db"
  engine                              = "postgres"
  engine_version                      = "16.3"
  instance_class                      = "db.t4g.micro"
  allocated_storage                   = 20
  max_allocated_storage               = 100
  storage_type                        = "gp3"
  db_name                             = "app"
  username                            = "postgres"
  password                            = "not-a-secret"
  port                                = 5433
  db_subnet_group_name                = aws_db_subnet_group.db.name
  parameter_group_name                = aws_db_parameter_group.db.name
  vpc_security_group_ids              = [data.aws_security_group.default.id]
  storage_encrypted                   = true
  kms_key_id                          = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  backup_retention_period             = 7
  backup_window                       = "03:00-04:00"
  maintenance_window                  = "sun:05:00-sun:06:00"
  copy_tags_to_snapshot               = true
  deletion_protection                 = true
  auto_minor_version_upgrade          = false
  iam_database_authentication_enabled = true
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
  multi_az                            = true
  skip_final_snapshot                 = true
  tags                                = { Owner = "tests" }
}

resource "aws_db_snapshot" "db" {
  db_instance_identifier = aws_db_instance.db.identifier
  db_snapshot_identifier = "db-before"
  shared_accounts        = ["111122223333"]
  tags                   = { Owner = "tests" }
}

resource "aws_db_event_subscription" "db" {
  name             = "db"
  sns_topic        = "arn:aws:sns:us-east-1:123456789012:alerts"
  source_type      = "db-instance"
  source_ids       = [aws_db_instance.db.identifier]
  event_categories = ["failover", "low storage"]
}

resource "aws_db_proxy" "db" {
  name                   = "db"
  engine_family          = "POSTGRESQL"
  role_arn               = "arn:aws:iam::123456789012:role/proxy"
  vpc_subnet_ids         = slice(sort(data.aws_subnets.default.ids), 0, 2)
  vpc_security_group_ids = [data.aws_security_group.default.id]
  require_tls            = true
  idle_client_timeout    = 900
  auth {
    auth_scheme = "SECRETS"
    iam_auth    = "REQUIRED"
    secret_arn  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf"
  }
  tags = { Owner = "tests" }
}
