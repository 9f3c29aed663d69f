terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.60, < 6.0"
    }
  }

  backend "s3" {
    bucket       = "shop-terraform-state"
    key          = "shop/terraform.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}

locals {
  name       = "shop-${var.environment}"
  root_arn   = "arn:aws:iam::${var.account_id}:root"
  production = var.environment == "prod"

  tags = {
    Project     = "shop"
    Environment = var.environment
    Owner       = "web-team"
    CostCenter  = "cc-1042"
  }

  protection = {
    backup_days = local.production ? 30 : 14
    log_days    = max(365, var.log_retention_days)
  }
}

data "aws_iam_policy_document" "key" {
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [local.root_arn]
    }
  }

  dynamic "statement" {
    for_each = toset(["logs.${var.region}", "cloudtrail", "cloudwatch", "sns", "delivery.logs"])

    content {
      sid       = "Service${replace(title(replace(statement.value, "/[.-]/", " ")), " ", "")}"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey"]
      resources = ["*"]

      principals {
        type        = "Service"
        identifiers = ["${statement.value}.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [var.account_id]
      }
    }
  }
}

resource "aws_kms_key" "data" {
  description             = "Data of the shop"
  deletion_window_in_days = 30
  enable_key_rotation     = true
  policy                  = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "data" {
  name          = "alias/${local.name}"
  target_key_id = aws_kms_key.data.key_id
}
