resource "aws_iam_role" "platform" {
  name = "platform"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = ["batch.amazonaws.com", "codebuild.amazonaws.com", "glue.amazonaws.com", "sagemaker.amazonaws.com"] }
    }]
  })
}

resource "aws_kms_key" "platform" {
  deletion_window_in_days = 7
}

resource "aws_vpc" "platform" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "platform" {
  vpc_id     = aws_vpc.platform.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "platform" {
  name   = "platform"
  vpc_id = aws_vpc.platform.id
}

resource "aws_glue_catalog_database" "full" {
  name         = "full"
  description  = "with everything"
  location_uri = "s3://auditkit-lake/full"
  parameters   = { classification = "parquet" }
  tags         = { Owner = "tests" }
}

resource "aws_glue_crawler" "full" {
  name                   = "full"
  database_name          = aws_glue_catalog_database.full.name
  role                   = aws_iam_role.platform.arn
  description            = "finds tables"
  schedule               = "cron(15 12 * * ? *)"
  security_configuration = aws_glue_security_configuration.full.name
  table_prefix           = "t_"
  tags                   = { Owner = "tests" }
  s3_target {
    path       = "s3://auditkit-lake/full"
    exclusions = ["*.tmp"]
  }
  schema_change_policy {
    delete_behavior = "LOG"
    update_behavior = "UPDATE_IN_DATABASE"
  }
}

resource "aws_glue_job" "full" {
  name                   = "full"
  role_arn               = aws_iam_role.platform.arn
  description            = "moves data"
  glue_version           = "4.0"
  worker_type            = "G.1X"
  number_of_workers      = 2
  max_retries            = 1
  timeout                = 60
  connections            = ["warehouse"]
  security_configuration = aws_glue_security_configuration.full.name
  default_arguments      = { "--stage" = "test" }
  execution_class        = "STANDARD"
  tags                   = { Owner = "tests" }
  command {
    script_location = "s3://auditkit-lake/job.py"
    python_version  = "3"
  }
  execution_property {
    max_concurrent_runs = 2
  }
}

resource "aws_glue_connection" "full" {
  name            = "warehouse"
  description     = "to the warehouse"
  connection_type = "JDBC"
  connection_properties = {
    JDBC_CONNECTION_URL = "jdbc:postgresql://db.example.com/warehouse"
    USERNAME            = "etl"
    PASSWORD            = "hunter2"
  }
  physical_connection_requirements {
    availability_zone      = aws_subnet.platform.availability_zone
    security_group_id_list = [aws_security_group.platform.id]
    subnet_id              = aws_subnet.platform.id
  }
}

resource "aws_glue_security_configuration" "full" {
  name = "full"
  encryption_configuration {
    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = aws_kms_key.platform.arn
    }
    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "DISABLED"
    }
    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = aws_kms_key.platform.arn
    }
  }
}

resource "aws_glue_data_catalog_encryption_settings" "this" {
  data_catalog_encryption_settings {
    connection_password_encryption {
      aws_kms_key_id                       = aws_kms_key.platform.arn
      return_connection_password_encrypted = true
    }
    encryption_at_rest {
      catalog_encryption_mode = "SSE-KMS"
      sse_aws_kms_key_id      = aws_kms_key.platform.arn
    }
  }
}

resource "aws_athena_workgroup" "full" {
  name        = "full"
  description = "with everything"
  tags        = { Owner = "tests" }
  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = 10485760
    result_configuration {
      output_location = "s3://auditkit-lake/results/"
      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = aws_kms_key.platform.arn
      }
    }
  }
}

resource "aws_cognito_user_pool" "full" {
  name                     = "full"
  mfa_configuration        = "OPTIONAL"
  auto_verified_attributes = ["email"]
  username_attributes      = ["email"]
  deletion_protection      = "ACTIVE"
  tags                     = { Owner = "tests" }
  software_token_mfa_configuration {
    enabled = true
  }
  password_policy {
    minimum_length                   = 14
    require_lowercase                = true
    require_numbers                  = true
    require_symbols                  = true
    require_uppercase                = true
    temporary_password_validity_days = 3
  }
  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }
  admin_create_user_config {
    allow_admin_create_user_only = true
  }
  user_pool_add_ons {
    advanced_security_mode = "ENFORCED"
  }
}

resource "aws_cognito_user_pool" "bare" {
  name = "bare"
}

resource "aws_cognito_user_pool_client" "full" {
  name                                 = "full"
  user_pool_id                         = aws_cognito_user_pool.full.id
  generate_secret                      = true
  explicit_auth_flows                  = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
  callback_urls                        = ["https://example.com/callback"]
  logout_urls                          = ["https://example.com/logout"]
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["openid"]
  allowed_oauth_flows_user_pool_client = true
  supported_identity_providers         = ["COGNITO"]
  prevent_user_existence_errors        = "ENABLED"
}

resource "aws_cognito_identity_pool" "full" {
  identity_pool_name               = "full"
  allow_unauthenticated_identities = false
  cognito_identity_providers {
    client_id               = aws_cognito_user_pool_client.full.id
    provider_name           = "cognito-idp.us-east-1.amazonaws.com/${aws_cognito_user_pool.full.id}"
    server_side_token_check = true
  }
}

resource "aws_codebuild_project" "full" {
  name           = "full"
  description    = "builds"
  build_timeout  = 30
  queued_timeout = 60
  service_role   = aws_iam_role.platform.arn
  encryption_key = aws_kms_key.platform.arn
  tags           = { Owner = "tests" }
  source {
    type            = "GITHUB"
    location        = "https://github.com/example/app.git"
    git_clone_depth = 1
  }
  artifacts {
    type     = "S3"
    location = "auditkit-lake"
    name     = "app"
  }
  environment {
    compute_type    = "BUILD_GENERAL1_SMALL"
    image           = "aws/codebuild/standard:7.0"
    type            = "LINUX_CONTAINER"
    privileged_mode = true
    environment_variable {
      name  = "TOKEN"
      value = "hunter2"
    }
    environment_variable {
      name  = "KEY"
      value = "/app/key"
      type  = "PARAMETER_STORE"
    }
  }
  logs_config {
    cloudwatch_logs {
      group_name = "builds"
    }
  }
  vpc_config {
    vpc_id             = aws_vpc.platform.id
    subnets            = [aws_subnet.platform.id]
    security_group_ids = [aws_security_group.platform.id]
  }
}

resource "aws_batch_compute_environment" "full" {
  compute_environment_name = "full"
  type                     = "MANAGED"
  service_role             = aws_iam_role.platform.arn
  compute_resources {
    type               = "FARGATE"
    max_vcpus          = 16
    security_group_ids = [aws_security_group.platform.id]
    subnets            = [aws_subnet.platform.id]
  }
}

resource "aws_batch_job_queue" "full" {
  name     = "full"
  state    = "ENABLED"
  priority = 1
  compute_environment_order {
    compute_environment = aws_batch_compute_environment.full.arn
    order               = 1
  }
}

resource "aws_sagemaker_notebook_instance" "full" {
  name                   = "full"
  role_arn               = aws_iam_role.platform.arn
  instance_type          = "ml.t3.medium"
  kms_key_id             = aws_kms_key.platform.key_id
  direct_internet_access = "Disabled"
  root_access            = "Disabled"
  volume_size            = 20
  subnet_id              = aws_subnet.platform.id
  security_groups        = [aws_security_group.platform.id]
  tags                   = { Owner = "tests" }
}

resource "aws_sagemaker_model" "full" {
  name               = "full"
  execution_role_arn = aws_iam_role.platform.arn
  primary_container {
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/model:1"
  }
}

resource "aws_sagemaker_endpoint_configuration" "full" {
  name        = "full"
  kms_key_arn = aws_kms_key.platform.arn
  production_variants {
    variant_name           = "main"
    model_name             = aws_sagemaker_model.full.name
    initial_instance_count = 1
    initial_variant_weight = 1
    instance_type          = "ml.m5.large"
  }
}
