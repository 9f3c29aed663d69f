terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "name" { type = string }
variable "days" {
  type    = number
  default = null
}
variable "tags" {
  type    = map(string)
  default = {}
}

data "aws_region" "current" {}
data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}

locals {
  arn  = "arn:${data.aws_partition.current.partition}:s3:::${local.full}"
  full = "${var.name}-${data.aws_region.current.name}"
}

resource "aws_s3_bucket" "this" {
  bucket = local.full
  tags   = var.tags
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_object_lock_configuration" "this" {
  count  = var.days == null ? 0 : 1
  bucket = aws_s3_bucket.this.bucket
  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = var.days
    }
  }
}

resource "aws_iam_policy" "read" {
  name        = "read-${var.name}"
  description = "Reads ${local.full}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:GetObject"], Resource = "${local.arn}/*" },
      { Effect = "Allow", Action = "s3:ListBucket", Resource = local.arn },
    ]
  })
}

resource "aws_ssm_parameter" "account" {
  name  = "/${var.name}/account"
  type  = "String"
  value = data.aws_caller_identity.current.account_id
}

output "region" { value = data.aws_region.current.name }
