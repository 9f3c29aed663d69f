resource "aws_kms_key" "plain" {
  description             = "For the tests"
  deletion_window_in_days = 7
  enable_key_rotation     = true
  rotation_period_in_days = 180
  tags                    = { Owner = "tests" }
}

resource "aws_kms_key" "signing" {
  customer_master_key_spec = "RSA_2048"
  key_usage                = "SIGN_VERIFY"
  is_enabled               = false
}

resource "aws_kms_key" "regions" {
  multi_region = true
}

resource "aws_kms_key" "with_policy" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Administration"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_external_key" "imported" {
  description = "Waits for its material"
}

resource "aws_kms_alias" "plain" {
  name          = "alias/plain"
  target_key_id = aws_kms_key.plain.key_id
}

resource "aws_iam_role" "reader" {
  name               = "reader"
  assume_role_policy = "{}"
}

resource "aws_kms_grant" "reader" {
  name              = "reader"
  key_id            = aws_kms_key.plain.key_id
  grantee_principal = aws_iam_role.reader.arn
  operations        = ["Decrypt", "DescribeKey"]
  constraints {
    encryption_context_subset = { Team = "a" }
  }
}
