resource "aws_s3_bucket" "full" {
  bucket = "auditkit-full"
  tags   = { Owner = "tests" }
}

resource "aws_s3_bucket" "bare" {
  bucket = "auditkit-bare"
}

resource "aws_s3_bucket_versioning" "full" {
  bucket = aws_s3_bucket.full.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "full" {
  bucket = aws_s3_bucket.full.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "full" {
  bucket              = aws_s3_bucket.full.id
  block_public_acls   = true
  block_public_policy = true
}
