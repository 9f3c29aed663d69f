variable "name" {
  description = "The name of the bucket"
  type        = string
}

variable "algorithm" {
  description = "How objects are encrypted"
  type        = string
  default     = "aws:kms"
}

variable "versioning" {
  description = "Whether old versions are kept"
  type        = bool
  default     = true
}

variable "public" {
  description = "Whether everybody may read"
  type        = bool
  default     = false
}

variable "expire" {
  description = "Days until objects are deleted"
  type        = number
  default     = null
}

variable "tags" {
  description = "Tags of the bucket"
  type        = map(string)
  default     = {}
}

resource "aws_s3_bucket" "this" {
  bucket = var.name
  tags   = var.tags
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = var.versioning ? "Enabled" : "Suspended"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = var.algorithm
    }
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = !var.public
  block_public_policy     = !var.public
  ignore_public_acls      = !var.public
  restrict_public_buckets = !var.public
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count = var.expire == null ? 0 : 1

  bucket = aws_s3_bucket.this.id

  dynamic "rule" {
    for_each = [var.expire]

    content {
      id     = "expire"
      status = "Enabled"

      filter {}

      expiration {
        days = rule.value
      }
    }
  }
}

output "id" {
  description = "The name of the bucket"
  value       = aws_s3_bucket.this.id
}

output "arn" {
  description = "The ARN of the bucket"
  value       = aws_s3_bucket.this.arn
}
