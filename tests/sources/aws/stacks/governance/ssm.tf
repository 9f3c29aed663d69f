resource "aws_ssm_parameter" "plain" {
  name            = "/tests/plain"
  description     = "For the tests"
  type            = "String"
  value           = "one"
  allowed_pattern = "^[a-z]+$"
  tags            = { Owner = "tests" }
}

resource "aws_ssm_parameter" "secure" {
  name  = "secure"
  type  = "SecureString"
  value = "two"
}

resource "aws_ssm_document" "shared" {
  name          = "tests-shared"
  document_type = "Command"
  tags          = { Owner = "tests" }
  permissions = {
    type        = "Share"
    account_ids = "210987654321"
  }
  content = jsonencode({
    schemaVersion = "1.2"
    description   = "For the tests"
    parameters    = { name = { type = "String", description = "Whom to greet", default = "you" } }
    runtimeConfig = {
      "aws:runShellScript" = { properties = [{ id = "0", runCommand = ["echo {{ name }}"] }] }
    }
  })
}

resource "aws_ssm_document" "own" {
  name          = "tests-own"
  document_type = "Command"
  content = jsonencode({
    schemaVersion = "2.2"
    description   = "For the tests"
    mainSteps     = [{ action = "aws:runShellScript", name = "echo", inputs = { runCommand = ["echo"] } }]
  })
}

resource "aws_ssm_maintenance_window" "sunday" {
  name                       = "sunday"
  description                = "For the tests"
  schedule                   = "cron(0 16 ? * SUN *)"
  schedule_timezone          = "UTC"
  duration                   = 3
  cutoff                     = 1
  allow_unassociated_targets = true
}
