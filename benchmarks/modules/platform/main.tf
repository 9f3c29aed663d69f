# The platform of the __DOMAIN__ domain: network, cluster and databases.

variable "name" {
  description = "The name of the platform"
  type        = string
}

variable "environment" {
  description = "dev, staging or prod"
  type        = string
}

variable "cidr" {
  description = "The range of the network"
  type        = string
}

variable "zones" {
  description = "Availability zones"
  type        = list(string)
  default     = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
}

variable "cluster" {
  description = "The cluster, if one is wanted"
  type        = any
  default     = null
}

variable "databases" {
  description = "Databases, by name"
  type        = any
  default     = {}
}

variable "tags" {
  description = "Tags for everything"
  type        = map(string)
  default     = {}
}

locals {
  prefix     = "${var.environment}-${var.name}"
  production = var.environment == "prod"
  zone_count = length(var.zones)

  public_subnets   = [for index, zone in var.zones : cidrsubnet(var.cidr, 8, index)]
  private_subnets  = [for index, zone in var.zones : cidrsubnet(var.cidr, 4, index + 1)]
  database_subnets = [for index, zone in var.zones : cidrsubnet(var.cidr, 8, index + 200)]

  tags = merge(var.tags, { Platform = var.name, Environment = var.environment })
}

module "key" {
  source = "../key"

  alias    = "${local.prefix}-platform"
  services = ["logs.amazonaws.com", "rds.amazonaws.com"]
  tags     = local.tags
}

module "network" {
  source = "../network"

  name             = local.prefix
  cidr             = var.cidr
  azs              = var.zones
  public_subnets   = local.public_subnets
  private_subnets  = local.private_subnets
  database_subnets = local.database_subnets

  enable_nat_gateway           = true
  single_nat_gateway           = !local.production
  one_nat_gateway_per_az       = local.production
  public_dedicated_network_acl = local.production
  gateway_endpoints            = ["s3", "dynamodb"]

  flow_log = {
    enabled           = local.production
    retention_in_days = local.production ? 365 : __RETENTION__
    kms_key_arn       = module.key.arn
  }

  public_subnet_tags = {
    "kubernetes.io/role/elb" = "1"
  }

  private_subnet_tags = {
    "kubernetes.io/role/internal-elb" = "1"
  }

  tags = local.tags
}

module "database_firewall" {
  source   = "../firewall"
  for_each = var.databases

  name   = "${local.prefix}-${each.key}"
  vpc_id = module.network.vpc_id

  ingress = {
    database = {
      from_port   = try(each.value.port, 5432)
      cidr_blocks = try(each.value.allowed_cidr_blocks, local.private_subnets)
    }
  }

  egress_cidr_blocks = []
  tags               = local.tags
}

module "database" {
  source   = "../database"
  for_each = var.databases

  identifier             = "${local.prefix}-${each.key}"
  subnet_group_name      = module.network.database_subnet_group
  vpc_security_group_ids = [module.database_firewall[each.key].id]

  engine = {
    name    = try(each.value.engine, "postgres")
    version = try(each.value.version, "16.3")
    family  = try(each.value.family, "postgres16")
  }

  instance = {
    class               = try(each.value.class, "db.t4g.medium")
    allocated_storage   = try(each.value.storage, 50)
    multi_az            = try(each.value.multi_az, local.production)
    publicly_accessible = try(each.value.public, false)
    replicas            = try(each.value.replicas, 0)
  }

  protection = {
    storage_encrypted       = try(each.value.encrypted, true)
    kms_key_arn             = module.key.arn
    backup_retention_period = try(each.value.backup_days, local.production ? 30 : 1)
    deletion_protection     = local.production
    skip_final_snapshot     = !local.production
  }

  monitoring = {
    interval             = local.production ? 60 : 0
    performance_insights = local.production
    exported_logs        = try(each.value.exported_logs, ["postgresql", "upgrade"])
  }

  parameters = [
    for name, value in try(each.value.parameters, {}) : {
      name  = name
      value = tostring(value)
    }
  ]

  tags = merge(local.tags, { Database = each.key })
}

module "cluster" {
  source = "../cluster"
  count  = var.cluster == null ? 0 : 1

  name               = local.prefix
  kubernetes_version = try(var.cluster.version, "1.31")
  vpc_id             = module.network.vpc_id
  subnet_ids         = module.network.private_subnets
  encryption_key_arn = module.key.arn
  node_groups        = try(var.cluster.node_groups, {})

  endpoint = {
    public       = try(var.cluster.public, false)
    public_cidrs = try(var.cluster.public_cidrs, [])
  }

  addons = {
    coredns    = {}
    kube-proxy = {}
    vpc-cni = {
      configuration_values = {
        env = { ENABLE_PREFIX_DELEGATION = "true", WARM_PREFIX_TARGET = "1" }
      }
    }
  }

  tags = local.tags
}

output "network" {
  description = "What services need to know of the network"
  value = {
    vpc_id          = module.network.vpc_id
    vpc_cidr        = var.cidr
    public_subnets  = module.network.public_subnets
    private_subnets = module.network.private_subnets
  }
}

output "databases" {
  description = "Endpoints of the databases, by name"
  value       = { for name, database in module.database : name => database.endpoint }
}

output "cluster_endpoint" {
  description = "The API of the cluster"
  value       = one(module.cluster[*].endpoint)
}
