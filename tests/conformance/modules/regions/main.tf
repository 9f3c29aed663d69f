provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Region = "primary", Team = "core" }
  }
}

provider "aws" {
  alias  = "frankfurt"
  region = "eu-central-1"
  default_tags {
    tags = merge({ Region = "secondary" }, { for k, v in var.extra_tags : upper(k) => v })
  }
}

provider "aws" {
  alias  = "bare"
  region = "us-east-1"
}

variable "extra_tags" {
  type    = map(string)
  default = { audit = "yes" }
}

module "primary" {
  source = "./bucket"
  name   = "primary"
}

module "secondary" {
  source    = "./bucket"
  name      = "secondary"
  days      = 30
  providers = { aws = aws.frankfurt }
}

module "bare" {
  source    = "./bucket"
  for_each  = toset(["one", "two"])
  name      = "bare-${each.key}"
  tags      = { Index = index(["one", "two"], each.key) }
  providers = { aws = aws.bare }
}

resource "aws_dynamodb_table" "global" {
  provider     = aws.frankfurt
  name         = "global"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  dynamic "replica" {
    for_each = [module.primary.region]
    content {
      region_name = replica.value
    }
  }
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"
  tags             = { Team = "own" }
}

resource "aws_sns_topic" "plain" {
  name     = "plain"
  provider = aws.bare
}

output "regions" { value = distinct(concat([module.primary.region, module.secondary.region], [for b in module.bare : b.region])) }
