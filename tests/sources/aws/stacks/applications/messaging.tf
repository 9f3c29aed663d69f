resource "aws_kms_key" "messages" {
  deletion_window_in_days = 7
}

resource "aws_sqs_queue" "full" {
  name                              = "full.fifo"
  fifo_queue                        = true
  content_based_deduplication       = true
  deduplication_scope               = "messageGroup"
  fifo_throughput_limit             = "perMessageGroupId"
  delay_seconds                     = 5
  max_message_size                  = 2048
  message_retention_seconds         = 86400
  receive_wait_time_seconds         = 10
  visibility_timeout_seconds        = 60
  kms_master_key_id                 = aws_kms_key.messages.arn
  kms_data_key_reuse_period_seconds = 600
  tags                              = { Owner = "tests" }
}

resource "aws_sqs_queue" "bare" {
  name = "bare"
}

resource "aws_sqs_queue_policy" "bare" {
  queue_url = aws_sqs_queue.bare.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "topic"
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Principal = { Service = "sns.amazonaws.com" }
      Resource  = aws_sqs_queue.bare.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.full.arn } }
    }]
  })
}

# Moto forgets the policy of a queue whose redrive policy is set.
resource "aws_sqs_queue_redrive_policy" "dead" {
  queue_url      = aws_sqs_queue.dead.url
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.bare.arn, maxReceiveCount = 4 })
}

resource "aws_sqs_queue" "dead" {
  name = "dead"
}

resource "aws_sns_topic" "full" {
  name                                = "full"
  display_name                        = "everything"
  kms_master_key_id                   = aws_kms_key.messages.key_id
  lambda_success_feedback_role_arn    = "arn:aws:iam::123456789012:role/feedback"
  lambda_success_feedback_sample_rate = 50
  http_failure_feedback_role_arn      = "arn:aws:iam::123456789012:role/feedback"
  tags                                = { Owner = "tests" }
}

resource "aws_sns_topic" "bare" {
  name = "bare"
}

resource "aws_sns_topic_policy" "full" {
  arn = aws_sns_topic.full.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "events"
      Effect    = "Allow"
      Action    = "sns:Publish"
      Principal = { Service = "events.amazonaws.com" }
      Resource  = aws_sns_topic.full.arn
    }]
  })
}

resource "aws_sns_topic_subscription" "queue" {
  topic_arn            = aws_sns_topic.full.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.bare.arn
  raw_message_delivery = true
  filter_policy        = jsonencode({ kind = ["order"] })
}

resource "aws_kinesis_stream" "full" {
  name                = "full"
  shard_count         = 2
  retention_period    = 48
  encryption_type     = "KMS"
  kms_key_id          = aws_kms_key.messages.arn
  shard_level_metrics = ["IncomingBytes"]
  tags                = { Owner = "tests" }
}

resource "aws_kinesis_stream" "bare" {
  name = "bare"
  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

resource "aws_kinesis_resource_policy" "full" {
  resource_arn = aws_kinesis_stream.full.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "read"
      Effect    = "Allow"
      Action    = ["kinesis:GetRecords"]
      Principal = { AWS = "arn:aws:iam::210987654321:root" }
      Resource  = aws_kinesis_stream.full.arn
    }]
  })
}

resource "aws_kinesis_firehose_delivery_stream" "full" {
  name        = "full"
  destination = "extended_s3"
  tags        = { Owner = "tests" }
  extended_s3_configuration {
    role_arn           = "arn:aws:iam::123456789012:role/firehose"
    bucket_arn         = aws_s3_bucket.records.arn
    buffering_size     = 10
    buffering_interval = 400
    compression_format = "GZIP"
    prefix             = "records/"
    kms_key_arn        = aws_kms_key.messages.arn
    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = "/aws/firehose"
      log_stream_name = "records"
    }
  }
  server_side_encryption {
    enabled  = true
    key_type = "CUSTOMER_MANAGED_CMK"
    key_arn  = aws_kms_key.messages.arn
  }
}

resource "aws_kinesis_firehose_delivery_stream" "stream" {
  name        = "stream"
  destination = "http_endpoint"
  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.full.arn
    role_arn           = "arn:aws:iam::123456789012:role/firehose"
  }
  http_endpoint_configuration {
    url            = "https://example.com/records"
    name           = "example"
    role_arn       = "arn:aws:iam::123456789012:role/firehose"
    s3_backup_mode = "FailedDataOnly"
    s3_configuration {
      role_arn   = "arn:aws:iam::123456789012:role/firehose"
      bucket_arn = aws_s3_bucket.records.arn
    }
  }
}

resource "aws_s3_bucket" "records" {
  bucket = "auditkit-records"
}

resource "aws_cloudwatch_event_bus" "full" {
  name        = "full"
  description = "for the tests"
  tags        = { Owner = "tests" }
}

resource "aws_cloudwatch_event_bus_policy" "full" {
  event_bus_name = aws_cloudwatch_event_bus.full.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "put"
      Effect    = "Allow"
      Action    = "events:PutEvents"
      Principal = { AWS = "210987654321" }
      Resource  = aws_cloudwatch_event_bus.full.arn
    }]
  })
}

resource "aws_cloudwatch_event_rule" "pattern" {
  name           = "pattern"
  event_bus_name = aws_cloudwatch_event_bus.full.name
  event_pattern  = jsonencode({ source = ["aws.s3"] })
  description    = "what happens to buckets"
}

resource "aws_cloudwatch_event_rule" "hourly" {
  name                = "hourly"
  schedule_expression = "rate(1 hour)"
  state               = "DISABLED"
}

resource "aws_cloudwatch_event_target" "queue" {
  rule           = aws_cloudwatch_event_rule.pattern.name
  event_bus_name = aws_cloudwatch_event_bus.full.name
  target_id      = "queue"
  arn            = aws_sqs_queue.bare.arn
  input_path     = "$.detail"
  dead_letter_config {
    arn = aws_sqs_queue.dead.arn
  }
  retry_policy {
    maximum_event_age_in_seconds = 120
    maximum_retry_attempts       = 3
  }
}

resource "aws_cloudwatch_event_target" "task" {
  rule      = aws_cloudwatch_event_rule.hourly.name
  target_id = "task"
  arn       = "arn:aws:ecs:us-east-1:123456789012:cluster/main"
  role_arn  = "arn:aws:iam::123456789012:role/events"
  ecs_target {
    task_count          = 2
    task_definition_arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/task:1"
    launch_type         = "FARGATE"
    network_configuration {
      subnets          = ["subnet-0123456789abcdef0"]
      security_groups  = ["sg-0123456789abcdef0"]
      assign_public_ip = true
    }
  }
}
