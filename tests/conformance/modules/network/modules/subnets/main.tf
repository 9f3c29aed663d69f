variable "vpc_id" { type = string }
variable "name" { type = string }
variable "public" {
  type    = bool
  default = false
}
variable "cidrs" { type = map(string) }
variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_subnet" "this" {
  for_each                = var.cidrs
  vpc_id                  = var.vpc_id
  cidr_block              = each.value
  availability_zone       = each.key
  map_public_ip_on_launch = var.public
  tags                    = merge(var.tags, { Name = join("-", [var.name, each.key]), Tier = var.name })
}

resource "aws_route_table" "this" {
  for_each = aws_subnet.this
  vpc_id   = var.vpc_id
  tags     = { Name = "${var.name}-${each.key}" }
}

resource "aws_route_table_association" "this" {
  for_each       = aws_subnet.this
  subnet_id      = each.value.id
  route_table_id = aws_route_table.this[each.key].id
}

output "ids" { value = { for zone, subnet in aws_subnet.this : zone => subnet.id } }
output "cidrs" { value = [for subnet in aws_subnet.this : subnet.cidr_block] }
output "route_tables" { value = { for zone, table in aws_route_table.this : zone => table.id } }
