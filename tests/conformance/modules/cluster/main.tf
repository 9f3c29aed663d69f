provider "aws" {
  region = "eu-north-1"
  default_tags {
    tags = { Cluster = var.name }
  }
}

variable "name" { default = "main" }
variable "cluster_version" {
  type    = string
  default = 1.30
}
variable "node_groups" {
  type = map(object({
    instance_types = optional(list(string), ["t3.large"])
    spot           = optional(bool, false)
    size           = optional(object({ min = optional(number, 1), max = optional(number, 3), desired = optional(number) }), {})
    labels         = optional(map(string), {})
    taints         = optional(list(object({ key = string, value = optional(string), effect = optional(string, "NO_SCHEDULE") })), [])
  }))
  default = {
    system = {}
    batch  = { spot = true, size = { max = 20 }, taints = [{ key = "batch", value = "true" }, { key = "spot", effect = "PREFER_NO_SCHEDULE" }] }
    gpu    = { instance_types = ["g5.xlarge", "g5.2xlarge"], size = { min = 0, desired = 0 }, labels = { accelerator = "nvidia" } }
  }
}
variable "log_types" {
  type    = set(string)
  default = ["api", "audit", "authenticator"]
}

locals {
  roles = {
    cluster = { service = "eks", policies = ["AmazonEKSClusterPolicy"] }
    node    = { service = "ec2", policies = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly"] }
  }
  attachments = merge([
    for role, r in local.roles : { for p in r.policies : "${role}-${p}" => { role = role, policy = p } }
  ]...)
}

resource "aws_iam_role" "this" {
  for_each = local.roles
  name     = "${var.name}-${each.key}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "${each.value.service}.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = local.attachments
  role       = aws_iam_role.this[each.value.role].name
  policy_arn = "arn:aws:iam::aws:policy/${each.value.policy}"
}

resource "aws_eks_cluster" "this" {
  name                      = var.name
  version                   = var.cluster_version
  role_arn                  = aws_iam_role.this["cluster"].arn
  enabled_cluster_log_types = var.log_types
  vpc_config {
    subnet_ids              = ["subnet-11111111", "subnet-22222222"]
    endpoint_private_access = true
    endpoint_public_access  = length(var.log_types) < 2
    public_access_cidrs     = null
  }
  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = aws_kms_key.this.arn
    }
  }
}

resource "aws_kms_key" "this" {
  description         = "Secrets of ${var.name}"
  enable_key_rotation = true
  multi_region        = false
}

resource "aws_eks_node_group" "this" {
  for_each        = var.node_groups
  cluster_name    = aws_eks_cluster.this.name
  node_group_name = each.key
  node_role_arn   = aws_iam_role.this["node"].arn
  subnet_ids      = ["subnet-11111111"]
  instance_types  = each.value.instance_types
  capacity_type   = each.value.spot ? "SPOT" : "ON_DEMAND"
  labels          = merge({ group = each.key }, each.value.labels)
  scaling_config {
    min_size     = each.value.size.min
    max_size     = each.value.size.max
    desired_size = coalesce(each.value.size.desired, each.value.size.min)
  }
  dynamic "taint" {
    for_each = each.value.taints
    content {
      key    = taint.value.key
      value  = taint.value.value
      effect = taint.value.effect
    }
  }
  update_config {
    max_unavailable_percentage = 33
  }
  lifecycle {
    ignore_changes = [scaling_config[0].desired_size]
  }
}

resource "aws_eks_addon" "this" {
  for_each                    = { vpc-cni = null, coredns = jsonencode({ replicaCount = 2 }) }
  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  configuration_values        = each.value
  resolve_conflicts_on_update = "PRESERVE"
}

output "groups" { value = { for k, g in var.node_groups : k => g.size } }
