module "bucket" {
  source   = "./modules/bucket"
  for_each = var.buckets

  name       = "${local.name}-${each.key}"
  algorithm  = each.value.algorithm
  versioning = each.value.versioning
  public     = each.value.public
  expire     = each.value.expire
  tags       = local.tags
}

resource "aws_s3_bucket" "website" {
  bucket        = "www.shop.example"
  force_destroy = true
  tags          = local.tags
}

resource "aws_s3_bucket_acl" "website" {
  bucket = aws_s3_bucket.website.id
  acl    = "public-read-write"
}

resource "aws_s3_bucket_policy" "website" {
  bucket = aws_s3_bucket.website.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Everybody"
        Effect    = "Allow"
        Principal = "*"
        Action    = ["s3:GetObject", "s3:PutObject"]
        Resource  = "${aws_s3_bucket.website.arn}/*"
      },
    ]
  })
}

resource "aws_efs_file_system" "media" {
  creation_token = "${local.name}-media"
  encrypted      = false
  tags           = local.tags
}

resource "aws_ecr_repository" "web" {
  name                 = "shop/web"
  image_tag_mutability = "MUTABLE"
  tags                 = local.tags

  image_scanning_configuration {
    scan_on_push = false
  }
}

resource "aws_kms_key" "data" {
  description             = "Data of the shop"
  deletion_window_in_days = 7
  enable_key_rotation     = false
  tags                    = local.tags
}
