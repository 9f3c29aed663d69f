provider "aws" {
  region = "us-east-1"
}

variable "instances" {
  type = list(object({
    name    = string
    type    = optional(string, "t3.micro")
    volumes = optional(list(object({ device = string, size = number, type = optional(string, "gp3") })), [])
    public  = optional(bool)
    roles   = optional(set(string), ["base"])
  }))
  default = [
    { name = "web", public = true, roles = ["web", "base", "web"] },
    { name = "db", type = "r6g.large", volumes = [{ device = "/dev/sdf", size = 100 }, { device = "/dev/sdg", size = "50", type = "io2" }] },
  ]
}

locals {
  by_name = { for i in var.instances : i.name => i }
  image   = "ami-0123456789abcdef0"
}

resource "aws_instance" "this" {
  for_each                    = local.by_name
  ami                         = local.image
  instance_type               = each.value.type
  associate_public_ip_address = each.value.public
  monitoring                  = true
  ebs_optimized               = !startswith(each.value.type, "t")
  user_data = templatefile("${path.module}/init.sh.tftpl", {
    name  = each.key
    roles = each.value.roles
  })
  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }
  root_block_device {
    encrypted   = true
    volume_size = 8 * (each.key == "db" ? 4 : 1)
  }
  dynamic "ebs_block_device" {
    for_each = each.value.volumes
    iterator = volume
    content {
      device_name = volume.value.device
      volume_size = volume.value.size
      volume_type = volume.value.type
      encrypted   = true
      tags        = { Name = "${each.key}-${volume.key}" }
    }
  }
  tags = { Name = each.key, Roles = join("+", each.value.roles) }
}

resource "aws_launch_template" "this" {
  name_prefix            = "fleet-"
  image_id               = local.image
  instance_type          = "t3.small"
  update_default_version = true
  user_data              = base64encode(templatefile("${path.module}/init.sh.tftpl", { name = "fleet", roles = ["a"] }))
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_size           = 20
      encrypted             = true
      delete_on_termination = true
    }
  }
  dynamic "tag_specifications" {
    for_each = ["instance", "volume"]
    content {
      resource_type = tag_specifications.value
      tags          = { Name = "fleet-${tag_specifications.value}" }
    }
  }
}

resource "aws_autoscaling_group" "this" {
  name                = "fleet"
  min_size            = 1
  max_size            = length(var.instances) * 5
  desired_capacity    = ceil(length(var.instances) * 0.75)
  vpc_zone_identifier = ["subnet-11111111"]
  health_check_type   = "EC2"
  launch_template {
    id      = aws_launch_template.this.id
    version = "$Latest"
  }
  dynamic "tag" {
    for_each = merge({ Fleet = "yes" }, { for i, n in keys(local.by_name) : "Member${i}" => n })
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = tag.key != "Fleet"
    }
  }
  timeouts {
    delete = "15m"
  }
}

resource "aws_ebs_volume" "spare" {
  count             = 2
  availability_zone = "us-east-1${element(["a", "b"], count.index + 1)}"
  size              = 10 * (count.index + 1)
  encrypted         = true
  type              = "gp3"
  throughput        = 125
}

resource "aws_key_pair" "this" {
  key_name   = "fleet"
  public_key = trimspace(file("${path.module}/key.pub"))
}

output "types" { value = { for k, i in aws_instance.this : k => i.instance_type } }
