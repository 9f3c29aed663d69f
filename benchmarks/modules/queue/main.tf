# Queues of the __DOMAIN__ domain.

locals {
  suffix     = var.fifo ? ".fifo" : ""
  queue_name = "${var.name}${local.suffix}"
  own_topics = { for name, topic in var.topics : name => topic if topic.arn == null }
  topic_arns = {
    for name, topic in var.topics :
    name => coalesce(topic.arn, try(aws_sns_topic.this[name].arn, null), "none")
  }
}

resource "aws_sqs_queue" "this" {
  name       = local.queue_name
  fifo_queue = var.fifo ? true : null

  visibility_timeout_seconds = var.settings.visibility_timeout
  message_retention_seconds  = var.settings.retention_seconds
  max_message_size           = var.settings.max_message_size
  delay_seconds              = var.settings.delay_seconds
  receive_wait_time_seconds  = var.settings.receive_wait

  kms_master_key_id       = var.kms_key_arn
  sqs_managed_sse_enabled = var.kms_key_arn == null ? true : null

  tags = var.tags
}

resource "aws_sqs_queue" "dead_letter" {
  count = var.dead_letter.enabled ? 1 : 0

  name       = "${var.name}-dlq${local.suffix}"
  fifo_queue = var.fifo ? true : null

  message_retention_seconds = 1209600
  kms_master_key_id         = var.kms_key_arn
  sqs_managed_sse_enabled   = var.kms_key_arn == null ? true : null

  tags = merge(var.tags, { Purpose = "dead letters of ${local.queue_name}" })
}

resource "aws_sqs_queue_redrive_policy" "this" {
  count = var.dead_letter.enabled ? 1 : 0

  queue_url = aws_sqs_queue.this.url

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter[0].arn
    maxReceiveCount     = var.dead_letter.max_receive_count
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "this" {
  count = var.dead_letter.enabled ? 1 : 0

  queue_url = aws_sqs_queue.dead_letter[0].url

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.this.arn]
  })
}

resource "aws_sns_topic" "this" {
  for_each = local.own_topics

  name              = "${var.name}-${each.key}${local.suffix}"
  fifo_topic        = var.fifo
  kms_master_key_id = var.kms_key_arn

  tags = var.tags
}

resource "aws_sns_topic_subscription" "this" {
  for_each = var.topics

  topic_arn            = local.topic_arns[each.key]
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.this.arn
  raw_message_delivery = each.value.raw
  filter_policy        = each.value.filter_policy == null ? null : jsonencode(each.value.filter_policy)
}

data "aws_iam_policy_document" "this" {
  count = length(var.topics) > 0 ? 1 : 0

  dynamic "statement" {
    for_each = local.topic_arns
    iterator = topic

    content {
      sid       = replace(title(topic.key), "-", "")
      effect    = "Allow"
      actions   = ["sqs:SendMessage"]
      resources = [aws_sqs_queue.this.arn]

      principals {
        type        = "Service"
        identifiers = ["sns.amazonaws.com"]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = [topic.value]
      }
    }
  }
}

resource "aws_sqs_queue_policy" "this" {
  count = length(var.topics) > 0 ? 1 : 0

  queue_url = aws_sqs_queue.this.url
  policy    = data.aws_iam_policy_document.this[0].json
}

output "arn" {
  description = "The ARN of the queue"
  value       = aws_sqs_queue.this.arn
}

output "url" {
  description = "The URL of the queue"
  value       = aws_sqs_queue.this.url
}

output "dead_letter_arn" {
  description = "The ARN of the dead letter queue"
  value       = one(aws_sqs_queue.dead_letter[*].arn)
}

output "topic_arns" {
  description = "The topics, by name"
  value       = local.topic_arns
}
