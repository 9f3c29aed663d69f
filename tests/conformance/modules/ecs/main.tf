provider "aws" {
  region = "us-west-2"
}

variable "image" {
  type    = string
  default = "nginx:1.27"
}
variable "db_password" {
  type      = string
  default   = "not-a-secret"
  sensitive = true
}
variable "environment" {
  type    = map(string)
  default = { LOG = "info", PORT = 8080 }
}
variable "capacity" {
  type    = object({ min = optional(number, 1), max = optional(number, 4), cpu = optional(number, 60) })
  default = { max = 10 }
}

locals {
  name = "shop"
  container = {
    name      = local.name
    image     = var.image
    essential = true
    environment = [
      for k, v in var.environment : { name = k, value = v }
    ]
    portMappings = [{ containerPort = tonumber(var.environment["PORT"]), protocol = "tcp" }]
  }
}

resource "aws_ecs_cluster" "this" {
  name = local.name
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.name
  cpu                      = 256
  memory                   = 512
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = jsonencode([local.container])
}

resource "aws_ecs_task_definition" "secret" {
  family = "${local.name}-secret"
  container_definitions = jsonencode([
    merge(local.container, { environment = [{ name = "DB_PASSWORD", value = var.db_password }] })
  ])
}

resource "aws_ecs_task_definition" "template" {
  family = "${local.name}-template"
  container_definitions = templatefile("${path.module}/templates/containers.json", {
    name = local.name, image = var.image, cpu = 10, environment = var.environment
  })
}

resource "aws_lb" "this" {
  name                       = local.name
  internal                   = false
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.lb.id]
  subnets                    = ["subnet-11111111", "subnet-22222222"]
  drop_invalid_header_fields = true
  enable_deletion_protection = true
  access_logs {
    bucket  = "lb-logs"
    prefix  = local.name
    enabled = true
  }
}

resource "aws_security_group" "lb" {
  name   = "${local.name}-lb"
  vpc_id = "vpc-12345678"
}

resource "aws_security_group_rule" "lb" {
  for_each          = { http = 80, https = 443 }
  security_group_id = aws_security_group.lb.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = each.value
  to_port           = each.value
  cidr_blocks       = ["0.0.0.0/0"]
  description       = "${upper(each.key)} from anywhere"
}

resource "aws_vpc_security_group_egress_rule" "lb" {
  security_group_id = aws_security_group.lb.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_lb_target_group" "this" {
  name        = local.name
  port        = var.environment.PORT
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = "vpc-12345678"
  health_check {
    path                = "/health"
    matcher             = "200-299"
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
  stickiness {
    type    = "lb_cookie"
    enabled = false
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:us-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }
}

resource "aws_ecs_service" "this" {
  name                               = local.name
  cluster                            = aws_ecs_cluster.this.arn
  task_definition                    = aws_ecs_task_definition.this.arn
  desired_count                      = var.capacity.min
  launch_type                        = "FARGATE"
  deployment_minimum_healthy_percent = 100
  network_configuration {
    subnets          = ["subnet-11111111"]
    assign_public_ip = false
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.this.arn
    container_name   = local.name
    container_port   = local.container.portMappings[0].containerPort
  }
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
}

resource "aws_appautoscaling_target" "this" {
  min_capacity       = var.capacity.min
  max_capacity       = var.capacity.max
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.this.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  service_namespace  = "ecs"
}

resource "aws_appautoscaling_policy" "this" {
  for_each           = { CPU = var.capacity.cpu, Memory = 80 }
  name               = lower("${local.name}-${each.key}")
  policy_type        = "TargetTrackingScaling"
  resource_id        = aws_appautoscaling_target.this.resource_id
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  target_tracking_scaling_policy_configuration {
    target_value = each.value
    predefined_metric_specification {
      predefined_metric_type = "ECSService${each.key}AverageUtilization"
    }
  }
}

output "definition" { value = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment }
