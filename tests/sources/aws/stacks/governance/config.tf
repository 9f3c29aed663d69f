resource "aws_s3_bucket" "history" {
  bucket = "auditkit-history"
}

resource "aws_config_configuration_recorder" "here" {
  name     = "here"
  role_arn = "arn:aws:iam::123456789012:role/config"
  recording_group {
    all_supported                 = false
    include_global_resource_types = false
    resource_types                = ["AWS::EC2::Instance", "AWS::S3::Bucket"]
  }
}

resource "aws_config_delivery_channel" "here" {
  name           = "here"
  s3_bucket_name = aws_s3_bucket.history.id
  s3_key_prefix  = "config"
  snapshot_delivery_properties {
    delivery_frequency = "Six_Hours"
  }
  depends_on = [aws_config_configuration_recorder.here]
}

resource "aws_config_configuration_recorder_status" "here" {
  name       = aws_config_configuration_recorder.here.name
  is_enabled = true
  depends_on = [aws_config_delivery_channel.here]
}

resource "aws_config_config_rule" "versioning" {
  name             = "versioning"
  description      = "For the tests"
  tags             = { Owner = "tests" }
  input_parameters = jsonencode({ isMfaDeleteEnabled = "true" })
  source {
    owner             = "AWS"
    source_identifier = "S3_BUCKET_VERSIONING_ENABLED"
  }
  scope {
    compliance_resource_types = ["AWS::S3::Bucket"]
  }
  depends_on = [aws_config_configuration_recorder.here]
}

resource "aws_config_configuration_aggregator" "accounts" {
  name = "accounts"
  tags = { Owner = "tests" }
  account_aggregation_source {
    account_ids = ["123456789012"]
    all_regions = true
  }
}
