resource "aws_api_gateway_rest_api" "full" {
  name                     = "full"
  description              = "with everything"
  binary_media_types       = ["image/png"]
  minimum_compression_size = 1024
  tags                     = { Owner = "tests" }
  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_rest_api" "bare" {
  name = "bare"
}

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.full.id
  parent_id   = aws_api_gateway_rest_api.full.root_resource_id
  path_part   = "orders"
}

resource "aws_api_gateway_method" "get" {
  rest_api_id        = aws_api_gateway_rest_api.full.id
  resource_id        = aws_api_gateway_resource.orders.id
  http_method        = "GET"
  authorization      = "AWS_IAM"
  api_key_required   = true
  request_parameters = { "method.request.querystring.page" = true }
}

resource "aws_api_gateway_method" "root" {
  rest_api_id   = aws_api_gateway_rest_api.full.id
  resource_id   = aws_api_gateway_rest_api.full.root_resource_id
  http_method   = "ANY"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "get" {
  rest_api_id             = aws_api_gateway_rest_api.full.id
  resource_id             = aws_api_gateway_resource.orders.id
  http_method             = aws_api_gateway_method.get.http_method
  integration_http_method = "POST"
  type                    = "HTTP"
  uri                     = "https://example.com/orders"
  timeout_milliseconds    = 5000
}

resource "aws_api_gateway_integration" "root" {
  rest_api_id = aws_api_gateway_rest_api.full.id
  resource_id = aws_api_gateway_rest_api.full.root_resource_id
  http_method = aws_api_gateway_method.root.http_method
  type        = "MOCK"
}

resource "aws_api_gateway_authorizer" "pool" {
  name                             = "pool"
  rest_api_id                      = aws_api_gateway_rest_api.full.id
  type                             = "COGNITO_USER_POOLS"
  provider_arns                    = ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abcdefghi"]
  authorizer_result_ttl_in_seconds = 60
}

resource "aws_api_gateway_stage" "full" {
  rest_api_id          = aws_api_gateway_rest_api.full.id
  deployment_id        = aws_api_gateway_deployment.full.id
  stage_name           = "prod"
  description          = "what is called"
  xray_tracing_enabled = true
  variables            = { table = "orders" }
  tags                 = { Owner = "tests" }
  access_log_settings {
    destination_arn = "arn:aws:logs:us-east-1:123456789012:log-group:apis"
    format          = "$context.requestId"
  }
}

resource "aws_api_gateway_deployment" "full" {
  rest_api_id = aws_api_gateway_rest_api.full.id
  depends_on  = [aws_api_gateway_integration.get, aws_api_gateway_integration.root]
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.full.id
  stage_name  = aws_api_gateway_stage.full.stage_name
  method_path = "*/*"
  settings {
    metrics_enabled = true
    logging_level   = "INFO"
  }
}

resource "aws_api_gateway_api_key" "key" {
  name        = "key"
  description = "of a customer"
  tags        = { Owner = "tests" }
}

resource "aws_api_gateway_usage_plan" "plan" {
  name        = "plan"
  description = "for customers"
  tags        = { Owner = "tests" }
  api_stages {
    api_id = aws_api_gateway_rest_api.full.id
    stage  = aws_api_gateway_stage.full.stage_name
  }
  quota_settings {
    limit  = 100
    period = "DAY"
  }
  throttle_settings {
    burst_limit = 5
    rate_limit  = 10
  }
}

resource "aws_api_gateway_domain_name" "full" {
  domain_name              = "api.example.com"
  regional_certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
  security_policy          = "TLS_1_2"
  tags                     = { Owner = "tests" }
  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_account" "this" {
  cloudwatch_role_arn = "arn:aws:iam::123456789012:role/apis"
}

resource "aws_apigatewayv2_api" "full" {
  name                         = "full"
  protocol_type                = "HTTP"
  description                  = "with everything"
  disable_execute_api_endpoint = true
  tags                         = { Owner = "tests" }
  cors_configuration {
    allow_origins = ["https://example.com"]
    allow_methods = ["GET"]
    max_age       = 300
  }
}

resource "aws_apigatewayv2_stage" "full" {
  api_id          = aws_apigatewayv2_api.full.id
  name            = "prod"
  auto_deploy     = true
  stage_variables = { table = "orders" }
  tags            = { Owner = "tests" }
  access_log_settings {
    destination_arn = "arn:aws:logs:us-east-1:123456789012:log-group:apis"
    format          = "$context.requestId"
  }
}

resource "aws_apigatewayv2_route" "orders" {
  api_id             = aws_apigatewayv2_api.full.id
  route_key          = "GET /orders"
  authorization_type = "AWS_IAM"
  target             = "integrations/${aws_apigatewayv2_integration.orders.id}"
}

resource "aws_apigatewayv2_integration" "orders" {
  api_id                 = aws_apigatewayv2_api.full.id
  integration_type       = "HTTP_PROXY"
  integration_method     = "GET"
  integration_uri        = "https://example.com/orders"
  payload_format_version = "1.0"
  timeout_milliseconds   = 5000
}
