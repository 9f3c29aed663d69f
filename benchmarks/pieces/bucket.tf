resource "aws_s3_bucket" "__NAME__" {
  bucket        = "${local.prefix}-__SLUG__"
  force_destroy = var.environment != "prod"

  tags = merge(local.tags, {
    Name = "__SLUG__"
    Data = "__DATA__"
  })
}

resource "aws_s3_bucket_versioning" "__NAME__" {
  bucket = aws_s3_bucket.__NAME__.id

  versioning_configuration {
    status = var.environment == "prod" ? "Enabled" : "__VERSIONING__"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "__NAME__" {
  bucket = aws_s3_bucket.__NAME__.id

  rule {
    bucket_key_enabled = __BOOL__

    apply_server_side_encryption_by_default {
      sse_algorithm = "__SSE__"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "__NAME__" {
  bucket = aws_s3_bucket.__NAME__.id

  block_public_acls       = true
  block_public_policy     = __BOOL__
  ignore_public_acls      = true
  restrict_public_buckets = __BOOL__
}

resource "aws_s3_bucket_lifecycle_configuration" "__NAME__" {
  bucket = aws_s3_bucket.__NAME__.id

  dynamic "rule" {
    for_each = { for days in [14, __RETENTION__] : "after-${days}" => days if days > 7 }

    content {
      id     = rule.key
      status = "Enabled"

      filter {
        prefix = "${rule.key}/"
      }

      expiration {
        days = rule.value
      }
    }
  }
}

data "aws_iam_policy_document" "__NAME___bucket" {
  statement {
    sid       = "Secure"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.__NAME__.arn, "${aws_s3_bucket.__NAME__.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "__NAME__" {
  bucket = aws_s3_bucket.__NAME__.id
  policy = data.aws_iam_policy_document.__NAME___bucket.json
}
