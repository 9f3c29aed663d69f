# Clusters of the __DOMAIN__ domain.

data "aws_partition" "current" {}

locals {
  policy_prefix = "arn:${data.aws_partition.current.partition}:iam::aws:policy"

  node_policies = {
    for name in ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonEKS_CNI_Policy"] :
    name => "${local.policy_prefix}/${name}"
  }

  access_policies = flatten([
    for entry_key, entry in var.access_entries : [
      for policy_key, policy in try(entry.policy_associations, {}) : {
        entry_key  = entry_key
        policy_key = policy_key
        principal  = entry.principal_arn
        policy     = policy.policy_arn
        scope      = policy.access_scope
      }
    ]
  ])

  node_rules = {
    kubelet = { from = 10250, to = 10250, description = "Cluster API to kubelets" }
    webhook = { from = 9443, to = 9443, description = "Cluster API to webhooks" }
    metrics = { from = 4443, to = 4443, description = "Cluster API to the metrics server" }
  }
}

resource "aws_eks_cluster" "this" {
  name                      = var.name
  role_arn                  = aws_iam_role.cluster.arn
  version                   = var.kubernetes_version
  enabled_cluster_log_types = var.enabled_log_types

  access_config {
    authentication_mode                         = "API_AND_CONFIG_MAP"
    bootstrap_cluster_creator_admin_permissions = false
  }

  vpc_config {
    security_group_ids      = [aws_security_group.cluster.id]
    subnet_ids              = var.subnet_ids
    endpoint_private_access = var.endpoint.private
    endpoint_public_access  = var.endpoint.public
    public_access_cidrs     = var.endpoint.public ? var.endpoint.public_cidrs : null
  }

  dynamic "encryption_config" {
    for_each = var.encryption_key_arn != null ? toset([var.encryption_key_arn]) : toset([])

    content {
      provider {
        key_arn = encryption_config.value
      }
      resources = ["secrets"]
    }
  }

  tags = var.tags

  depends_on = [
    aws_iam_role_policy_attachment.cluster,
    aws_cloudwatch_log_group.this,
  ]
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/eks/${var.name}/cluster"
  retention_in_days = var.log_retention_in_days

  tags = var.tags
}

resource "aws_security_group" "cluster" {
  name_prefix = "${var.name}-cluster-"
  description = "Control plane of ${var.name}"
  vpc_id      = var.vpc_id

  tags = merge(var.tags, { "Name" = "${var.name}-cluster" })
}

resource "aws_security_group" "node" {
  name_prefix = "${var.name}-node-"
  description = "Nodes of ${var.name}"
  vpc_id      = var.vpc_id

  tags = merge(
    var.tags,
    {
      "Name"                                      = "${var.name}-node"
      "kubernetes.io/cluster/${var.name}"         = "owned"
      "k8s.io/cluster-autoscaler/${var.name}"     = "owned"
      "k8s.io/cluster-autoscaler/enabled"         = tostring(true)
      "__DOMAIN__.example.com/owner-of-the-nodes" = "__OWNER__"
    },
  )
}

resource "aws_security_group_rule" "node" {
  for_each = local.node_rules

  type                     = "ingress"
  security_group_id        = aws_security_group.node.id
  source_security_group_id = aws_security_group.cluster.id
  description              = each.value.description
  protocol                 = "tcp"
  from_port                = each.value.from
  to_port                  = each.value.to
}

resource "aws_security_group_rule" "node_egress" {
  type              = "egress"
  security_group_id = aws_security_group.node.id
  description       = "Nodes to everywhere"
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group_rule" "cluster" {
  type                     = "ingress"
  security_group_id        = aws_security_group.cluster.id
  source_security_group_id = aws_security_group.node.id
  description              = "Nodes to the API"
  protocol                 = "tcp"
  from_port                = 443
  to_port                  = 443
}

data "aws_iam_policy_document" "assume" {
  for_each = {
    cluster = "eks.amazonaws.com"
    node    = "ec2.amazonaws.com"
  }

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = [each.value]
    }
  }
}

resource "aws_iam_role" "cluster" {
  name_prefix        = substr("${var.name}-cluster-", 0, 32)
  assume_role_policy = data.aws_iam_policy_document.assume["cluster"].json

  tags = var.tags
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "${local.policy_prefix}/AmazonEKSClusterPolicy"
}

resource "aws_iam_role" "node" {
  name_prefix        = substr("${var.name}-node-", 0, 32)
  assume_role_policy = data.aws_iam_policy_document.assume["node"].json

  tags = var.tags
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = local.node_policies

  role       = aws_iam_role.node.name
  policy_arn = each.value
}

resource "aws_launch_template" "node" {
  for_each = var.node_groups

  name_prefix = "${var.name}-${each.key}-"

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size           = each.value.disk_size
      volume_type           = "gp3"
      encrypted             = true
      delete_on_termination = true
    }
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }

  monitoring {
    enabled = true
  }

  vpc_security_group_ids = [aws_security_group.node.id]

  dynamic "tag_specifications" {
    for_each = toset(["instance", "volume", "network-interface"])

    content {
      resource_type = tag_specifications.key
      tags          = merge(var.tags, { Name = "${var.name}-${each.key}" })
    }
  }

  tags = var.tags
}

resource "aws_eks_node_group" "this" {
  for_each = var.node_groups

  cluster_name    = aws_eks_cluster.this.name
  node_group_name = each.key
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = var.subnet_ids
  instance_types  = each.value.instance_types
  capacity_type   = each.value.capacity_type
  labels          = each.value.labels

  scaling_config {
    min_size     = each.value.min_size
    max_size     = each.value.max_size
    desired_size = each.value.desired_size
  }

  launch_template {
    id      = aws_launch_template.node[each.key].id
    version = aws_launch_template.node[each.key].latest_version
  }

  update_config {
    max_unavailable_percentage = 33
  }

  dynamic "taint" {
    for_each = each.value.taints

    content {
      key    = taint.value.key
      value  = taint.value.value
      effect = taint.value.effect
    }
  }

  tags = merge(var.tags, { Name = each.key })

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [scaling_config[0].desired_size]
  }
}

resource "aws_eks_addon" "this" {
  for_each = { for k, v in var.addons : k => v if try(v.enabled, true) }

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = try(each.value.name, each.key)
  addon_version               = try(each.value.addon_version, null)
  configuration_values        = try(jsonencode(each.value.configuration_values), null)
  resolve_conflicts_on_update = try(each.value.resolve_conflicts, "OVERWRITE")

  tags = var.tags

  depends_on = [aws_eks_node_group.this]
}

resource "aws_eks_access_entry" "this" {
  for_each = var.access_entries

  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.value.principal_arn
  type          = try(each.value.type, "STANDARD")

  tags = merge(var.tags, try(each.value.tags, {}))
}

resource "aws_eks_access_policy_association" "this" {
  for_each = { for p in local.access_policies : "${p.entry_key}_${p.policy_key}" => p }

  cluster_name  = aws_eks_cluster.this.name
  principal_arn = each.value.principal
  policy_arn    = each.value.policy

  access_scope {
    type       = each.value.scope.type
    namespaces = try(each.value.scope.namespaces, null)
  }

  depends_on = [aws_eks_access_entry.this]
}

output "arn" {
  description = "The ARN of the cluster"
  value       = aws_eks_cluster.this.arn
}

output "endpoint" {
  description = "The address of the API"
  value       = aws_eks_cluster.this.endpoint
}

output "node_security_group_id" {
  description = "The security group of the nodes"
  value       = aws_security_group.node.id
}
