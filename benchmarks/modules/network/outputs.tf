output "vpc_id" {
  description = "The id of the VPC"
  value       = try(aws_vpc.this[0].id, null)
}

output "vpc_arn" {
  description = "The ARN of the VPC"
  value       = try(aws_vpc.this[0].arn, null)
}

output "vpc_cidr_block" {
  description = "The range of the VPC"
  value       = try(aws_vpc.this[0].cidr_block, null)
}

output "public_subnets" {
  description = "Ids of the public subnets"
  value       = aws_subnet.public[*].id
}

output "private_subnets" {
  description = "Ids of the private subnets"
  value       = aws_subnet.private[*].id
}

output "database_subnets" {
  description = "Ids of the database subnets"
  value       = aws_subnet.database[*].id
}

output "database_subnet_group" {
  description = "Name of the database subnet group"
  value       = try(aws_db_subnet_group.database[0].name, null)
}

output "nat_public_ips" {
  description = "Public addresses of the NAT gateways"
  value       = aws_eip.nat[*].public_ip
}
