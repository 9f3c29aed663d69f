variable "name" {
  description = "The name of the worker"
  type        = string
}

variable "queue_arn" {
  description = "The queue that it works on"
  type        = string
}

variable "retention" {
  description = "Days that its logs are kept"
  type        = number
}

variable "tags" {
  description = "Tags of everything"
  type        = map(string)
  default     = {}
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = aws_iam_role.this.arn
  runtime       = "python3.8"
  handler       = "worker.main"
  s3_bucket     = "shop-artifacts"
  s3_key        = "worker.zip"

  environment {
    variables = {
      QUEUE       = var.queue_arn
      API_KEY     = "9b1d6c0f4e2a4d7f8a35c6e1b2f09d84"
      LOG_LEVEL   = "debug"
      WORKER_NAME = var.name
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.retention
  tags              = var.tags
}

resource "aws_iam_role" "this" {
  name = var.name
  tags = var.tags

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
    Statement = [{
      Effect   = "Allow"
      Action   = "sqs:*"
      Resource = var.queue_arn
    }]
  })
}

resource "aws_lambda_permission" "this" {
  statement_id  = "anybody"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "*"
}
