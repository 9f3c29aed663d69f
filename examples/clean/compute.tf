resource "aws_ebs_encryption_by_default" "main" {
  enabled = true
}

resource "aws_iam_instance_profile" "jobs" {
  name = "${local.name}-jobs"
  role = aws_iam_role.jobs.name
}

resource "aws_instance" "jobs" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "m7g.large"
  subnet_id                   = aws_subnet.private[var.zones[0]].id
  vpc_security_group_ids      = [aws_security_group.database.id]
  iam_instance_profile        = aws_iam_instance_profile.jobs.name
  associate_public_ip_address = false
  monitoring                  = true
  ebs_optimized               = true
  disable_api_termination     = true

  user_data = <<-EOT
    #!/bin/sh
    aws s3 sync s3://${local.name}-reports /srv/reports
  EOT

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    encrypted   = true
    kms_key_id  = aws_kms_key.data.arn
    volume_type = "gp3"
    volume_size = 20
  }

  tags = { Name = "${local.name}-jobs" }
}

resource "aws_lb" "web" {
  name                       = local.name
  load_balancer_type         = "application"
  internal                   = false
  subnets                    = aws_subnet.public[*].id
  security_groups            = [aws_security_group.web.id]
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"
  enable_deletion_protection = true

  access_logs {
    bucket  = aws_s3_bucket.logs.id
    prefix  = "web"
    enabled = true
  }
}

resource "aws_lb_target_group" "web" {
  name        = local.name
  port        = 8443
  protocol    = "HTTPS"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id

  health_check {
    path     = "/healthz"
    protocol = "HTTPS"
    matcher  = "200"
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_wafv2_web_acl" "web" {
  for_each = { REGIONAL = var.region }

  name  = local.name
  scope = each.key

  default_action {
    allow {}
  }

  dynamic "rule" {
    for_each = ["AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"]

    content {
      name     = rule.value
      priority = rule.key

      override_action {
        none {}
      }

      statement {
        managed_rule_group_statement {
          name        = rule.value
          vendor_name = "AWS"
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.value
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = local.name
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "web" {
  resource_arn = aws_lb.web.arn
  web_acl_arn  = aws_wafv2_web_acl.web["REGIONAL"].arn
}

resource "aws_wafv2_web_acl_logging_configuration" "web" {
  resource_arn            = aws_wafv2_web_acl.web["REGIONAL"].arn
  log_destination_configs = [aws_cloudwatch_log_group.shop["firewall"].arn]
}

resource "aws_ecs_cluster" "web" {
  name = local.name

  setting {
    name  = "containerInsights"
    value = "enabled"
  }

  configuration {
    execute_command_configuration {
      kms_key_id = aws_kms_key.data.arn
      logging    = "OVERRIDE"

      log_configuration {
        cloud_watch_encryption_enabled = true
        cloud_watch_log_group_name     = aws_cloudwatch_log_group.shop["web"].name
      }
    }
  }
}

resource "aws_ecs_task_definition" "web" {
  family                   = "${local.name}-web"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.task_execution.arn
  task_role_arn            = aws_iam_role.jobs.arn

  container_definitions = jsonencode([
    {
      name                   = "web"
      image                  = "${aws_ecr_repository.web.repository_url}:2024.11.3"
      essential              = true
      privileged             = false
      readonlyRootFilesystem = true
      user                   = "1000"
      portMappings           = [{ containerPort = 8443 }]
      secrets = [
        { name = "PAYMENT_TOKEN", valueFrom = aws_secretsmanager_secret.payment.arn },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.shop["web"].name
          "awslogs-region"        = var.region
          "awslogs-stream-prefix" = "web"
        }
      }
    },
  ])
}

resource "aws_cloudfront_origin_access_control" "website" {
  name                              = local.name
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_distribution" "website" {
  enabled             = true
  default_root_object = "index.html"
  aliases             = ["www.${var.domain}"]
  web_acl_id          = var.website_acl_arn

  origin_group {
    origin_id = "website"

    failover_criteria {
      status_codes = [500, 502, 503]
    }

    member {
      origin_id = "primary"
    }

    member {
      origin_id = "fallback"
    }
  }

  dynamic "origin" {
    for_each = { primary = "assets", fallback = "reports" }

    content {
      origin_id                = origin.key
      domain_name              = "${local.name}-${origin.value}.s3.${var.region}.amazonaws.com"
      origin_access_control_id = aws_cloudfront_origin_access_control.website.id
    }
  }

  default_cache_behavior {
    target_origin_id           = "website"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    viewer_protocol_policy     = "redirect-to-https"
    compress                   = true
    cache_policy_id            = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    response_headers_policy_id = "67f7725c-6f97-4210-82d7-5512b31e9d03"
  }

  logging_config {
    bucket = aws_s3_bucket.logs.bucket_domain_name
    prefix = "website/"
  }

  restrictions {
    geo_restriction {
      restriction_type = "whitelist"
      locations        = ["AT", "CH", "DE"]
    }
  }

  viewer_certificate {
    acm_certificate_arn      = var.website_certificate_arn
    minimum_protocol_version = "TLSv1.2_2021"
    ssl_support_method       = "sni-only"
  }
}
