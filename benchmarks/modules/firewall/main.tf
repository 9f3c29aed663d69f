# Security groups of the __DOMAIN__ domain.

variable "name" {
  description = "The name of the group"
  type        = string
}

variable "description" {
  description = "What the group is for"
  type        = string
  default     = "Managed by Terraform for __DOMAIN__"
}

variable "vpc_id" {
  description = "The VPC of the group"
  type        = string
}

variable "ingress" {
  description = "Who may come in, by name"
  type = map(object({
    from_port   = number
    to_port     = optional(number)
    protocol    = optional(string, "tcp")
    cidr_blocks = optional(list(string), [])
    group_ids   = optional(list(string), [])
  }))
  default = {}
}

variable "egress_cidr_blocks" {
  description = "Where traffic may go"
  type        = list(string)
  default     = ["0.0.0.0/0"]
}

variable "tags" {
  description = "Tags for the group"
  type        = map(string)
  default     = {}
}

locals {
  by_cidr = merge([
    for name, rule in var.ingress : {
      for cidr in rule.cidr_blocks :
      "${name}-${replace(cidr, "/[./:]/", "-")}" => merge(rule, { cidr = cidr, title = name })
    }
  ]...)

  by_group = flatten([
    for name, rule in var.ingress : [
      for index, group in rule.group_ids : {
        key       = "${name}-${index}"
        group     = group
        from_port = rule.from_port
        to_port   = coalesce(rule.to_port, rule.from_port)
        protocol  = rule.protocol
      }
    ]
  ])
}

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-"
  description = var.description
  vpc_id      = var.vpc_id

  tags = merge(var.tags, { Name = var.name })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "cidr" {
  for_each = local.by_cidr

  security_group_id = aws_security_group.this.id
  description       = each.value.title
  cidr_ipv4         = each.value.cidr
  from_port         = each.value.protocol == "-1" ? null : each.value.from_port
  to_port           = each.value.protocol == "-1" ? null : coalesce(each.value.to_port, each.value.from_port)
  ip_protocol       = each.value.protocol

  tags = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "group" {
  for_each = { for rule in local.by_group : rule.key => rule }

  security_group_id            = aws_security_group.this.id
  description                  = each.key
  referenced_security_group_id = each.value.group
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  ip_protocol                  = each.value.protocol

  tags = var.tags
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = toset(var.egress_cidr_blocks)

  security_group_id = aws_security_group.this.id
  description       = "Out to ${each.value}"
  cidr_ipv4         = each.value
  ip_protocol       = "-1"

  tags = var.tags
}

output "id" {
  description = "The id of the group"
  value       = aws_security_group.this.id
}
