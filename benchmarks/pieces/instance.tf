resource "aws_instance" "__NAME__" {
  count = var.environment == "prod" ? 3 : 1

  ami                         = "ami-0123456789abcdef0"
  instance_type               = "m6i.__SIZE__"
  subnet_id                   = element(var.network.private_subnets, count.index)
  associate_public_ip_address = __BOOL__
  monitoring                  = true
  ebs_optimized               = true

  root_block_device {
    encrypted   = __BOOL__
    volume_type = "gp3"
    volume_size = __TIMEOUT__
  }

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "__TOKENS__"
  }

  user_data = <<-EOT
    #!/bin/sh
    set -eu
    hostnamectl set-hostname "__SLUG__-${count.index}"
    echo "REGION=${var.region}" >> /etc/environment
  EOT

  tags = merge(local.tags, {
    Name = format("%s-__SLUG__-%02d", local.prefix, count.index + 1)
  })
}

resource "aws_ebs_volume" "__NAME__" {
  availability_zone = "${var.region}a"
  size              = 40
  type              = "gp3"
  encrypted         = true
  tags              = local.tags
}

resource "aws_volume_attachment" "__NAME__" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.__NAME__.id
  instance_id = aws_instance.__NAME__[0].id
}
