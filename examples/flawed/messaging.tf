resource "aws_sns_topic" "events" {
  name = "${local.name}-events"
  tags = local.tags
}

resource "aws_sns_topic_policy" "events" {
  arn = aws_sns_topic.events.arn

  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [{
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "sns:Publish",
        "Resource": "${aws_sns_topic.events.arn}"
      }]
    }
  JSON
}

resource "aws_sqs_queue" "mail" {
  name                    = "${local.name}-mail"
  sqs_managed_sse_enabled = false
  tags                    = local.tags
}

module "worker" {
  source = "./modules/worker"
  count  = 2

  name      = "${local.name}-worker-${count.index}"
  queue_arn = aws_sqs_queue.mail.arn
  retention = var.log_retention_days
  tags      = local.tags
}

resource "aws_secretsmanager_secret" "payment" {
  name                    = "${local.name}/payment"
  recovery_window_in_days = 0
  tags                    = local.tags
}
