provider "aws" {
  region = "eu-west-3"
}

variable "steps" {
  default = ["extract", "transform", "load"]
}

variable "schedule" {
  type    = object({ rate = optional(number), cron = optional(string) })
  default = { rate = 5 }
  validation {
    condition     = (var.schedule.rate == null) != (var.schedule.cron == null)
    error_message = "Either a rate or a cron expression."
  }
}

locals {
  arns       = { for s in var.steps : s => "arn:aws:lambda:eu-west-3:123456789012:function:${s}" }
  expression = var.schedule.rate != null ? "rate(${var.schedule.rate} ${var.schedule.rate == 1 ? "minute" : "minutes"})" : "cron(${var.schedule.cron})"
  thresholds = { ExecutionsFailed = 0, ExecutionTime = 1.5e5, ExecutionThrottled = "10" }
}

resource "aws_ssm_document" "this" {
  name            = "etl"
  document_type   = "Automation"
  document_format = upper("json")
  content = templatefile("${path.module}/templates/machine.json.tftpl", {
    steps = [for i, s in var.steps : { name = title(s), arn = local.arns[s], next = try(title(var.steps[i + 1]), null) }]
  })
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/vendedlogs/states/etl"
  retention_in_days = 14
}

resource "aws_cloudwatch_log_metric_filter" "errors" {
  name           = "errors"
  pattern        = "{ $.level = \"ERROR\" }"
  log_group_name = aws_cloudwatch_log_group.this.name
  metric_transformation {
    name          = "Errors"
    namespace     = "Etl"
    value         = 1
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.thresholds
  alarm_name          = "etl-${lower(each.key)}"
  namespace           = "AWS/States"
  metric_name         = each.key
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = "1"
  period              = 5 * 60
  statistic           = endswith(each.key, "Time") ? "Average" : "Sum"
  threshold           = each.value
  treat_missing_data  = "notBreaching"
  dimensions          = { Document = aws_ssm_document.this.arn, Static = "yes" }
}

resource "aws_cloudwatch_event_rule" "this" {
  name                = "etl"
  schedule_expression = local.expression
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "etl"
  dashboard_body = jsonencode({
    widgets = [
      for i, metric in keys(local.thresholds) : {
        type       = "metric", x = i % 2 * 12, y = floor(i / 2) * 6, width = 12, height = 6
        properties = { metrics = [["AWS/States", metric]], region = "eu-west-3", title = metric }
      }
    ]
  })
}

resource "aws_kinesis_stream" "this" {
  name             = "events"
  shard_count      = 1 + 1
  retention_period = 48
  encryption_type  = "KMS"
  kms_key_id       = "alias/aws/kinesis"
  stream_mode_details {
    stream_mode = "PROVISIONED"
  }
}

resource "aws_glue_catalog_table" "this" {
  name          = "events"
  database_name = "lake"
  table_type    = "EXTERNAL_TABLE"
  parameters    = { classification = "parquet", "projection.enabled" = true }
  dynamic "partition_keys" {
    for_each = ["year", "month"]
    content {
      name = partition_keys.value
      type = partition_keys.key == 0 ? "int" : "string"
    }
  }
  storage_descriptor {
    location = "s3://lake/events/"
    dynamic "columns" {
      for_each = [{ name = "id" }, { name = "amount", type = "decimal(10,2)" }]
      content {
        name = columns.value.name
        type = lookup(columns.value, "type", "string")
      }
    }
  }
}

output "expression" { value = local.expression }
