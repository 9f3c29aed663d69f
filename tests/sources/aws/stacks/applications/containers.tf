resource "aws_iam_role" "service" {
  name = "service"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = ["ecs-tasks.amazonaws.com", "eks.amazonaws.com"] }
    }]
  })
}

resource "aws_kms_key" "containers" {
  deletion_window_in_days = 7
}

resource "aws_vpc" "containers" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "containers" {
  count             = 2
  vpc_id            = aws_vpc.containers.id
  cidr_block        = "10.0.${count.index}.0/24"
  availability_zone = ["us-east-1a", "us-east-1b"][count.index]
}

resource "aws_security_group" "containers" {
  name   = "containers"
  vpc_id = aws_vpc.containers.id
}

resource "aws_ecs_cluster" "full" {
  name = "full"
  tags = { Owner = "tests" }
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
  configuration {
    execute_command_configuration {
      kms_key_id = aws_kms_key.containers.arn
      logging    = "OVERRIDE"
      log_configuration {
        cloud_watch_encryption_enabled = true
        cloud_watch_log_group_name     = "/ecs/exec"
      }
    }
  }
}

resource "aws_ecs_cluster" "bare" {
  name = "bare"
}

resource "aws_ecs_cluster_capacity_providers" "full" {
  cluster_name       = aws_ecs_cluster.full.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = 1
    weight            = 100
  }
}

resource "aws_ecs_task_definition" "full" {
  family                   = "full"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = "256"
  memory                   = "512"
  execution_role_arn       = aws_iam_role.service.arn
  task_role_arn            = aws_iam_role.service.arn
  tags                     = { Owner = "tests" }
  container_definitions = jsonencode([{
    name                   = "web"
    image                  = "nginx:1.27"
    essential              = true
    readonlyRootFilesystem = true
    portMappings           = [{ containerPort = 80, hostPort = 80, protocol = "tcp" }]
    secrets                = [{ name = "KEY", valueFrom = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key" }]
    logConfiguration = {
      logDriver = "awslogs"
      options   = { awslogs-group = "/ecs/full", awslogs-region = "us-east-1", awslogs-stream-prefix = "web" }
    }
  }])
  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }
  volume {
    name = "shared"
    efs_volume_configuration {
      file_system_id     = "fs-0123456789abcdef0"
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = "fsap-0123456789abcdef0"
        iam             = "ENABLED"
      }
    }
  }
}

resource "aws_ecs_task_definition" "bare" {
  family = "bare"
  container_definitions = jsonencode([{
    name        = "worker"
    image       = "busybox"
    memory      = 64
    essential   = true
    environment = [{ name = "TOKEN", value = "hunter2" }]
  }])
  volume {
    name      = "host"
    host_path = "/data"
  }
}

resource "aws_eks_cluster" "full" {
  name                      = "full"
  role_arn                  = aws_iam_role.service.arn
  version                   = "1.31"
  enabled_cluster_log_types = ["api", "audit"]
  tags                      = { Owner = "tests" }
  vpc_config {
    subnet_ids              = aws_subnet.containers[*].id
    security_group_ids      = [aws_security_group.containers.id]
    endpoint_private_access = true
    public_access_cidrs     = ["192.0.2.0/24"]
  }
  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = aws_kms_key.containers.arn
    }
  }
}

resource "aws_eks_node_group" "full" {
  cluster_name    = aws_eks_cluster.full.name
  node_group_name = "full"
  node_role_arn   = aws_iam_role.service.arn
  subnet_ids      = aws_subnet.containers[*].id
  instance_types  = ["m7g.large"]
  ami_type        = "AL2023_ARM_64_STANDARD"
  labels          = { role = "worker" }
  tags            = { Owner = "tests" }
  scaling_config {
    desired_size = 1
    min_size     = 1
    max_size     = 3
  }
  remote_access {
    ec2_ssh_key               = "key"
    source_security_group_ids = [aws_security_group.containers.id]
  }
  taint {
    key    = "dedicated"
    value  = "tests"
    effect = "NO_SCHEDULE"
  }
}

resource "aws_eks_fargate_profile" "full" {
  cluster_name           = aws_eks_cluster.full.name
  fargate_profile_name   = "full"
  pod_execution_role_arn = aws_iam_role.service.arn
  subnet_ids             = aws_subnet.containers[*].id
  tags                   = { Owner = "tests" }
  selector {
    namespace = "tests"
    labels    = { role = "worker" }
  }
}

resource "aws_ecr_repository" "full" {
  name                 = "full"
  image_tag_mutability = "IMMUTABLE"
  tags                 = { Owner = "tests" }
  image_scanning_configuration {
    scan_on_push = true
  }
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.containers.arn
  }
}

resource "aws_ecr_repository" "bare" {
  name = "bare"
}

resource "aws_ecr_lifecycle_policy" "full" {
  repository = aws_ecr_repository.full.name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "keep ten"
      selection    = { tagStatus = "untagged", countType = "imageCountMoreThan", countNumber = 10 }
      action       = { type = "expire" }
    }]
  })
}

resource "aws_ecr_repository_policy" "full" {
  repository = aws_ecr_repository.full.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "pull"
      Effect    = "Allow"
      Action    = ["ecr:BatchGetImage"]
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
    }]
  })
}

resource "aws_ecr_registry_scanning_configuration" "this" {
  scan_type = "ENHANCED"
  rule {
    scan_frequency = "CONTINUOUS_SCAN"
    repository_filter {
      filter      = "prod-*"
      filter_type = "WILDCARD"
    }
  }
}
