resource "aws_mq_broker" "events" {
  broker_name                = "events"
  engine_type                = "ActiveMQ"
  engine_version             = "5.18"
  host_instance_type         = "mq.t3.micro"
  deployment_mode            = "SINGLE_INSTANCE"
  publicly_accessible        = false
  auto_minor_version_upgrade = true
  logs {
    general = true
    audit   = true
  }
  user {
    username = "app"
    password = "not-a-secret-1"
  }
  tags = { Owner = "tests" }
}
