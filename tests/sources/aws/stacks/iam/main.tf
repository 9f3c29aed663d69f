locals {
  allow = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = "*"
    }]
  })
}

resource "aws_iam_policy" "list" {
  name        = "list"
  path        = "/tests/"
  description = "Lists"
  policy      = local.allow
}

resource "aws_iam_user" "ann" {
  name                 = "ann"
  path                 = "/people/"
  permissions_boundary = aws_iam_policy.list.arn
  tags                 = { Team = "a" }
}

resource "aws_iam_user" "bob" {
  name = "bob"
}

resource "aws_iam_access_key" "ann" {
  user = aws_iam_user.ann.name
}

resource "aws_iam_access_key" "old" {
  user   = aws_iam_user.bob.name
  status = "Inactive"
}

resource "aws_iam_user_login_profile" "ann" {
  user = aws_iam_user.ann.name
}

resource "aws_iam_user_policy" "ann" {
  name   = "inline"
  user   = aws_iam_user.ann.name
  policy = local.allow
}

resource "aws_iam_user_policy_attachment" "ann" {
  user       = aws_iam_user.ann.name
  policy_arn = aws_iam_policy.list.arn
}

resource "aws_iam_group" "readers" {
  name = "readers"
  path = "/groups/"
}

resource "aws_iam_group" "writers" {
  name = "writers"
}

resource "aws_iam_group_policy" "readers" {
  name   = "inline"
  group  = aws_iam_group.readers.name
  policy = local.allow
}

resource "aws_iam_group_policy_attachment" "readers" {
  group      = aws_iam_group.readers.name
  policy_arn = aws_iam_policy.list.arn
}

resource "aws_iam_user_group_membership" "ann" {
  user   = aws_iam_user.ann.name
  groups = [aws_iam_group.readers.name, aws_iam_group.writers.name]
}

resource "aws_iam_role" "app" {
  name                 = "app"
  path                 = "/apps/"
  description          = "Of the application"
  max_session_duration = 7200
  permissions_boundary = aws_iam_policy.list.arn
  tags                 = { Team = "a" }
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "app" {
  name   = "inline"
  role   = aws_iam_role.app.name
  policy = local.allow
}

resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.list.arn
}

resource "aws_iam_service_linked_role" "search" {
  aws_service_name = "es.amazonaws.com"
  description      = "Of the search"
}

resource "aws_iam_instance_profile" "app" {
  name = "app"
  path = "/apps/"
  role = aws_iam_role.app.name
}

resource "aws_iam_openid_connect_provider" "github" {
  url             = "https://token.actions.githubusercontent.com"
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]
  tags            = { Team = "a" }
}

resource "aws_iam_saml_provider" "company" {
  name                   = "company"
  saml_metadata_document = "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">${join("", [for _ in range(1000) : "x"])}</EntityDescriptor>"
}

resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length        = 14
  require_lowercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  require_uppercase_characters   = true
  allow_users_to_change_password = true
  max_password_age               = 90
  password_reuse_prevention      = 24
}

resource "aws_iam_account_alias" "alias" {
  account_alias = "auditkit-tests"
}
