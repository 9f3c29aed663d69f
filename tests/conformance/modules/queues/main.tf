provider "aws" {
  region = "ap-southeast-2"
}

variable "queues" {
  type = map(object({
    fifo        = optional(bool, false)
    retention   = optional(number, 4 * 24 * 60 * 60)
    max_receive = optional(number, 5)
    subscribe   = optional(list(string), [])
    filter      = optional(map(list(string)))
  }))
  default = {
    orders   = { subscribe = ["order"], filter = { type = ["created", "paid"], region = ["eu"] } }
    invoices = { fifo = true, retention = 86400 }
    mails    = { subscribe = ["order", "user"], max_receive = 3 }
  }
}

locals {
  topics        = toset(flatten([for q in var.queues : q.subscribe]))
  subscriptions = { for pair in flatten([for name, q in var.queues : [for t in q.subscribe : { queue = name, topic = t }]]) : "${pair.topic}:${pair.queue}" => pair }
  suffix        = { for name, q in var.queues : name => q.fifo ? ".fifo" : "" }
}

resource "aws_sqs_queue" "this" {
  for_each                    = var.queues
  name                        = "${each.key}${local.suffix[each.key]}"
  fifo_queue                  = each.value.fifo ? true : null
  content_based_deduplication = each.value.fifo ? true : null
  message_retention_seconds   = each.value.retention
  visibility_timeout_seconds  = 90
  sqs_managed_sse_enabled     = true
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead[each.key].arn
    maxReceiveCount     = each.value.max_receive
  })
}

resource "aws_sqs_queue" "dead" {
  for_each                  = var.queues
  name                      = "${each.key}-dead${local.suffix[each.key]}"
  fifo_queue                = each.value.fifo ? true : null
  message_retention_seconds = 14 * 24 * 60 * 60
  kms_master_key_id         = "alias/aws/sqs"
}

resource "aws_sqs_queue_policy" "this" {
  for_each  = { for name, q in var.queues : name => q if length(q.subscribe) > 0 }
  queue_url = aws_sqs_queue.this[each.key].id
  policy    = <<POLICY
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"Service": "sns.amazonaws.com"},
      "Action": "sqs:SendMessage",
      "Resource": "arn:aws:sqs:ap-southeast-2:123456789012:${each.key}",
      "Condition": {"ArnLike": {"aws:SourceArn": ${jsonencode([for t in each.value.subscribe : "arn:aws:sns:*:*:${t}"])}}}
    }
  ]
}
POLICY
}

resource "aws_sns_topic" "this" {
  for_each          = local.topics
  name              = each.key
  display_name      = title(each.key)
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_sns_topic_subscription" "this" {
  for_each             = local.subscriptions
  topic_arn            = aws_sns_topic.this[each.value.topic].arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.this[each.value.queue].arn
  raw_message_delivery = true
  filter_policy        = var.queues[each.value.queue].filter == null ? null : jsonencode(var.queues[each.value.queue].filter)
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "nightly"
  schedule_expression = "cron(${join(" ", ["0", 3, "*", "*", "?", "*"])})"
  state               = "ENABLED"
}

resource "aws_cloudwatch_event_rule" "changes" {
  name = "changes"
  event_pattern = jsonencode({
    source      = ["aws.ec2"]
    detail-type = ["EC2 Instance State-change Notification"]
    detail      = { state = ["terminated", "stopped"] }
  })
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule  = aws_cloudwatch_event_rule.nightly.name
  arn   = aws_sqs_queue.this["mails"].arn
  input = jsonencode({ job = "nightly", at = null, weights = [1, 0.5, 1e3] })
}

output "subscriptions" { value = keys(local.subscriptions) }
