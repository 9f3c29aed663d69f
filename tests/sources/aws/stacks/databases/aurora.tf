resource "aws_db_subnet_group" "db" {
  name       = "db"
  subnet_ids = slice(sort(data.aws_subnets.default.ids), 0, 2)
}

resource "aws_rds_cluster_parameter_group" "db" {
  name   = "db"
  family = "aurora-postgresql16"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_rds_cluster" "db" {
  cluster_identifier                  = "db"
  engine                              = "aurora-postgresql"
  engine_version                      = "16.4"
  database_name                       = "app"
  master_username                     = "postgres"
  master_password                     = "not-a-secret"
  port                                = 5433
  db_subnet_group_name                = aws_db_subnet_group.db.name
  db_cluster_parameter_group_name     = aws_rds_cluster_parameter_group.db.name
  vpc_security_group_ids              = [data.aws_security_group.default.id]
  storage_encrypted                   = true
  kms_key_id                          = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  backup_retention_period             = 7
  preferred_backup_window             = "03:00-04:00"
  preferred_maintenance_window        = "sun:05:00-sun:06:00"
  copy_tags_to_snapshot               = true
  deletion_protection                 = true
  iam_database_authentication_enabled = true
  enabled_cloudwatch_logs_exports     = ["postgresql"]
  skip_final_snapshot                 = true
  serverlessv2_scaling_configuration {
    min_capacity = 0.5
    max_capacity = 4
  }
  tags = { Owner = "tests" }
}

resource "aws_rds_cluster_instance" "db" {
  identifier         = "db-1"
  cluster_identifier = aws_rds_cluster.db.id
  engine             = aws_rds_cluster.db.engine
  engine_version     = aws_rds_cluster.db.engine_version
  instance_class     = "db.serverless"
  promotion_tier     = 1
  tags               = { Owner = "tests" }
}

resource "aws_db_cluster_snapshot" "db" {
  db_cluster_identifier          = aws_rds_cluster.db.id
  db_cluster_snapshot_identifier = "db-before"
  tags                           = { Owner = "tests" }
}

resource "aws_rds_global_cluster" "db" {
  global_cluster_identifier = "db-global"
  engine                    = "aurora-postgresql"
  engine_version            = "16.4"
  deletion_protection       = false
  storage_encrypted         = true
}

resource "aws_neptune_cluster" "graph" {
  cluster_identifier                  = "graph"
  engine                              = "neptune"
  backup_retention_period             = 5
  preferred_backup_window             = "07:00-09:00"
  storage_encrypted                   = true
  skip_final_snapshot                 = true
}

resource "aws_docdb_cluster_parameter_group" "documents" {
  name        = "documents"
  family      = "docdb5.0"
  description = "For the tests"
  parameter {
    name  = "tls"
    value = "enabled"
  }
}
