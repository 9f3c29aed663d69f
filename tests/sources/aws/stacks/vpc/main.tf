resource "aws_vpc" "main" {
  cidr_block                           = "10.1.0.0/16"
  enable_dns_hostnames                 = true
  enable_network_address_usage_metrics = true
  tags                                 = { Name = "main" }
}

resource "aws_vpc" "peer" {
  cidr_block                       = "10.2.0.0/16"
  instance_tenancy                 = "dedicated"
  enable_dns_support               = false
  assign_generated_ipv6_cidr_block = true
}

data "aws_vpc" "default" {
  default = true
}

resource "aws_default_vpc" "default" {
  tags       = { Name = "default" }
  depends_on = [aws_main_route_table_association.default]
}

resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.1.1.0/24"
  availability_zone       = "us-east-1a"
  map_public_ip_on_launch = true
  tags                    = { Name = "public" }
}

resource "aws_subnet" "private" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.1.2.0/24"
  availability_zone = "us-east-1b"
}

resource "aws_subnet" "v6" {
  vpc_id     = aws_vpc.peer.id
  cidr_block = "10.2.1.0/24"
}

resource "aws_default_subnet" "a" {
  availability_zone = "us-east-1a"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
  tags   = { Name = "main" }
}

resource "aws_egress_only_internet_gateway" "peer" {
  vpc_id = aws_vpc.peer.id
  tags   = { Name = "peer" }
}

resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "public" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public.id
  tags          = { Name = "public" }
}

resource "aws_nat_gateway" "private" {
  connectivity_type = "private"
  subnet_id         = aws_subnet.private.id
}

resource "aws_route_table" "inline" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
  route {
    cidr_block                = aws_vpc.peer.cidr_block
    vpc_peering_connection_id = aws_vpc_peering_connection.main.id
  }
  tags = { Name = "inline" }
}

resource "aws_route_table" "split" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table" "v6" {
  vpc_id = aws_vpc.peer.id
}

resource "aws_route" "nat" {
  route_table_id         = aws_route_table.split.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.public.id
}

resource "aws_route" "v6" {
  route_table_id              = aws_route_table.v6.id
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = aws_egress_only_internet_gateway.peer.id
}

resource "aws_route" "transit" {
  route_table_id         = aws_route_table.split.id
  destination_cidr_block = "10.9.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.main.id
  depends_on             = [aws_ec2_transit_gateway_vpc_attachment.main]
}

resource "aws_route_table_association" "public" {
  route_table_id = aws_route_table.inline.id
  subnet_id      = aws_subnet.public.id
}

resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id
  tags                   = { Name = "default" }
}

resource "aws_main_route_table_association" "default" {
  vpc_id         = data.aws_vpc.default.id
  route_table_id = data.aws_vpc.default.main_route_table_id
}

resource "aws_network_acl" "inline" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.private.id]
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "6"
    cidr_block = "10.0.0.0/8"
    from_port  = 443
    to_port    = 443
  }
  egress {
    rule_no         = 100
    action          = "deny"
    protocol        = "-1"
    ipv6_cidr_block = "::/0"
    from_port       = 0
    to_port         = 0
  }
  tags = { Name = "inline" }
}

resource "aws_network_acl_rule" "tcp" {
  network_acl_id = aws_vpc.peer.default_network_acl_id
  rule_number    = 200
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = "0.0.0.0/0"
  from_port      = 22
  to_port        = 23
}

resource "aws_network_acl_rule" "names" {
  network_acl_id = aws_vpc.peer.default_network_acl_id
  rule_number    = 300
  egress         = true
  rule_action    = "deny"
  protocol       = "udp"
  cidr_block     = "10.0.0.0/8"
  from_port      = 53
  to_port        = 53
}

resource "aws_default_network_acl" "main" {
  default_network_acl_id = aws_vpc.main.default_network_acl_id
  depends_on             = [aws_network_acl.inline, aws_subnet.public]
  ingress {
    rule_no    = 50
    action     = "allow"
    protocol   = "-1"
    cidr_block = "10.0.0.0/8"
    from_port  = 0
    to_port    = 0
  }
}

resource "aws_vpc_peering_connection" "main" {
  vpc_id      = aws_vpc.main.id
  peer_vpc_id = aws_vpc.peer.id
  auto_accept = true
  tags        = { Name = "main" }
}

resource "aws_security_group" "endpoint" {
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_endpoint" "gateway" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.us-east-1.s3"
  route_table_ids = [aws_route_table.split.id]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "*"
    }]
  })
  tags = { Name = "gateway" }
}

resource "aws_vpc_endpoint" "interface" {
  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.us-east-1.ssm"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [aws_subnet.private.id]
  security_group_ids  = [aws_security_group.endpoint.id]
  private_dns_enabled = true
}


resource "aws_flow_log" "vpc" {
  vpc_id               = aws_vpc.main.id
  traffic_type         = "REJECT"
  log_destination_type = "s3"
  log_destination      = "arn:aws:s3:::${aws_s3_bucket.flow.bucket}"
  log_format           = "$${srcaddr} $${dstaddr} $${action}"
  tags                 = { Name = "vpc" }
}

resource "aws_s3_bucket" "flow" {
  bucket = "auditkit-flow"
}

resource "aws_ec2_transit_gateway" "main" {
  description                     = "For the tests"
  amazon_side_asn                 = 64514
  auto_accept_shared_attachments  = "enable"
  default_route_table_association = "disable"
  tags                            = { Name = "main" }
}

resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
  transit_gateway_id = aws_ec2_transit_gateway.main.id
  vpc_id             = aws_vpc.main.id
  subnet_ids         = [aws_subnet.private.id]
  tags               = { Name = "main" }
}

resource "aws_ec2_transit_gateway_route_table" "main" {
  transit_gateway_id = aws_ec2_transit_gateway.main.id
  tags               = { Name = "main" }
}

resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 3
  entry {
    cidr        = "192.0.2.0/24"
    description = "Here"
  }
  entry {
    cidr = "198.51.100.0/24"
  }
  tags = { Name = "offices" }
}

resource "aws_vpc_dhcp_options" "main" {
  domain_name          = "example.com"
  domain_name_servers  = ["10.1.0.2", "10.1.0.3"]
  ntp_servers          = ["10.1.0.4"]
  netbios_node_type    = 2
  netbios_name_servers = ["10.1.0.5"]
}

resource "aws_vpn_gateway" "peer" {
  vpc_id          = aws_vpc.peer.id
  amazon_side_asn = 64515
  tags            = { Name = "peer" }
}

resource "aws_customer_gateway" "office" {
  bgp_asn    = 65000
  ip_address = "192.0.2.10"
  type       = "ipsec.1"
  tags       = { Name = "office" }
}

resource "aws_vpn_connection" "office" {
  vpn_gateway_id      = aws_vpn_gateway.peer.id
  customer_gateway_id = aws_customer_gateway.office.id
  type                = "ipsec.1"
  static_routes_only  = true
}
