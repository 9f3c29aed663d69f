data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

data "aws_security_group" "default" {
  vpc_id = data.aws_vpc.default.id
  name   = "default"
}

resource "aws_lb" "web" {
  name                       = "web"
  internal                   = true
  security_groups            = [data.aws_security_group.default.id]
  subnets                    = slice(sort(data.aws_subnets.default.ids), 0, 2)
  drop_invalid_header_fields = true
  enable_deletion_protection = false
  idle_timeout               = 90
  desync_mitigation_mode     = "strictest"
  preserve_host_header       = true
  xff_header_processing_mode = "preserve"
  access_logs {
    bucket  = "logs"
    prefix  = "web"
    enabled = true
  }
  tags = { Owner = "tests" }
}

resource "aws_lb" "net" {
  name                             = "net"
  load_balancer_type               = "network"
  subnets                          = slice(sort(data.aws_subnets.default.ids), 0, 2)
  enable_cross_zone_load_balancing = true
}

resource "aws_lb_target_group" "web" {
  name                          = "web"
  port                          = 8080
  protocol                      = "HTTP"
  vpc_id                        = data.aws_vpc.default.id
  deregistration_delay          = 30
  slow_start                    = 60
  load_balancing_algorithm_type = "least_outstanding_requests"
  health_check {
    path                = "/health"
    interval            = 15
    timeout             = 5
    healthy_threshold   = 3
    unhealthy_threshold = 2
    matcher             = "200-299"
    port                = "8081"
  }
  stickiness {
    type            = "lb_cookie"
    cookie_duration = 3600
  }
  tags = { Owner = "tests" }
}

resource "aws_lb_target_group" "ips" {
  name        = "ips"
  port        = 443
  protocol    = "TCP"
  target_type = "ip"
  vpc_id      = data.aws_vpc.default.id
}

resource "aws_lb_listener" "redirect" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 8080
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_listener" "net" {
  load_balancer_arn = aws_lb.net.arn
  port              = 443
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.ips.arn
  }
}

resource "aws_lb_listener_rule" "api" {
  listener_arn = aws_lb_listener.web.arn
  priority     = 10
  action {
    type = "forward"
    forward {
      target_group {
        arn    = aws_lb_target_group.api.arn
        weight = 1
      }
      stickiness {
        enabled  = true
        duration = 600
      }
    }
  }
  condition {
    path_pattern {
      values = ["/api/*", "/v1/*"]
    }
  }
  condition {
    host_header {
      values = ["api.example.com"]
    }
  }
  condition {
    query_string {
      key   = "debug"
      value = "1"
    }
  }
}

resource "aws_lb_listener_rule" "teapot" {
  listener_arn = aws_lb_listener.web.arn
  priority     = 20
  action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      message_body = "short and stout"
      status_code  = "418"
    }
  }
  condition {
    http_header {
      http_header_name = "X-Tea"
      values           = ["*"]
    }
  }
  condition {
    source_ip {
      values = ["10.0.0.0/8"]
    }
  }
}

resource "aws_lb_target_group" "api" {
  name     = "api"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = data.aws_vpc.default.id
}
