variable "name" {
  description = "The name of the worker"
  type        = string
}

variable "account_id" {
  description = "The account that it runs in"
  type        = string
}

variable "queue_arn" {
  description = "The queue that it works on"
  type        = string
}

variable "dead_letter_arn" {
  description = "Where failed events go"
  type        = string
}

variable "key_arn" {
  description = "The key for environment and logs"
  type        = string
}

variable "retention" {
  description = "Days that its logs are kept"
  type        = number
}

variable "subnet_ids" {
  description = "Where it runs"
  type        = list(string)
}

variable "security_group_ids" {
  description = "Its security groups"
  type        = list(string)
}

resource "aws_lambda_function" "this" {
  function_name                  = var.name
  role                           = aws_iam_role.this.arn
  runtime                        = "python3.12"
  architectures                  = ["arm64"]
  handler                        = "worker.main"
  s3_bucket                      = "shop-artifacts"
  s3_key                         = "worker.zip"
  kms_key_arn                    = var.key_arn
  reserved_concurrent_executions = 10
  code_signing_config_arn        = aws_lambda_code_signing_config.this.arn

  environment {
    variables = {
      QUEUE     = var.queue_arn
      LOG_LEVEL = "info"
    }
  }

  dead_letter_config {
    target_arn = var.dead_letter_arn
  }

  tracing_config {
    mode = "Active"
  }

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = var.security_group_ids
  }
}

resource "aws_lambda_code_signing_config" "this" {
  allowed_publishers {
    signing_profile_version_arns = ["arn:aws:signer:eu-west-1:${var.account_id}:/signing-profiles/shop/1a2b3c4d5e"]
  }

  policies {
    untrusted_artifact_on_deployment = "Enforce"
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.retention
  kms_key_id        = var.key_arn
}

resource "aws_iam_role" "this" {
  name = var.name

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "queue"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = var.queue_arn
      },
      {
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = var.key_arn
      },
    ]
  })
}

resource "aws_lambda_permission" "this" {
  statement_id   = "rotation"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this.function_name
  principal      = "secretsmanager.amazonaws.com"
  source_account = var.account_id
}

output "function_arn" {
  description = "The ARN of the function"
  value       = aws_lambda_function.this.arn
}
