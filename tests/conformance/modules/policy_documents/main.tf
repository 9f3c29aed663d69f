# Every form of the data source aws_iam_policy_document; the texts must be equal to the letter.

provider "aws" {
  region = "us-east-1"
}

variable "accounts" {
  type    = list(string)
  default = ["222222222222", "111111111111", "222222222222"]
}

data "aws_iam_policy_document" "empty" {}

data "aws_iam_policy_document" "plain" {
  policy_id = "plain"
  version   = "2008-10-17"
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "sets" {
  statement {
    sid         = ""
    effect      = "Deny"
    not_actions = ["b:*", "a:*", "b:*", "c:Get"]
    not_resources = [
      "arn:aws:s3:::b/*",
      "arn:aws:s3:::a",
      "arn:aws:s3:::b/*",
    ]
  }
  statement {
    actions   = []
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "principals" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
    principals {
      type        = "AWS"
      identifiers = formatlist("arn:aws:iam::%s:root", var.accounts)
    }
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com", "batch.amazonaws.com"]
    }
  }
  statement {
    actions = ["s3:*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
  statement {
    actions = ["s3:Get*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
  statement {
    actions = ["s3:Put*"]
    not_principals {
      type        = "AWS"
      identifiers = ["111111111111"]
    }
  }
  statement {
    actions = ["s3:List*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "conditions" {
  statement {
    actions   = ["s3:*"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-1"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["b", "a", "b"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = [false]
    }
    condition {
      test     = "NumericLessThan"
      variable = "s3:max-keys"
      values   = [10, 1.5, 1e3]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-2", "o-3"]
    }
  }
}

data "aws_iam_policy_document" "text" {
  statement {
    sid       = "Text"
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::$${aws:username}/<a>&b/*", "&{aws:username}", "ä \"quoted\" \\"]
  }
}

data "aws_iam_policy_document" "sources" {
  source_policy_documents = [
    data.aws_iam_policy_document.plain.json,
    data.aws_iam_policy_document.text.json,
    jsonencode({ Version = "2012-10-17", Id = "source", Statement = [{ Sid = "One", Effect = "Allow", Action = ["b", "a"], Resource = "*" }] }),
    "",
  ]
  statement {
    sid       = "Own"
    actions   = ["ec2:*"]
    resources = ["*"]
  }
  statement {
    sid       = "Text"
    actions   = ["ec2:Describe*"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "overrides" {
  source_policy_documents = [data.aws_iam_policy_document.sources.json]
  statement {
    sid       = "Own"
    actions   = ["own:*"]
    resources = ["*"]
  }
  override_policy_documents = [
    jsonencode({ Statement = [
      { Sid = "One", Effect = "Deny", Action = "*", Resource = "*", Condition = { Bool = { "aws:x" = "true" } } },
      { Sid = "New", Effect = "Allow", Principal = { AWS = ["b", "a"] }, Action = "new:*", Resource = ["y", "x"] },
      { Effect = "Allow", Action = "nameless", Resource = "*" },
    ] }),
    data.aws_iam_policy_document.text.json,
  ]
}

data "aws_iam_policy_document" "dynamic" {
  dynamic "statement" {
    for_each = { read = ["s3:Get*", "s3:List*"], write = ["s3:Put*"] }
    iterator = it
    content {
      sid       = title(it.key)
      actions   = it.value
      resources = ["*"]
      dynamic "condition" {
        for_each = it.key == "write" ? { "aws:SourceVpce" = "vpce-1" } : {}
        content {
          test     = "StringEquals"
          variable = condition.key
          values   = [condition.value]
        }
      }
    }
  }
}

data "aws_iam_policy_document" "each" {
  for_each = toset(var.accounts)
  statement {
    actions   = ["sts:AssumeRole"]
    resources = ["arn:aws:iam::${each.key}:role/x"]
  }
}

output "empty" { value = data.aws_iam_policy_document.empty.json }
output "plain" { value = data.aws_iam_policy_document.plain.json }
output "sets" { value = data.aws_iam_policy_document.sets.json }
output "principals" { value = data.aws_iam_policy_document.principals.json }
output "conditions" { value = data.aws_iam_policy_document.conditions.json }
output "text" { value = data.aws_iam_policy_document.text.json }
output "sources" { value = data.aws_iam_policy_document.sources.json }
output "overrides" { value = data.aws_iam_policy_document.overrides.json }
output "dynamic" { value = data.aws_iam_policy_document.dynamic.json }
output "minified" { value = data.aws_iam_policy_document.dynamic.minified_json }
output "each" { value = { for k, d in data.aws_iam_policy_document.each : k => jsondecode(d.json).Statement[0].Resource } }
