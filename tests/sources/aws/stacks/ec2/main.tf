data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
  filter {
    name   = "availability-zone"
    values = ["us-east-1a"]
  }
}

resource "aws_kms_key" "disks" {
  description = "Disks"
}

resource "aws_security_group" "inline" {
  name        = "inline"
  description = "For the tests"
  vpc_id      = data.aws_vpc.default.id
  ingress {
    description      = "Web"
    protocol         = "tcp"
    from_port        = 443
    to_port          = 443
    cidr_blocks      = ["10.0.0.0/8", "172.16.0.0/12"]
    ipv6_cidr_blocks = ["2001:db8::/32"]
    self             = true
  }
  ingress {
    protocol        = "tcp"
    from_port       = 22
    to_port         = 22
    security_groups = [aws_security_group.bare.id]
  }
  ingress {
    protocol    = "icmp"
    from_port   = 8
    to_port     = -1
    cidr_blocks = ["10.0.0.0/8"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
  tags = { Name = "inline" }
}

resource "aws_security_group" "bare" {
  name   = "bare"
  vpc_id = data.aws_vpc.default.id
}

resource "aws_default_security_group" "default" {
  vpc_id = data.aws_vpc.default.id
  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id            = aws_security_group.bare.id
  description                  = "Terminal"
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 23
  referenced_security_group_id = aws_security_group.inline.id
  tags                         = { Name = "ssh" }
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.bare.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_key_pair" "admin" {
  key_name   = "admin"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDl+S0MRHNqsDLrCo2jLB3q2UNBf1YDH6hIQ6mNSVsj8 tests"
  tags       = { Name = "admin" }
}

resource "aws_instance" "full" {
  ami                         = aws_ami.golden.id
  instance_type               = "m5.large"
  subnet_id                   = data.aws_subnets.default.ids[0]
  vpc_security_group_ids      = [aws_security_group.inline.id]
  key_name                    = aws_key_pair.admin.key_name
  disable_api_termination     = true
  associate_public_ip_address = true
  root_block_device {
    volume_size = 12
    volume_type = "gp3"
    encrypted   = true
    tags        = { Name = "root" }
  }
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
  tags = { Name = "full" }
}

resource "aws_instance" "plain" {
  ami           = "ami-12c6146b"
  instance_type = "m5.large"
}

resource "aws_ebs_volume" "data" {
  availability_zone = "us-east-1a"
  size              = 20
  type              = "gp3"
  iops              = 3500
  throughput        = 150
  encrypted         = true
  kms_key_id        = aws_kms_key.disks.arn
  tags              = { Name = "data" }
}

resource "aws_ebs_volume" "spare" {
  availability_zone = "us-east-1a"
  size              = 8
}

resource "aws_volume_attachment" "data" {
  device_name = "/dev/sdf"
  instance_id = aws_instance.full.id
  volume_id   = aws_ebs_volume.data.id
}

resource "aws_ebs_snapshot" "data" {
  volume_id   = aws_ebs_volume.data.id
  description = "For the tests"
  tags        = { Name = "data" }
}

resource "aws_ami" "golden" {
  name                = "golden"
  description         = "For the tests"
  virtualization_type = "hvm"
  root_device_name    = "/dev/xvda"
  imds_support        = "v2.0"
  ena_support         = true
  ebs_block_device {
    device_name = "/dev/xvda"
    snapshot_id = aws_ebs_snapshot.data.id
    volume_size = 20
  }
  tags = { Name = "golden" }
}

resource "aws_ami_launch_permission" "partner" {
  image_id   = aws_ami.golden.id
  account_id = "210987654321"
}

resource "aws_ami_launch_permission" "everybody" {
  image_id = aws_ami.golden.id
  group    = "all"
}

resource "aws_eip" "attached" {
  domain   = "vpc"
  instance = aws_instance.plain.id
  tags     = { Name = "attached" }
}

resource "aws_eip" "associated" {
  domain = "vpc"
}

resource "aws_eip" "spare" {
  domain = "vpc"
}

resource "aws_network_interface" "main" {
  subnet_id         = data.aws_subnets.default.ids[0]
  description       = "For the tests"
  security_groups   = [aws_security_group.bare.id]
  source_dest_check = false
  tags              = { Name = "main" }
}

resource "aws_eip_association" "main" {
  allocation_id        = aws_eip.associated.id
  network_interface_id = aws_network_interface.main.id
}

resource "aws_launch_template" "full" {
  name                                 = "full"
  description                          = "For the tests"
  image_id                             = aws_ami.golden.id
  instance_type                        = "t3.large"
  key_name                             = aws_key_pair.admin.key_name
  ebs_optimized                        = true
  disable_api_termination              = true
  instance_initiated_shutdown_behavior = "terminate"
  vpc_security_group_ids               = [aws_security_group.bare.id]
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_size           = 30
      volume_type           = "gp3"
      encrypted             = true
      delete_on_termination = true
      kms_key_id            = aws_kms_key.disks.arn
    }
  }
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
  monitoring {
    enabled = true
  }
  iam_instance_profile {
    name = "web"
  }
  placement {
    tenancy = "default"
  }
  credit_specification {
    cpu_credits = "standard"
  }
  tags = { Name = "full" }
}

resource "aws_launch_template" "networked" {
  name = "networked"
  network_interfaces {
    associate_public_ip_address = true
    device_index                = 0
    security_groups             = [aws_security_group.bare.id]
    subnet_id                   = data.aws_subnets.default.ids[0]
  }
  tag_specifications {
    resource_type = "instance"
    tags          = { Owner = "tests" }
  }
}

resource "aws_ebs_encryption_by_default" "main" {
  enabled = true
}
