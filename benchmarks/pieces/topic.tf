resource "aws_sns_topic" "__NAME__" {
  name              = "${local.prefix}-__SLUG__"
  kms_master_key_id = aws_kms_key.main.id
  tags              = local.tags
}

resource "aws_sqs_queue" "__NAME__" {
  for_each = toset(["fast", "slow", "__DATA__"])

  name                       = "${local.prefix}-__SLUG__-${each.key}"
  visibility_timeout_seconds = each.key == "slow" ? 600 : __TIMEOUT__
  kms_master_key_id          = __BOOL__ ? aws_kms_key.main.arn : null
  message_retention_seconds  = 86400

  redrive_policy = jsonencode({
    deadLetterTargetArn = "arn:aws:sqs:${var.region}:${var.account_id}:${local.prefix}-dead"
    maxReceiveCount     = 4
  })

  tags = merge(local.tags, { Lane = each.key })
}

resource "aws_sns_topic_subscription" "__NAME__" {
  for_each = aws_sqs_queue.__NAME__

  topic_arn     = aws_sns_topic.__NAME__.arn
  protocol      = "sqs"
  endpoint      = each.value.arn
  filter_policy = jsonencode({ lane = [each.key] })
}
