resource "aws_secretsmanager_secret" "__NAME__" {
  name                    = "__DOMAIN__/${var.environment}/__SLUG__"
  kms_key_id              = aws_kms_key.main.arn
  recovery_window_in_days = var.environment == "prod" ? 30 : 7
  tags                    = local.tags
}

resource "aws_secretsmanager_secret_version" "__NAME__" {
  secret_id = aws_secretsmanager_secret.__NAME__.id

  secret_string = jsonencode({
    username = "__OWNER__"
    host     = "${local.prefix}-__SLUG__.internal"
    port     = __PORT__
  })

  lifecycle {
    ignore_changes = [secret_string]
  }
}

resource "aws_ssm_parameter" "__NAME__" {
  for_each = { for key, value in local.settings : key => value if value != null }

  name  = "/__DOMAIN__/__SLUG__/${each.key}"
  type  = "SecureString"
  value = tostring(each.value)
  tags  = local.tags
}
