module "__NAME__" {
  source = "../../../modules/service"

  name        = "__SLUG__"
  environment = var.environment
  log_bucket  = "__DOMAIN__-${var.environment}-logs"

  network = {
    vpc_id          = var.network.vpc_id
    vpc_cidr        = var.network.cidr
    public_subnets  = var.network.public_subnets
    private_subnets = var.network.private_subnets
  }

  buckets = {
    uploads = { versioned = __BOOL__, expire_days = __RETENTION__ }
    reports = { encrypted = __BOOL__, public = false }
    __DATA__ = {
      force_destroy = true
    }
  }

  queues = {
    jobs   = { topics = ["created", "deleted"] }
    events = { fifo = __BOOL__ }
  }

  functions = {
    for name, settings in local.__NAME___functions : name => {
      memory      = lookup(settings, "memory", 256)
      queue       = lookup(settings, "queue", null)
      schedule    = lookup(settings, "schedule", "")
      tracing     = __BOOL__
      environment = { ROLE = name, OWNER = "__OWNER__" }
    }
  }

  certificate_arn = __BOOL__ ? "arn:aws:acm:${var.region}:${var.account_id}:certificate/__SLUG__" : null

  tags = local.tags
}

locals {
  __NAME___functions = {
    worker  = { memory = 512, queue = "jobs" }
    mailer  = { queue = "events" }
    cleaner = { schedule = "rate(1 day)" }
  }
}

output "__NAME__" {
  description = "The service __SLUG__"
  value = {
    buckets   = module.__NAME__.buckets
    queues    = module.__NAME__.queues
    functions = module.__NAME__.functions
    dns_name  = module.__NAME__.dns_name
  }
}
