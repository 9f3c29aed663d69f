# Load balancers of the __DOMAIN__ domain.

variable "name" {
  description = "The name of the load balancer"
  type        = string
}

variable "internal" {
  description = "Whether it is reachable from inside only"
  type        = bool
  default     = false
}

variable "vpc_id" {
  description = "The VPC of the target groups"
  type        = string
}

variable "subnets" {
  description = "Where it stands"
  type        = list(string)
}

variable "security_groups" {
  description = "Its security groups"
  type        = list(string)
  default     = []
}

variable "access_logs" {
  description = "Where requests are logged"
  type        = map(string)
  default     = {}
}

variable "enable_deletion_protection" {
  description = "Whether deletion has to be allowed first"
  type        = bool
  default     = true
}

variable "listeners" {
  description = "Listeners, by name"
  type        = any
  default     = {}
}

variable "target_groups" {
  description = "Target groups, by name"
  type        = any
  default     = {}
}

variable "tags" {
  description = "Tags for everything"
  type        = map(string)
  default     = {}
}

locals {
  listener_rules = flatten([
    for listener_key, listener in var.listeners : [
      for rule_key, rule in lookup(listener, "rules", {}) :
      merge(rule, { listener_key = listener_key, rule_key = rule_key })
    ]
  ])
}

resource "aws_lb" "this" {
  name                       = substr("__DOMAIN__-${var.name}", 0, 32)
  load_balancer_type         = "application"
  internal                   = var.internal
  subnets                    = var.subnets
  security_groups            = var.security_groups
  enable_deletion_protection = var.enable_deletion_protection
  drop_invalid_header_fields = true

  dynamic "access_logs" {
    for_each = length(var.access_logs) > 0 ? [var.access_logs] : []

    content {
      bucket  = access_logs.value.bucket
      enabled = try(access_logs.value.enabled, true)
      prefix  = try(access_logs.value.prefix, null)
    }
  }

  tags = var.tags
}

resource "aws_lb_target_group" "this" {
  for_each = var.target_groups

  name_prefix          = substr(each.key, 0, 6)
  vpc_id               = var.vpc_id
  port                 = try(each.value.port, 80)
  protocol             = try(upper(each.value.protocol), "HTTP")
  target_type          = try(each.value.target_type, "ip")
  deregistration_delay = try(each.value.deregistration_delay, __TIMEOUT__)

  dynamic "health_check" {
    for_each = try([each.value.health_check], [])

    content {
      path                = try(health_check.value.path, "/")
      matcher             = try(health_check.value.matcher, "200-399")
      interval            = try(health_check.value.interval, null)
      healthy_threshold   = try(health_check.value.healthy_threshold, null)
      unhealthy_threshold = try(health_check.value.unhealthy_threshold, null)
      timeout             = try(health_check.value.timeout, null)
    }
  }

  dynamic "stickiness" {
    for_each = try([each.value.stickiness], [])

    content {
      type            = stickiness.value.type
      enabled         = try(stickiness.value.enabled, null)
      cookie_duration = try(stickiness.value.cookie_duration, null)
    }
  }

  tags = merge(var.tags, try(each.value.tags, {}))

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener" "this" {
  for_each = var.listeners

  load_balancer_arn = aws_lb.this.arn
  port              = try(each.value.port, null)
  protocol          = try(each.value.protocol, "HTTPS")
  certificate_arn   = try(each.value.certificate_arn, null)
  ssl_policy        = contains(["HTTPS", "TLS"], try(each.value.protocol, "HTTPS")) ? try(each.value.ssl_policy, "ELBSecurityPolicy-TLS13-1-2-Res-2021-06") : null

  dynamic "default_action" {
    for_each = try([each.value.redirect], [])

    content {
      type = "redirect"

      redirect {
        host        = try(default_action.value.host, null)
        port        = try(default_action.value.port, "443")
        protocol    = try(default_action.value.protocol, "HTTPS")
        status_code = try(default_action.value.status_code, "HTTP_301")
      }
    }
  }

  dynamic "default_action" {
    for_each = try([each.value.forward], [])

    content {
      type             = "forward"
      target_group_arn = aws_lb_target_group.this[default_action.value.target_group_key].arn
    }
  }

  dynamic "default_action" {
    for_each = try([each.value.fixed_response], [])

    content {
      type = "fixed-response"

      fixed_response {
        content_type = default_action.value.content_type
        message_body = try(default_action.value.message_body, null)
        status_code  = try(default_action.value.status_code, null)
      }
    }
  }

  tags = var.tags
}

resource "aws_lb_listener_rule" "this" {
  for_each = { for v in local.listener_rules : "${v.listener_key}/${v.rule_key}" => v }

  listener_arn = aws_lb_listener.this[each.value.listener_key].arn
  priority     = try(each.value.priority, null)

  dynamic "action" {
    for_each = [for action in each.value.actions : action if action.type == "forward"]

    content {
      type             = "forward"
      target_group_arn = aws_lb_target_group.this[action.value.target_group_key].arn
    }
  }

  dynamic "condition" {
    for_each = [for condition in each.value.conditions : condition if contains(keys(condition), "path_pattern")]

    content {
      path_pattern {
        values = condition.value.path_pattern.values
      }
    }
  }

  dynamic "condition" {
    for_each = [for condition in each.value.conditions : condition if contains(keys(condition), "host_header")]

    content {
      host_header {
        values = condition.value.host_header.values
      }
    }
  }

  tags = var.tags
}

output "arn" {
  description = "The ARN of the load balancer"
  value       = aws_lb.this.arn
}

output "dns_name" {
  description = "Its name in the DNS"
  value       = aws_lb.this.dns_name
}

output "target_group_arns" {
  description = "The target groups, by name"
  value       = { for name, group in aws_lb_target_group.this : name => group.arn }
}
