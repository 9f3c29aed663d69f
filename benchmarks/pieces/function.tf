resource "aws_lambda_function" "__NAME__" {
  function_name = "${local.prefix}-__SLUG__"
  role          = "arn:aws:iam::${var.account_id}:role/${local.prefix}-lambda"
  runtime       = "__RUNTIME__"
  handler       = "main.handler"
  s3_bucket     = "${local.prefix}-artifacts"
  s3_key        = "__SLUG__.zip"
  memory_size   = 512
  timeout       = __TIMEOUT__

  environment {
    variables = {
      ENVIRONMENT = var.environment
      TABLES      = join(",", [for name in sort(keys(local.permissions)) : upper(name)])
      MESSAGE     = <<-EOT
        Hello from __SLUG__.
        %{if var.environment == "prod"~}
        Please take care.
        %{else~}
        Have fun in ${title(var.environment)}.
        %{endif~}
      EOT
    }
  }

  tracing_config {
    mode = "__TRACING__"
  }

  tags = local.tags
}

resource "aws_cloudwatch_log_group" "__NAME___function" {
  name              = "/aws/lambda/${local.prefix}-__SLUG__"
  retention_in_days = __RETENTION__
  kms_key_id        = aws_kms_key.main.arn
  tags              = local.tags
}

resource "aws_lambda_permission" "__NAME__" {
  statement_id  = "events"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.__NAME__.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.__NAME__.arn
}

resource "aws_cloudwatch_event_rule" "__NAME__" {
  name = "${local.prefix}-__SLUG__"

  event_pattern = jsonencode({
    source        = ["aws.s3", "com.example.__DOMAIN__"]
    "detail-type" = ["Object Created", "__SLUG__"]
    detail = {
      severity = [{ numeric = [">=", 4] }]
    }
  })

  tags = local.tags
}

resource "aws_cloudwatch_event_target" "__NAME__" {
  rule = aws_cloudwatch_event_rule.__NAME__.name
  arn  = aws_lambda_function.__NAME__.arn
}
