terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }

  backend "s3" {
    bucket       = "__DOMAIN__-terraform-state"
    key          = "__SLUG__/terraform.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      ManagedBy  = "terraform"
      Domain     = "__DOMAIN__"
      CostCenter = "__CENTER__"
    }
  }
}

variable "region" {
  description = "Where everything is"
  type        = string
  default     = "eu-west-1"
}

variable "account_id" {
  description = "The account that this is applied to"
  type        = string
}

variable "environment" {
  description = "dev, staging or prod"
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environment is dev, staging or prod."
  }
}

variable "network" {
  description = "The network, from the platform"
  type = object({
    vpc_id                = optional(string, "vpc-0123456789abcdef0")
    cidr                  = optional(string, "10.__OCTET__.0.0/16")
    public_subnets        = optional(list(string), ["subnet-0a", "subnet-0b"])
    private_subnets       = optional(list(string), ["subnet-1a", "subnet-1b"])
    database_subnet_group = optional(string, "__DOMAIN__-databases")
  })
  default = {}
}

variable "extra_tags" {
  description = "More tags"
  type        = map(string)
  default     = {}
}

locals {
  prefix = "__DOMAIN__-${var.environment}"

  tags = merge(
    {
      Project     = "__DOMAIN__"
      Owner       = "__OWNER__"
      Environment = title(var.environment)
    },
    var.extra_tags,
  )

  permissions = {
    dynamodb = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
    sqs      = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"]
    kinesis  = var.environment == "prod" ? ["kinesis:PutRecord"] : ["kinesis:*"]
  }

  settings = {
    log_level = var.environment == "prod" ? "warning" : "debug"
    workers   = var.environment == "prod" ? 8 : 2
    feature   = null
  }
}

resource "aws_kms_key" "main" {
  description             = "Data of __SLUG__"
  enable_key_rotation     = __BOOL__
  deletion_window_in_days = __WINDOW__
  tags                    = local.tags
}

resource "aws_kms_alias" "main" {
  name          = "alias/${local.prefix}-__SLUG__"
  target_key_id = aws_kms_key.main.key_id
}

resource "aws_sns_topic" "alarms" {
  name              = "${local.prefix}-__SLUG__-alarms"
  kms_master_key_id = aws_kms_key.main.id
  tags              = local.tags
}
