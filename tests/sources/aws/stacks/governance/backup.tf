resource "aws_backup_vault" "vault" {
  name        = "vault"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

resource "aws_backup_vault_lock_configuration" "vault" {
  backup_vault_name  = aws_backup_vault.vault.name
  min_retention_days = 7
  max_retention_days = 365
}

resource "aws_backup_plan" "daily" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.vault.name
    schedule          = "cron(0 5 * * ? *)"
    start_window      = 120
    completion_window = 480
    lifecycle {
      cold_storage_after = 30
      delete_after       = 365
    }
    copy_action {
      destination_vault_arn = "arn:aws:backup:eu-west-1:123456789012:backup-vault:copy"
      lifecycle {
        delete_after = 90
      }
    }
    recovery_point_tags = { Owner = "tests" }
  }
  tags = { Owner = "tests" }
}
