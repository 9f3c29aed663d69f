terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true
  max_retries                 = 2
  default_tags { tags = { Env = "x" } }
}
variable "ports" { default = [22, 443] }
variable "names" { default = ["a", "b"] }
variable "secret" {
  default   = "hunter2-very-secret"
  sensitive = true
}
locals { prefix = "exp" }
resource "aws_kms_key" "k" {
  enable_key_rotation = true
  lifecycle { prevent_destroy = false }
}
module "bucket" {
  source   = "./modules/bucket"
  for_each = toset(var.names)
  name     = "${local.prefix}-${each.key}"
  key_arn  = aws_kms_key.k.arn
}
resource "aws_sqs_queue" "q" {
  name              = "q"
  kms_master_key_id = aws_kms_key.k.arn
}
resource "aws_security_group" "g" {
  name        = "g"
  description = "x"
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0", "10.0.0.0/8"]
    }
  }
}
resource "aws_sns_topic" "t" {
  name = "t"
}
resource "aws_sns_topic_policy" "t" {
  arn    = aws_sns_topic.t.arn
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sns:Publish", Resource = aws_sns_topic.t.arn }] })
}
resource "aws_iam_role" "r" {
  count              = 2
  name               = "r${count.index}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}
output "key" { value = aws_kms_key.k.arn }
output "sec" {
  value     = var.secret
  sensitive = true
}
output "buckets" { value = { for k, m in module.bucket : k => m.arn } }
resource "aws_ssm_parameter" "p" {
  name  = "p"
  type  = "SecureString"
  value = var.secret
}
