resource "aws_cloudtrail" "main" {
  name                          = local.name
  s3_bucket_name                = module.bucket["reports"].id
  include_global_service_events = true
  is_multi_region_trail         = false
  enable_log_file_validation    = false
  tags                          = local.tags
}

resource "aws_cloudwatch_log_group" "web" {
  name = "/shop/web"
  tags = local.tags
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${local.name}-errors"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_Target_5XX_Count"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 3
  actions_enabled     = false
  tags                = local.tags
}
