locals {
  __NAME___ports = {
    https   = { port = 443, sources = ["__CIDR__"] }
    metrics = { port = __PORT__, sources = [var.network.cidr] }
  }
}

resource "aws_security_group" "__NAME__" {
  name        = "${local.prefix}-__SLUG__"
  description = "Traffic of __SLUG__"
  vpc_id      = var.network.vpc_id

  dynamic "ingress" {
    for_each = local.__NAME___ports

    content {
      description = ingress.key
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = ingress.value.sources
    }
  }

  egress {
    description = "Everywhere"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }

  tags = merge(local.tags, { Name = "${local.prefix}-__SLUG__" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group_rule" "__NAME___self" {
  type              = "ingress"
  security_group_id = aws_security_group.__NAME__.id
  description       = "Among themselves"
  from_port         = 0
  to_port           = 65535
  protocol          = "tcp"
  self              = true
}
