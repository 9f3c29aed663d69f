resource "aws_s3_bucket" "logs" {
  bucket = "auditkit-trail"
}

resource "aws_cloudtrail" "all" {
  name                          = "all"
  s3_bucket_name                = aws_s3_bucket.logs.id
  s3_key_prefix                 = "trail"
  include_global_service_events = true
  is_multi_region_trail         = true
  enable_log_file_validation    = true
  kms_key_id                    = "arn:aws:kms:us-east-1:123456789012:key/4fa4b4b1-6f3c-4b8e-8d15-43c5ecf2a000"
  tags                          = { Owner = "tests" }
}
