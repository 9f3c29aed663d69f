resource "aws_iam_policy" "deploy" {
  name = "${local.name}-deploy"
  tags = local.tags

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "*"
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
  tags           = local.tags
}

data "aws_iam_policy_document" "deploy_trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }

    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:*"]
    }
  }
}

resource "aws_iam_role" "deploy" {
  name               = "${local.name}-deploy"
  assume_role_policy = data.aws_iam_policy_document.deploy_trust.json
  tags               = local.tags
}

resource "aws_iam_role_policy_attachment" "deploy" {
  role       = aws_iam_role.deploy.name
  policy_arn = aws_iam_policy.deploy.arn
}

resource "aws_iam_user" "agency" {
  name = "agency"
  tags = local.tags
}

resource "aws_iam_user_policy" "agency" {
  name   = "reports"
  user   = aws_iam_user.agency.name
  policy = templatefile("${path.module}/policies/agency.json.tftpl", { account = local.account_id, services = ["s3", "rds"] })
}

resource "aws_iam_access_key" "agency" {
  user = aws_iam_user.agency.name
}

resource "aws_iam_account_password_policy" "main" {
  minimum_password_length   = 8
  require_symbols           = false
  password_reuse_prevention = 1
}
