resource "aws_cloudwatch_metric_alarm" "cpu" {
  alarm_name                = "cpu"
  alarm_description         = "For the tests"
  comparison_operator       = "GreaterThanThreshold"
  evaluation_periods        = 2
  datapoints_to_alarm       = 1
  metric_name               = "CPUUtilization"
  namespace                 = "AWS/EC2"
  period                    = 120
  statistic                 = "Average"
  threshold                 = 80.5
  unit                      = "Percent"
  treat_missing_data        = "breaching"
  dimensions                = { InstanceId = "i-0123456789abcdef0" }
  alarm_actions             = ["arn:aws:sns:us-east-1:123456789012:alarms"]
  ok_actions                = ["arn:aws:sns:us-east-1:123456789012:alarms"]
  insufficient_data_actions = ["arn:aws:sns:us-east-1:123456789012:alarms"]
  tags                      = { Owner = "tests" }
}

resource "aws_cloudwatch_metric_alarm" "math" {
  alarm_name          = "math"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  evaluation_periods  = 1
  threshold           = 10
  actions_enabled     = false
  metric_query {
    id          = "rate"
    expression  = "errors / requests * 100"
    label       = "Error rate"
    return_data = true
  }
  metric_query {
    id = "errors"
    metric {
      metric_name = "HTTPCode_Target_5XX_Count"
      namespace   = "AWS/ApplicationELB"
      period      = 60
      stat        = "Sum"
      unit        = "Count"
      dimensions  = { LoadBalancer = "app/web" }
    }
  }
  metric_query {
    id = "requests"
    metric {
      metric_name = "RequestCount"
      namespace   = "AWS/ApplicationELB"
      period      = 60
      stat        = "Sum"
    }
  }
}

resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = "main"
  dashboard_body = jsonencode({
    widgets = [{ type = "text", x = 0, y = 0, width = 3, height = 3, properties = { markdown = "Hello" } }]
  })
}
