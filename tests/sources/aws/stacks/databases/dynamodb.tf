resource "aws_dynamodb_table" "full" {
  name                        = "full"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  range_key                   = "at"
  deletion_protection_enabled = true
  stream_enabled              = true
  stream_view_type            = "NEW_AND_OLD_IMAGES"
  attribute {
    name = "id"
    type = "S"
  }
  attribute {
    name = "at"
    type = "N"
  }
  attribute {
    name = "owner"
    type = "S"
  }
  global_secondary_index {
    name               = "by-owner"
    hash_key           = "owner"
    range_key          = "at"
    projection_type    = "INCLUDE"
    non_key_attributes = ["size"]
  }
  local_secondary_index {
    name            = "by-time"
    range_key       = "owner"
    projection_type = "KEYS_ONLY"
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }
  point_in_time_recovery {
    enabled = true
  }
  ttl {
    enabled        = true
    attribute_name = "expires"
  }
  tags = { Owner = "tests" }
}

resource "aws_dynamodb_table" "bare" {
  name           = "bare"
  hash_key       = "id"
  read_capacity  = 5
  write_capacity = 2
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_resource_policy" "full" {
  resource_arn = aws_dynamodb_table.full.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "dynamodb:GetItem"
      Resource  = aws_dynamodb_table.full.arn
    }]
  })
}
