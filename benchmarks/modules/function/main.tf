# Functions of the __DOMAIN__ domain.

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  in_vpc       = var.vpc != null
  package_type = var.runtime.image_uri != null ? "Image" : "Zip"
  s3_key       = coalesce(var.runtime.s3_key, "functions/${var.name}.zip")
  log_group    = "/aws/lambda/${var.name}"

  environment = merge(
    {
      LOG_LEVEL = "info"
      SERVICE   = var.name
      DOMAIN    = "__DOMAIN__"
    },
    var.environment_variables,
  )

  managed_policies = compact([
    local.in_vpc ? "service-role/AWSLambdaVPCAccessExecutionRole" : "",
    var.tracing_mode != null ? "AWSXRayDaemonWriteAccess" : "",
  ])
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  description   = "The ${var.name} function of __DOMAIN__"
  role          = aws_iam_role.this.arn
  package_type  = local.package_type
  handler       = local.package_type == "Zip" ? var.runtime.handler : null
  runtime       = local.package_type == "Zip" ? var.runtime.name : null
  layers        = local.package_type == "Zip" ? var.runtime.layers : null
  architectures = var.runtime.architectures
  memory_size   = var.memory_size
  timeout       = var.timeout
  kms_key_arn   = var.kms_key_arn
  image_uri     = var.runtime.image_uri
  s3_bucket     = local.package_type == "Zip" ? var.runtime.s3_bucket : null
  s3_key        = local.package_type == "Zip" ? local.s3_key : null

  reserved_concurrent_executions = var.reserved_concurrent_executions

  dynamic "environment" {
    for_each = length(keys(local.environment)) == 0 ? [] : [true]

    content {
      variables = local.environment
    }
  }

  dynamic "dead_letter_config" {
    for_each = var.dead_letter_target_arn == null ? [] : [true]

    content {
      target_arn = var.dead_letter_target_arn
    }
  }

  dynamic "tracing_config" {
    for_each = var.tracing_mode == null ? [] : [true]

    content {
      mode = var.tracing_mode
    }
  }

  dynamic "vpc_config" {
    for_each = local.in_vpc ? [var.vpc] : []

    content {
      security_group_ids = vpc_config.value.security_group_ids
      subnet_ids         = vpc_config.value.subnet_ids
    }
  }

  tags = var.tags

  depends_on = [
    aws_cloudwatch_log_group.this,
    aws_iam_role_policy.logs,
  ]
}

resource "aws_cloudwatch_log_group" "this" {
  name              = local.log_group
  retention_in_days = var.log_retention_in_days
  kms_key_id        = var.kms_key_arn

  tags = var.tags
}

resource "aws_iam_role" "this" {
  name_prefix = substr("${var.name}-", 0, 32)

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "lambda.amazonaws.com" }
        Action    = "sts:AssumeRole"
      },
    ]
  })

  tags = var.tags
}

resource "aws_iam_role_policy_attachment" "managed" {
  for_each = toset(local.managed_policies)

  role       = aws_iam_role.this.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.value}"
}

resource "aws_iam_role_policy" "logs" {
  name_prefix = "logs-"
  role        = aws_iam_role.this.id

  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": [
            "logs:CreateLogStream",
            "logs:PutLogEvents"
          ],
          "Resource": "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:log-group:${local.log_group}:*"
        }
      ]
    }
  POLICY
}

data "aws_iam_policy_document" "statements" {
  count = length(var.policy_statements) > 0 ? 1 : 0

  dynamic "statement" {
    for_each = var.policy_statements

    content {
      sid           = try(statement.value.sid, replace(title(statement.key), "/[^0-9A-Za-z]*/", ""))
      effect        = try(statement.value.effect, "Allow")
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "condition" {
        for_each = try(statement.value.condition, [])

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "statements" {
  count = length(var.policy_statements) > 0 ? 1 : 0

  name_prefix = "statements-"
  role        = aws_iam_role.this.id
  policy      = data.aws_iam_policy_document.statements[0].json
}

resource "aws_lambda_permission" "trigger" {
  for_each = var.allowed_triggers

  statement_id   = try(each.value.statement_id, each.key)
  action         = try(each.value.action, "lambda:InvokeFunction")
  function_name  = aws_lambda_function.this.function_name
  principal      = try(each.value.principal, format("%s.amazonaws.com", try(each.value.service, "")))
  source_arn     = try(each.value.source_arn, null)
  source_account = try(each.value.source_account, null)
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each = var.event_source_mapping

  function_name                      = aws_lambda_function.this.arn
  event_source_arn                   = try(each.value.event_source_arn, null)
  batch_size                         = try(each.value.batch_size, null)
  maximum_batching_window_in_seconds = try(each.value.maximum_batching_window_in_seconds, null)
  enabled                            = try(each.value.enabled, true)
  starting_position                  = try(each.value.starting_position, null)
  function_response_types            = try(each.value.function_response_types, null)

  dynamic "filter_criteria" {
    for_each = try(each.value.filter_criteria, null) != null ? [true] : []

    content {
      dynamic "filter" {
        for_each = try(flatten([each.value.filter_criteria]), [])

        content {
          pattern = try(filter.value.pattern, null)
        }
      }
    }
  }
}

resource "aws_lambda_function_url" "this" {
  count = var.function_url != null ? 1 : 0

  function_name      = aws_lambda_function.this.function_name
  authorization_type = var.function_url.authorization

  dynamic "cors" {
    for_each = var.function_url.cors[*]

    content {
      allow_origins = cors.value.allow_origins
      allow_methods = cors.value.allow_methods
      max_age       = cors.value.max_age
    }
  }
}

resource "aws_cloudwatch_event_rule" "schedule" {
  count = var.schedule_expression != "" ? 1 : 0

  name                = "${var.name}-schedule"
  schedule_expression = var.schedule_expression

  tags = var.tags
}

resource "aws_cloudwatch_event_target" "schedule" {
  count = var.schedule_expression != "" ? 1 : 0

  rule = aws_cloudwatch_event_rule.schedule[0].name
  arn  = aws_lambda_function.this.arn
}

resource "aws_lambda_permission" "schedule" {
  count = var.schedule_expression != "" ? 1 : 0

  statement_id  = "schedule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.schedule[0].arn
}
