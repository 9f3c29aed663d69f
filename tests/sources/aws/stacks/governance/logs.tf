resource "aws_cloudwatch_log_group" "kept" {
  name              = "/tests/kept"
  retention_in_days = 30
  kms_key_id        = "arn:aws:kms:us-east-1:123456789012:key/4fa4b4b1-6f3c-4b8e-8d15-43c5ecf2a000"
  tags              = { Owner = "tests" }
}

resource "aws_cloudwatch_log_group" "bare" {
  name = "/tests/bare"
}

resource "aws_cloudwatch_log_metric_filter" "errors" {
  name           = "errors"
  log_group_name = aws_cloudwatch_log_group.kept.name
  pattern        = "ERROR"
  metric_transformation {
    name          = "Errors"
    namespace     = "Tests"
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_log_resource_policy" "dns" {
  policy_name = "dns"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "route53.amazonaws.com" }
      Action    = "logs:PutLogEvents"
      Resource  = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/*"
    }]
  })
}

resource "aws_kinesis_stream" "logs" {
  name        = "logs"
  shard_count = 1
}

resource "aws_cloudwatch_log_subscription_filter" "all" {
  name            = "all"
  log_group_name  = aws_cloudwatch_log_group.kept.name
  filter_pattern  = "ERROR"
  destination_arn = aws_kinesis_stream.logs.arn
  role_arn        = "arn:aws:iam::123456789012:role/logs"
  distribution    = "Random"
}
