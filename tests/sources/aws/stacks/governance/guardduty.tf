resource "aws_guardduty_detector" "here" {
  enable                       = true
  finding_publishing_frequency = "ONE_HOUR"
  tags                         = { Owner = "tests" }
  datasources {
    s3_logs {
      enable = true
    }
    kubernetes {
      audit_logs {
        enable = false
      }
    }
  }
}

resource "aws_guardduty_detector_feature" "logins" {
  detector_id = aws_guardduty_detector.here.id
  name        = "RDS_LOGIN_EVENTS"
  status      = "ENABLED"
}
