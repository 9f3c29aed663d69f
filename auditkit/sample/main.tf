# A small shop, as its team wrote it: `auditkit demo` checks it, its state, and what runs.

locals {
  tags = {
    Environment = "prod"
    Owner       = "shop"
  }
}

resource "aws_s3_bucket" "invoices" {
  bucket = "acme-shop-invoices"
  tags   = local.tags
}

resource "aws_s3_bucket_public_access_block" "invoices" {
  bucket                  = aws_s3_bucket.invoices.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "invoices" {
  bucket = aws_s3_bucket.invoices.id

  versioning_configuration {
    status = "Enabled"
  }
}

# Written correctly, but the volume is older than the line, and nobody has replaced it.
resource "aws_ebs_volume" "orders" {
  availability_zone = "us-east-1a"
  size              = 100
  encrypted         = true
  tags              = local.tags
}

resource "aws_security_group" "admin" {
  name        = "admin"
  description = "How the team gets in"
  vpc_id      = var.vpc_id
  tags        = local.tags

  ingress {
    description = "SSH"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_kms_key" "invoices" {
  description = "Invoices"
  tags        = local.tags
}

variable "vpc_id" {
  type        = string
  description = "The network of the shop."
}
