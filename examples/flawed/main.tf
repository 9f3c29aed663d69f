terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.60, < 6.0"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project     = "shop"
      Environment = var.environment
      CostCenter  = "cc-1042"
    }
  }
}

# Certificates and the rest of what CloudFront needs live in us-east-1.  Whoever added this
# provider forgot the default tags.
provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

data "aws_caller_identity" "current" {}

locals {
  name       = "shop-${var.environment}"
  account_id = data.aws_caller_identity.current.account_id
  production = var.environment == "prod"

  tags = {
    Owner = "web-team"
  }

  # Staging was to be cheap; production got the same settings by mistake.
  protection = {
    backup_days = local.production ? 0 : 0
    encrypted   = !local.production
  }
}
