# Keys of the __DOMAIN__ domain.

variable "alias" {
  description = "The name of the key"
  type        = string
}

variable "description" {
  description = "What the key is for"
  type        = string
  default     = null
}

variable "enable_key_rotation" {
  description = "Whether the key is rotated every year"
  type        = bool
  default     = true
}

variable "deletion_window_in_days" {
  description = "Days until a deleted key is gone"
  type        = number
  default     = __WINDOW__

  validation {
    condition     = var.deletion_window_in_days >= 7 && var.deletion_window_in_days <= 30
    error_message = "The window must be 7 to 30 days."
  }
}

variable "administrators" {
  description = "Who may administer the key"
  type        = list(string)
  default     = []
}

variable "users" {
  description = "Who may use the key"
  type        = list(string)
  default     = []
}

variable "services" {
  description = "Services that may use the key on our behalf"
  type        = set(string)
  default     = []
}

variable "tags" {
  description = "Tags for the key"
  type        = map(string)
  default     = {}
}

data "aws_partition" "current" {}
data "aws_caller_identity" "current" {}

locals {
  root = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "Default"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [local.root]
    }
  }

  dynamic "statement" {
    for_each = length(var.administrators) > 0 ? [1] : []

    content {
      sid = "KeyAdministration"
      actions = [
        "kms:Create*",
        "kms:Describe*",
        "kms:Enable*",
        "kms:List*",
        "kms:Put*",
        "kms:Update*",
        "kms:Revoke*",
        "kms:Disable*",
        "kms:Get*",
        "kms:ScheduleKeyDeletion",
        "kms:CancelKeyDeletion",
      ]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = var.administrators
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.users) > 0 ? [1] : []

    content {
      sid = "KeyUsage"
      actions = [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncrypt*",
        "kms:GenerateDataKey*",
        "kms:DescribeKey",
      ]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = var.users
      }
    }
  }

  dynamic "statement" {
    for_each = var.services

    content {
      sid       = "Service${title(split(".", statement.value)[0])}"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey"]
      resources = ["*"]

      principals {
        type        = "Service"
        identifiers = [statement.value]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [data.aws_caller_identity.current.account_id]
      }
    }
  }
}

resource "aws_kms_key" "this" {
  description             = coalesce(var.description, "Key ${var.alias} of __DOMAIN__")
  deletion_window_in_days = var.deletion_window_in_days
  enable_key_rotation     = var.enable_key_rotation
  policy                  = data.aws_iam_policy_document.this.json

  tags = var.tags
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.alias}"
  target_key_id = aws_kms_key.this.key_id
}

output "arn" {
  description = "The ARN of the key"
  value       = aws_kms_key.this.arn
}

output "id" {
  description = "The id of the key"
  value       = aws_kms_key.this.key_id
}
