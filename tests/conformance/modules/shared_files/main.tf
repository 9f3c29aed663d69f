provider "aws" {
  region = "sa-east-1"
}

variable "systems" {
  type    = set(string)
  default = ["home", "shared"]
}
variable "access_points" {
  type = list(object({ system = string, path = string, uid = optional(number, 1000) }))
  default = [
    { system = "home", path = "/users" },
    { system = "shared", path = "/data", uid = 0 },
    { system = "shared", path = "/tmp" },
  ]
}
variable "cold_days" {
  type    = number
  default = 0
}

resource "aws_efs_file_system" "this" {
  for_each         = var.systems
  creation_token   = each.key
  encrypted        = true
  performance_mode = "generalPurpose"
  throughput_mode  = each.key == "home" ? "bursting" : "elastic"
  dynamic "lifecycle_policy" {
    for_each = compact([var.cold_days > 0 ? "AFTER_${var.cold_days}_DAYS" : null, "AFTER_30_DAYS"])
    content {
      transition_to_ia = lifecycle_policy.value
    }
  }
  tags = { Name = each.key }
}

resource "aws_efs_access_point" "this" {
  for_each       = { for i, p in var.access_points : format("%02d-%s", i, trimprefix(p.path, "/")) => p }
  file_system_id = aws_efs_file_system.this[each.value.system].id
  posix_user {
    uid = each.value.uid
    gid = each.value.uid
  }
  root_directory {
    path = each.value.path
    creation_info {
      owner_uid   = each.value.uid
      owner_gid   = each.value.uid
      permissions = each.value.uid == 0 ? "0700" : "0755"
    }
  }
  tags = { Key = each.key }
}

resource "aws_backup_vault" "this" {
  name = "files-${substr(sha1("files"), 0, 6)}"
}

resource "aws_backup_plan" "this" {
  name = "files"
  dynamic "rule" {
    for_each = { daily = { hour = 5, keep = 35 }, monthly = { hour = 6, keep = 365, cold = 90 } }
    content {
      rule_name         = rule.key
      target_vault_name = aws_backup_vault.this.name
      schedule          = "cron(0 ${rule.value.hour} ${rule.key == "monthly" ? 1 : "*"} * ? *)"
      lifecycle {
        delete_after       = rule.value.keep
        cold_storage_after = try(rule.value.cold, null)
      }
    }
  }
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = "sessions"
  description                = "Sessions"
  engine                     = "redis"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = sensitive("not-a-secret-token")
  parameter_group_name       = "default.redis7"
  snapshot_retention_limit   = 7
}

resource "aws_wafv2_web_acl" "this" {
  name  = "files"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  dynamic "rule" {
    for_each = { for i, n in ["CommonRuleSet", "SQLiRuleSet"] : n => i }
    content {
      name     = rule.key
      priority = rule.value
      override_action {
        none {}
      }
      statement {
        managed_rule_group_statement {
          name        = "AWSManagedRules${rule.key}"
          vendor_name = "AWS"
          dynamic "rule_action_override" {
            for_each = rule.key == "CommonRuleSet" ? ["SizeRestrictions_BODY"] : []
            content {
              name = rule_action_override.value
              action_to_use {
                count {}
              }
            }
          }
        }
      }
      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = lower(rule.key)
        sampled_requests_enabled   = false
      }
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "files"
    sampled_requests_enabled   = true
  }
}

output "points" { value = [for p in aws_efs_access_point.this : p.root_directory[0].path] }
