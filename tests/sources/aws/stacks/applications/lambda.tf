resource "aws_iam_role" "function" {
  name = "function"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_kms_key" "function" {
  deletion_window_in_days = 7
}

resource "aws_vpc" "function" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "function" {
  vpc_id     = aws_vpc.function.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "function" {
  name   = "function"
  vpc_id = aws_vpc.function.id
}

resource "aws_sqs_queue" "source" {
  name = "source"
}

resource "aws_lambda_layer_version" "shared" {
  layer_name               = "shared"
  filename                 = "code.zip"
  compatible_runtimes      = ["python3.12"]
  compatible_architectures = ["arm64"]
  description              = "shared code"
  license_info             = "MIT"
}

resource "aws_lambda_function" "full" {
  function_name                  = "full"
  description                    = "with everything"
  filename                       = "code.zip"
  role                           = aws_iam_role.function.arn
  handler                        = "index.handler"
  runtime                        = "python3.12"
  architectures                  = ["arm64"]
  memory_size                    = 256
  timeout                        = 30
  publish                        = true
  reserved_concurrent_executions = 5
  kms_key_arn                    = aws_kms_key.function.arn
  layers                         = [aws_lambda_layer_version.shared.arn]
  tags                           = { Owner = "tests" }

  environment {
    variables = { STAGE = "test", TOKEN = "hunter2" }
  }
  ephemeral_storage {
    size = 1024
  }
  tracing_config {
    mode = "Active"
  }
  vpc_config {
    subnet_ids         = [aws_subnet.function.id]
    security_group_ids = [aws_security_group.function.id]
  }
}

resource "aws_lambda_function" "bare" {
  function_name = "bare"
  filename      = "code.zip"
  role          = aws_iam_role.function.arn
  handler       = "index.handler"
  runtime       = "nodejs20.x"
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "what is called"
  function_name    = aws_lambda_function.full.function_name
  function_version = "1"
}

resource "aws_lambda_permission" "bucket" {
  statement_id   = "bucket"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.full.function_name
  principal      = "s3.amazonaws.com"
  source_arn     = "arn:aws:s3:::some-bucket"
  source_account = "123456789012"
}

resource "aws_lambda_permission" "account" {
  statement_id  = "account"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.full.function_name
  principal     = "210987654321"
}

resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn                   = aws_sqs_queue.source.arn
  function_name                      = aws_lambda_function.bare.arn
  batch_size                         = 5
  maximum_batching_window_in_seconds = 10
  filter_criteria {
    filter {
      pattern = jsonencode({ body = { kind = ["order"] } })
    }
  }
}

resource "aws_lambda_function_event_invoke_config" "full" {
  function_name                = aws_lambda_function.full.function_name
  maximum_event_age_in_seconds = 120
  maximum_retry_attempts       = 1
  destination_config {
    on_failure {
      destination = aws_sqs_queue.source.arn
    }
  }
}
