resource "aws_ecr_repository" "__NAME__" {
  name                 = "__DOMAIN__/__SLUG__"
  image_tag_mutability = "__MUTABILITY__"

  image_scanning_configuration {
    scan_on_push = __BOOL__
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.main.arn
  }

  tags = local.tags
}

resource "aws_ecr_lifecycle_policy" "__NAME__" {
  repository = aws_ecr_repository.__NAME__.name

  policy = jsonencode({
    rules = [
      for index, keep in [10, __TIMEOUT__] : {
        rulePriority = index + 1
        description  = "Keep ${keep} images"
        selection = {
          tagStatus   = index == 0 ? "untagged" : "any"
          countType   = "imageCountMoreThan"
          countNumber = keep
        }
        action = { type = "expire" }
      }
    ]
  })
}
