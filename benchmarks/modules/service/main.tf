# A service of the __DOMAIN__ domain: key, buckets, queues, functions and a load balancer.

variable "name" {
  description = "The name of the service"
  type        = string
}

variable "environment" {
  description = "dev, staging or prod"
  type        = string
}

variable "network" {
  description = "Where the service runs"
  type = object({
    vpc_id          = string
    vpc_cidr        = optional(string, "10.0.0.0/16")
    public_subnets  = optional(list(string), [])
    private_subnets = optional(list(string), [])
  })
}

variable "buckets" {
  description = "Buckets, by name"
  type = map(object({
    versioned     = optional(bool, true)
    encrypted     = optional(bool, true)
    expire_days   = optional(number)
    public        = optional(bool, false)
    force_destroy = optional(bool, false)
  }))
  default = {}
}

variable "functions" {
  description = "Functions, by name"
  type = map(object({
    memory      = optional(number, 256)
    timeout     = optional(number, 30)
    queue       = optional(string)
    schedule    = optional(string, "")
    tracing     = optional(bool, true)
    environment = optional(map(string), {})
  }))
  default = {}
}

variable "queues" {
  description = "Queues, by name"
  type = map(object({
    fifo   = optional(bool, false)
    topics = optional(list(string), [])
  }))
  default = {}
}

variable "certificate_arn" {
  description = "The certificate of the load balancer; without one there is none"
  type        = string
  default     = null
}

variable "log_bucket" {
  description = "The bucket that access logs go to"
  type        = string
  default     = "__DOMAIN__-access-logs"
}

variable "tags" {
  description = "Tags for everything"
  type        = map(string)
  default     = {}
}

locals {
  prefix     = "${var.environment}-${var.name}"
  production = var.environment == "prod"

  tags = merge(var.tags, {
    Service     = var.name
    Environment = var.environment
  })

  lifecycle_rules = {
    for name, bucket in var.buckets : name => [
      for days in compact([bucket.expire_days]) : {
        id         = "expire"
        enabled    = true
        expiration = { days = days }
        noncurrent_version_expiration = {
          days = 30
        }
      }
    ]
  }
}

module "key" {
  source = "../key"

  alias       = local.prefix
  description = "Data of ${var.name} in ${var.environment}"
  services    = ["sns.amazonaws.com", "logs.amazonaws.com"]
  tags        = local.tags
}

module "bucket" {
  source   = "../bucket"
  for_each = var.buckets

  bucket        = "${local.prefix}-${each.key}"
  force_destroy = each.value.force_destroy && !local.production

  versioning = {
    enabled = each.value.versioned
  }

  server_side_encryption_configuration = each.value.encrypted ? {
    rule = {
      bucket_key_enabled = true
      apply_server_side_encryption_by_default = {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = module.key.arn
      }
    }
  } : {}

  logging = local.production ? {
    target_bucket = var.log_bucket
    target_prefix = "${local.prefix}-${each.key}/"
  } : {}

  lifecycle_rule                        = local.lifecycle_rules[each.key]
  attach_deny_insecure_transport_policy = true
  attach_require_latest_tls_policy      = local.production

  block_public_acls       = !each.value.public
  block_public_policy     = !each.value.public
  ignore_public_acls      = !each.value.public
  restrict_public_buckets = !each.value.public

  tags = merge(local.tags, { Bucket = each.key })
}

module "queue" {
  source   = "../queue"
  for_each = var.queues

  name        = "${local.prefix}-${each.key}"
  fifo        = each.value.fifo
  kms_key_arn = module.key.arn
  topics      = { for topic in each.value.topics : topic => {} }

  dead_letter = {
    max_receive_count = local.production ? 5 : 3
  }

  tags = local.tags
}

module "function_firewall" {
  source = "../firewall"

  name   = "${local.prefix}-functions"
  vpc_id = var.network.vpc_id
  tags   = local.tags
}

module "function" {
  source   = "../function"
  for_each = var.functions

  name         = "${local.prefix}-${each.key}"
  memory_size  = each.value.memory
  timeout      = each.value.timeout
  tracing_mode = each.value.tracing ? "Active" : null
  kms_key_arn  = module.key.arn

  environment_variables = merge(each.value.environment, {
    ENVIRONMENT = var.environment
    BUCKETS     = join(",", [for bucket in module.bucket : bucket.id])
  })

  vpc = length(var.network.private_subnets) == 0 ? null : {
    subnet_ids         = var.network.private_subnets
    security_group_ids = [module.function_firewall.id]
  }

  policy_statements = merge(
    {
      key = {
        actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
        resources = [module.key.arn]
      }
    },
    {
      for name, bucket in module.bucket : "bucket-${name}" => {
        actions   = ["s3:GetObject", "s3:PutObject"]
        resources = ["${bucket.arn}/*"]
      }
    },
    each.value.queue == null ? {} : {
      queue = {
        actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        resources = [try(module.queue[each.value.queue].arn, "*")]
      }
    },
  )

  event_source_mapping = each.value.queue == null ? {} : {
    queue = {
      event_source_arn        = module.queue[each.value.queue].arn
      batch_size              = 10
      function_response_types = ["ReportBatchItemFailures"]
    }
  }

  schedule_expression    = each.value.schedule
  dead_letter_target_arn = try(module.queue[each.value.queue].dead_letter_arn, null)

  tags = local.tags
}

module "balancer_firewall" {
  source = "../firewall"
  count  = var.certificate_arn != null ? 1 : 0

  name   = "${local.prefix}-balancer"
  vpc_id = var.network.vpc_id

  ingress = {
    https = { from_port = 443, cidr_blocks = ["0.0.0.0/0"] }
    http  = { from_port = 80, cidr_blocks = ["0.0.0.0/0"] }
  }

  egress_cidr_blocks = [var.network.vpc_cidr]
  tags               = local.tags
}

module "balancer" {
  source = "../balancer"
  count  = var.certificate_arn != null ? 1 : 0

  name            = var.name
  vpc_id          = var.network.vpc_id
  subnets         = var.network.public_subnets
  security_groups = module.balancer_firewall[*].id

  access_logs = {
    bucket = var.log_bucket
    prefix = local.prefix
  }

  listeners = {
    http = {
      port     = 80
      protocol = "HTTP"
      redirect = { port = "443", protocol = "HTTPS", status_code = "HTTP_301" }
    }
    https = {
      port            = 443
      protocol        = "HTTPS"
      certificate_arn = var.certificate_arn
      forward         = { target_group_key = "web" }
      rules = {
        api = {
          priority   = 10
          actions    = [{ type = "forward", target_group_key = "api" }]
          conditions = [{ path_pattern = { values = ["/api/*"] } }]
        }
      }
    }
  }

  target_groups = {
    web = { port = 8080, health_check = { path = "/healthz" } }
    api = { port = 8081, health_check = { path = "/api/healthz", interval = 15 } }
  }

  tags = local.tags
}

output "key_arn" {
  description = "The key of the service"
  value       = module.key.arn
}

output "buckets" {
  description = "The buckets, by name"
  value       = { for name, bucket in module.bucket : name => bucket.arn }
}

output "queues" {
  description = "The queues, by name"
  value       = { for name, queue in module.queue : name => queue.url }
}

output "functions" {
  description = "The functions, by name"
  value       = { for name, function in module.function : name => function.arn }
}

output "dns_name" {
  description = "Where the service is reached"
  value       = one(module.balancer[*].dns_name)
}
