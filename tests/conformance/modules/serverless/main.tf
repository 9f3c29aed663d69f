provider "aws" {
  region = "eu-central-1"
  default_tags {
    tags = local.tags
  }
}

locals {
  service = "orders"
  tags    = { Service = local.service, Owner = "team-${local.service}" }
  functions = {
    create = { method = "POST", path = "/orders", memory = 256 }
    get    = { method = "GET", path = "/orders/{id}" }
    list   = { method = "GET", path = "/orders", timeout = 29, environment = { PAGE_SIZE = 50 } }
  }
}

variable "log_retention" {
  type    = number
  default = null
}

variable "kms_key_arn" {
  type    = string
  default = null
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  for_each           = local.functions
  name               = "${local.service}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.assume.json
  path               = "/lambda/"
}

resource "aws_iam_role_policy" "table" {
  for_each = aws_iam_role.function
  name     = "table"
  role     = each.value.name
  policy = templatefile("${path.module}/templates/policy.json.tftpl", {
    table   = "arn:aws:dynamodb:eu-central-1:123456789012:table/${local.service}"
    actions = each.key == "create" ? ["dynamodb:PutItem"] : ["dynamodb:GetItem", "dynamodb:Query"]
  })
}

resource "aws_lambda_function" "this" {
  for_each         = local.functions
  function_name    = "${local.service}-${each.key}"
  role             = aws_iam_role.function[each.key].arn
  handler          = "app.${each.key}"
  runtime          = "python3.12"
  filename         = "${path.module}/src/app.zip"
  source_code_hash = filebase64sha256("${path.module}/src/app.zip")
  memory_size      = lookup(each.value, "memory", 128)
  timeout          = try(each.value.timeout, 10)
  architectures    = ["arm64"]
  kms_key_arn      = var.kms_key_arn
  environment {
    variables = merge({ TABLE = local.service, LOG_LEVEL = "INFO" }, try(each.value.environment, {}))
  }
  tracing_config {
    mode = "Active"
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = local.functions
  name              = "/aws/lambda/${local.service}-${each.key}"
  retention_in_days = coalesce(var.log_retention, 30)
  kms_key_id        = var.kms_key_arn
}

resource "aws_dynamodb_table" "this" {
  name         = local.service
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  range_key    = "sk"
  dynamic "attribute" {
    for_each = ["pk", "sk", "customer"]
    content {
      name = attribute.value
      type = "S"
    }
  }
  global_secondary_index {
    name            = "by-customer"
    hash_key        = "customer"
    projection_type = "ALL"
  }
  point_in_time_recovery {
    enabled = true
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = var.kms_key_arn
  }
  ttl {
    attribute_name = "expires"
    enabled        = true
  }
}

resource "aws_apigatewayv2_api" "this" {
  name          = local.service
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = ["https://example.com"]
    allow_methods = distinct([for f in local.functions : f.method])
    max_age       = "3600"
  }
}

resource "aws_apigatewayv2_integration" "this" {
  for_each               = aws_lambda_function.this
  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_uri        = each.value.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "this" {
  for_each  = local.functions
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "${each.value.method} ${each.value.path}"
  target    = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
}

resource "aws_lambda_permission" "this" {
  for_each      = aws_lambda_function.this
  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = each.value.function_name
  principal     = "apigateway.amazonaws.com"
}

output "routes" { value = { for k, r in aws_apigatewayv2_route.this : k => r.route_key } }
