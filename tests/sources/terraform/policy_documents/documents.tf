data "aws_iam_policy_document" "simple" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*", "arn:aws:s3:::a/*"]
  }
}
data "aws_iam_policy_document" "full" {
  policy_id = "p"
  version   = "2008-10-17"
  statement {
    sid         = "One"
    effect      = "Deny"
    not_actions = ["s3:*", "a:b", "z:y"]
    resources   = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::1:root", "arn:aws:iam::2:root"]
    }
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:a"
      values   = ["z", "b"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:Z"
      values   = ["x"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
  statement {
    sid           = "Two"
    actions       = ["kms:Decrypt"]
    not_resources = ["b", "a"]
    not_principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
data "aws_iam_policy_document" "star" {
  statement {
    actions   = ["s3:*"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
data "aws_iam_policy_document" "twice" {
  statement {
    actions   = ["s3:*"]
    resources = ["x<y>&z"]
    principals {
      type        = "AWS"
      identifiers = ["b"]
    }
    principals {
      type        = "AWS"
      identifiers = ["a", "c"]
    }
    condition {
      test     = "StringLike"
      variable = "v"
      values   = ["1"]
    }
    condition {
      test     = "StringLike"
      variable = "v"
      values   = ["2"]
    }
  }
}
data "aws_iam_policy_document" "sources" {
  source_policy_documents = [data.aws_iam_policy_document.simple.json, data.aws_iam_policy_document.full.json]
  override_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "One", Effect = "Allow", Action = ["a:b", "c:d"], Resource = "*" }] })]
  statement {
    sid       = "Three"
    actions   = ["x:y"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "empty" {}
data "aws_iam_policy_document" "fold" {
  dynamic "statement" {
    for_each = { a = ["b"], c = ["d", "e"] }
    content {
      sid       = statement.key
      actions   = statement.value
      resources = [for x in ["q", "p"] : "arn:${x}"]
    }
  }
}
