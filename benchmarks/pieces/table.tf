resource "aws_dynamodb_table" "__NAME__" {
  name             = "${local.prefix}-__SLUG__"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  range_key        = "created_at"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  dynamic "attribute" {
    for_each = {
      id         = "S"
      created_at = "N"
      owner      = "S"
    }

    content {
      name = attribute.key
      type = attribute.value
    }
  }

  global_secondary_index {
    name            = "by-owner"
    hash_key        = "owner"
    range_key       = "created_at"
    projection_type = "ALL"
  }

  point_in_time_recovery {
    enabled = __BOOL__
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.main.arn
  }

  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  deletion_protection_enabled = var.environment == "prod"
  tags                        = local.tags
}
