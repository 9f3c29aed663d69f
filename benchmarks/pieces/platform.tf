module "__NAME__" {
  source = "../../../modules/platform"

  name        = "__SLUG__"
  environment = var.environment
  cidr        = var.network.cidr

  databases = {
    orders = {
      class      = "db.r6g.__SIZE__"
      storage    = 200
      encrypted  = __BOOL__
      parameters = { log_connections = 1, log_min_duration_statement = __TIMEOUT__ }
    }
    audit = {
      public              = __BOOL__
      allowed_cidr_blocks = ["__CIDR__"]
      replicas            = var.environment == "prod" ? 2 : 0
    }
  }

  cluster = {
    version      = "1.31"
    public       = __BOOL__
    public_cidrs = ["__CIDR__"]
    node_groups = {
      general = { min_size = 2, max_size = 6, desired_size = 2 }
      batch = {
        capacity_type  = "SPOT"
        instance_types = ["m6g.__SIZE__", "m6g.4xlarge"]
        taints = {
          batch = { key = "workload", value = "batch", effect = "NO_SCHEDULE" }
        }
      }
    }
  }

  tags = local.tags
}

output "__NAME___network" {
  description = "The network that services run in"
  value       = module.__NAME__.network
}
