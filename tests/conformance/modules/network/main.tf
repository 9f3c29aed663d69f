terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region = var.region
}

variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "cidr" {
  type    = string
  default = "10.40.0.0/16"
}

variable "zones" {
  type    = list(string)
  default = ["a", "b", "c"]
}

variable "tiers" {
  type = map(object({
    offset = number
    bits   = optional(number, 4)
    public = optional(bool, false)
    tags   = optional(map(string), {})
  }))
  default = {
    public  = { offset = 0, public = true, tags = { "kubernetes.io/role/elb" = "1" } }
    private = { offset = 4 }
    data    = { offset = 64, bits = 8 }
  }
}

variable "rules" {
  type = list(object({
    name  = string
    ports = list(number)
    cidrs = optional(list(string))
    self  = optional(bool)
  }))
  default = [
    { name = "web", ports = [80, 443], cidrs = ["0.0.0.0/0"] },
    { name = "ssh", ports = [22], cidrs = ["10.0.0.0/8", "192.168.0.0/16"] },
    { name = "mesh", ports = [15000], self = true },
  ]
}

variable "single_nat" {
  type    = bool
  default = true
}

locals {
  name = "net-${replace(var.region, "-", "")}"
  tags = { Name = local.name, ManagedBy = "terraform" }
  ingress = flatten([
    for rule in var.rules : [
      for port in rule.ports : {
        key   = "${rule.name}-${port}"
        port  = port
        cidrs = coalesce(rule.cidrs, [])
        self  = rule.self
      }
    ]
  ])
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  enable_dns_support   = true
  tags                 = local.tags
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = merge(local.tags, { Name = "${local.name}-igw" })
}

module "subnets" {
  source   = "./modules/subnets"
  for_each = var.tiers

  vpc_id = aws_vpc.this.id
  name   = each.key
  public = each.value.public
  tags   = merge(local.tags, each.value.tags)
  cidrs = {
    for index, zone in var.zones :
    "${var.region}${zone}" => cidrsubnet(var.cidr, each.value.bits, each.value.offset + index)
  }
}

resource "aws_eip" "nat" {
  count  = var.single_nat ? 1 : length(var.zones)
  domain = "vpc"
  tags   = { Name = format("%s-nat-%02d", local.name, count.index + 1) }
}

resource "aws_nat_gateway" "this" {
  count         = length(aws_eip.nat)
  allocation_id = aws_eip.nat[count.index].id
  subnet_id     = values(module.subnets["public"].ids)[count.index]
}

resource "aws_security_group" "this" {
  name_prefix = "${local.name}-"
  description = "Managed by terraform"
  vpc_id      = aws_vpc.this.id

  dynamic "ingress" {
    for_each = { for rule in local.ingress : rule.key => rule }
    iterator = it
    content {
      description = title(it.key)
      from_port   = it.value.port
      to_port     = it.value.port
      protocol    = "tcp"
      cidr_blocks = it.value.cidrs
      self        = it.value.self
    }
  }

  egress {
    from_port        = 0
    to_port          = 0
    protocol         = -1
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }

  lifecycle {
    create_before_destroy = true
  }
  tags = local.tags
}

resource "aws_network_acl" "data" {
  vpc_id     = aws_vpc.this.id
  subnet_ids = values(module.subnets["data"].ids)
  dynamic "ingress" {
    for_each = [for cidr in module.subnets["private"].cidrs : cidr]
    content {
      rule_no    = 100 + 10 * ingress.key
      action     = "allow"
      protocol   = "tcp"
      from_port  = 5432
      to_port    = 5432
      cidr_block = ingress.value
    }
  }
}

resource "aws_flow_log" "this" {
  vpc_id                   = aws_vpc.this.id
  traffic_type             = "ALL"
  log_destination_type     = "s3"
  log_destination          = "arn:aws:s3:::flow-logs/${local.name}/"
  max_aggregation_interval = 60
}

resource "aws_vpc_endpoint" "gateway" {
  for_each          = toset(["s3", "dynamodb"])
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = flatten([for s in module.subnets : values(s.route_tables)])
}

output "subnet_cidrs" {
  value = { for tier, subnets in module.subnets : tier => subnets.cidrs }
}
