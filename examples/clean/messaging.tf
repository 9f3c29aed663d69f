resource "aws_sns_topic" "events" {
  name              = "${local.name}-events"
  kms_master_key_id = aws_kms_key.data.id
}

resource "aws_sns_topic_policy" "events" {
  arn = aws_sns_topic.events.arn

  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Alarms",
          "Effect": "Allow",
          "Principal": {"Service": ["cloudwatch.amazonaws.com", "cloudtrail.amazonaws.com"]},
          "Action": "sns:Publish",
          "Resource": "${aws_sns_topic.events.arn}",
          "Condition": {"StringEquals": {"aws:SourceAccount": "${var.account_id}"}}
        },
        {
          "Sid": "TlsOnly",
          "Effect": "Deny",
          "Principal": "*",
          "Action": "sns:Publish",
          "Resource": "${aws_sns_topic.events.arn}",
          "Condition": {"Bool": {"aws:SecureTransport": "false"}}
        }
      ]
    }
  JSON
}

resource "aws_sqs_queue" "mail" {
  name              = "${local.name}-mail"
  kms_master_key_id = aws_kms_key.data.arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "dead" {
  name                      = "${local.name}-dead"
  kms_master_key_id         = aws_kms_key.data.arn
  message_retention_seconds = 1209600
}

module "worker" {
  source = "./modules/worker"
  count  = 2

  name               = "${local.name}-worker-${count.index}"
  account_id         = var.account_id
  queue_arn          = aws_sqs_queue.mail.arn
  dead_letter_arn    = aws_sqs_queue.dead.arn
  key_arn            = aws_kms_key.data.arn
  retention          = local.protection.log_days
  subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
  security_group_ids = [aws_security_group.database.id]
}

resource "aws_secretsmanager_secret" "payment" {
  name                    = "${local.name}/payment"
  kms_key_id              = aws_kms_key.data.arn
  recovery_window_in_days = 30
}

resource "aws_secretsmanager_secret_rotation" "payment" {
  secret_id           = aws_secretsmanager_secret.payment.id
  rotation_lambda_arn = module.worker[0].function_arn

  rotation_rules {
    automatically_after_days = 30
  }
}
