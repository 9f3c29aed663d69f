provider "aws" {
  region = "us-east-1"
}

locals {
  document = yamldecode(file("people.yaml"))
  people   = { for p in local.document.people : p.name => merge({ groups = [], path = "/" }, p) }
  groups   = toset(flatten(values(local.people)[*].groups))
  policies = { for f in fileset("${path.module}/policies", "*.json") : trimsuffix(f, ".json") => file("${path.module}/policies/${f}") }
  grants   = { for pair in setproduct(local.groups, keys(local.policies)) : join("/", pair) => { group = pair[0], policy = pair[1] } if contains(try(local.document.grants[pair[0]], []), pair[1]) }
}

resource "aws_iam_user" "this" {
  for_each      = local.people
  name          = each.key
  path          = each.value.path
  force_destroy = try(each.value.temporary, false)
  tags = {
    for k, v in { Mail = try(each.value.mail, null), Groups = join(" ", sort(each.value.groups)) } : k => v if v != null && v != ""
  }
}

resource "aws_iam_group" "this" {
  for_each = local.groups
  name     = each.value
}

resource "aws_iam_user_group_membership" "this" {
  for_each = { for name, p in local.people : name => p.groups if length(p.groups) > 0 }
  user     = aws_iam_user.this[each.key].name
  groups   = each.value
}

resource "aws_iam_policy" "this" {
  for_each = local.policies
  name     = title(each.key)
  policy   = each.value
}

resource "aws_iam_group_policy_attachment" "this" {
  for_each   = local.grants
  group      = aws_iam_group.this[each.value.group].name
  policy_arn = aws_iam_policy.this[each.value.policy].arn
}

data "aws_iam_policy_document" "base" {
  statement {
    sid         = "Mfa"
    effect      = "Deny"
    not_actions = ["iam:*", "sts:GetSessionToken"]
    resources   = ["*"]
    condition {
      test     = "BoolIfExists"
      variable = "aws:MultiFactorAuthPresent"
      values   = ["false"]
    }
    condition {
      test     = "NumericGreaterThan"
      variable = "aws:MultiFactorAuthAge"
      values   = [3600]
    }
  }
  statement {
    sid       = "Own"
    actions   = ["iam:GetUser", "iam:ChangePassword", "iam:*AccessKey*"]
    resources = ["arn:aws:iam::*:user/$${aws:username}"]
  }
}

data "aws_iam_policy_document" "extended" {
  source_policy_documents = [data.aws_iam_policy_document.base.json, local.policies["read"]]
  version                 = "2012-10-17"
  dynamic "statement" {
    for_each = { logs = ["logs:*"], metrics = ["cloudwatch:Get*", "cloudwatch:List*"] }
    content {
      sid       = title(statement.key)
      actions   = statement.value
      resources = ["*"]
    }
  }
  override_policy_documents = [
    jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "Own", Effect = "Allow", Action = "iam:GetUser", Resource = "*" }] })
  ]
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root"]
    }
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_policy" "extended" {
  name   = "extended"
  policy = data.aws_iam_policy_document.extended.json
}

resource "aws_iam_role" "admin" {
  name                 = "admin"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 60 * 60 * 4
  permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
  managed_policy_arns  = formatlist("arn:aws:iam::aws:policy/%s", ["ReadOnlyAccess", "job-function/Billing"])
}

resource "aws_iam_account_password_policy" "this" {
  minimum_password_length        = 16
  require_symbols                = true
  password_reuse_prevention      = 24
  max_password_age               = 90
  allow_users_to_change_password = true
}

output "grants" { value = keys(local.grants) }
