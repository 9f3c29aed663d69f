provider "aws" {
  region = "ca-central-1"
}

variable "repositories" {
  type = any
  default = {
    api    = { keep = 20, mutable = false }
    worker = { keep = 5, readers = ["111111111111", "222222222222"] }
  }
}

locals {
  github = "token.actions.githubusercontent.com"
  repos  = ["org/app:ref:refs/heads/main", "org/app:environment:production"]
}

resource "aws_ecr_repository" "this" {
  for_each             = var.repositories
  name                 = "team/${each.key}"
  image_tag_mutability = lookup(each.value, "mutable", true) ? "MUTABLE" : "IMMUTABLE"
  image_scanning_configuration {
    scan_on_push = true
  }
  encryption_configuration {
    encryption_type = "KMS"
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  for_each   = aws_ecr_repository.this
  repository = each.value.name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep the last ${var.repositories[each.key].keep} images"
      selection = {
        tagStatus   = "any"
        countType   = "imageCountMoreThan"
        countNumber = var.repositories[each.key].keep
      }
      action = { type = "expire" }
    }]
  })
}

data "aws_iam_policy_document" "readers" {
  for_each = { for k, r in var.repositories : k => r.readers if can(r.readers) }
  statement {
    actions = [for a in ["BatchGetImage", "GetDownloadUrlForLayer"] : "ecr:${a}"]
    principals {
      type        = "AWS"
      identifiers = formatlist("arn:aws:iam::%s:root", each.value)
    }
  }
}

resource "aws_ecr_repository_policy" "this" {
  for_each   = data.aws_iam_policy_document.readers
  repository = aws_ecr_repository.this[each.key].name
  policy     = each.value.json
}

resource "aws_iam_openid_connect_provider" "github" {
  url             = "https://${local.github}"
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]
}

data "aws_iam_policy_document" "github" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::123456789012:oidc-provider/${local.github}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.github}:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringLike"
      variable = "${local.github}:sub"
      values   = [for r in local.repos : "repo:${r}"]
    }
  }
}

resource "aws_iam_role" "github" {
  name               = "github"
  description        = "For ${length(local.repos)} claims of ${local.github}"
  assume_role_policy = data.aws_iam_policy_document.github.json
}

resource "aws_codebuild_project" "this" {
  for_each      = { for name in keys(var.repositories) : name => yamlencode({ version = 0.2, phases = { build = { commands = ["docker build -t ${name} ."] } } }) }
  name          = each.key
  service_role  = "arn:aws:iam::123456789012:role/build"
  build_timeout = 15
  artifacts {
    type = "NO_ARTIFACTS"
  }
  environment {
    compute_type    = "BUILD_GENERAL1_SMALL"
    image           = "aws/codebuild/standard:7.0"
    type            = "LINUX_CONTAINER"
    privileged_mode = true
    dynamic "environment_variable" {
      for_each = { REPO = each.key, KEEP = var.repositories[each.key].keep }
      content {
        name  = environment_variable.key
        value = environment_variable.value
      }
    }
  }
  source {
    type      = "NO_SOURCE"
    buildspec = each.value
  }
}

output "lifecycles" { value = { for k, p in aws_ecr_lifecycle_policy.this : k => jsondecode(p.policy).rules[0].selection.countNumber } }
