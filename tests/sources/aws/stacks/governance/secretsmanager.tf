resource "aws_secretsmanager_secret" "full" {
  name        = "tests/full"
  description = "For the tests"
  kms_key_id  = "arn:aws:kms:us-east-1:123456789012:key/4fa4b4b1-6f3c-4b8e-8d15-43c5ecf2a000"
  tags        = { Owner = "tests" }
}

resource "aws_secretsmanager_secret" "bare" {
  name = "tests/bare"
}

resource "aws_secretsmanager_secret_policy" "full" {
  secret_arn = aws_secretsmanager_secret.full.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = "secretsmanager:DescribeSecret"
      Resource  = "*"
    }]
  })
}
