resource "aws_instance" "bastion" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t2.micro"
  subnet_id                   = aws_subnet.public[0].id
  vpc_security_group_ids      = [aws_security_group.web.id]
  associate_public_ip_address = true
  tags                        = merge(local.tags, { Name = "bastion" })

  user_data = <<-EOT
    #!/bin/sh
    export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
    export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
    aws s3 sync s3://${aws_s3_bucket.website.id} /srv
  EOT

  root_block_device {
    volume_size = 20
  }
}

resource "aws_ebs_volume" "scratch" {
  availability_zone = var.zones[0]
  size              = 500
  type              = "gp2"
  encrypted         = false
  tags              = local.tags
}

resource "aws_lb" "web" {
  name               = local.name
  load_balancer_type = "application"
  internal           = false
  subnets            = aws_subnet.public[*].id
  security_groups    = [aws_security_group.web.id]
  tags               = local.tags
}

resource "aws_lb_target_group" "web" {
  name     = local.name
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
  tags     = local.tags
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  tags              = local.tags

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_ecs_cluster" "web" {
  name = local.name
  tags = local.tags

  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

resource "aws_ecs_task_definition" "web" {
  family = "${local.name}-web"
  tags   = local.tags

  container_definitions = jsonencode([
    {
      name       = "web"
      image      = "${aws_ecr_repository.web.repository_url}:latest"
      memory     = 512
      privileged = true
      environment = [
        { name = "DB_PASSWORD", value = var.database_password },
      ]
      portMappings = [{ containerPort = 8080 }]
    },
  ])
}

resource "aws_cloudfront_distribution" "website" {
  provider = aws.us_east_1

  enabled             = true
  default_root_object = "index.html"
  tags                = local.tags

  origin {
    domain_name = aws_s3_bucket.website.bucket_regional_domain_name
    origin_id   = "website"
  }

  default_cache_behavior {
    target_origin_id       = "website"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    viewer_protocol_policy = "allow-all"

    forwarded_values {
      query_string = false

      cookies {
        forward = "none"
      }
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
    minimum_protocol_version       = "TLSv1"
  }
}
