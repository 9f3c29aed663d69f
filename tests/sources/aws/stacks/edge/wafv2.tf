resource "aws_wafv2_ip_set" "office" {
  name               = "office"
  description        = "For the tests"
  tags               = { Owner = "tests" }
  scope              = "REGIONAL"
  ip_address_version = "IPV4"
  addresses          = ["192.0.2.0/24", "198.51.100.0/24"]
}

resource "aws_wafv2_rule_group" "geography" {
  name     = "geography"
  scope    = "REGIONAL"
  capacity = 10
  rule {
    name     = "abroad"
    priority = 1
    action {
      count {}
    }
    statement {
      geo_match_statement {
        country_codes = ["US", "NL"]
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = false
      metric_name                = "abroad"
      sampled_requests_enabled   = false
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "geography"
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_regex_pattern_set" "bots" {
  name  = "bots"
  scope = "REGIONAL"
  regular_expression {
    regex_string = "bot"
  }
}

resource "aws_wafv2_web_acl" "edge" {
  name  = "edge"
  scope = "CLOUDFRONT"
  default_action {
    block {}
  }
  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "edge"
    sampled_requests_enabled   = false
  }
}

resource "aws_wafv2_web_acl" "web" {
  name        = "web"
  description = "For the tests"
  tags        = { Owner = "tests" }
  scope       = "REGIONAL"
  default_action {
    allow {}
  }
  custom_response_body {
    key          = "no"
    content      = "No."
    content_type = "TEXT_PLAIN"
  }
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        name        = "AWSManagedRulesCommonRuleSet"
        vendor_name = "AWS"
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "common"
      sampled_requests_enabled   = true
    }
  }
  rule {
    name     = "office"
    priority = 2
    action {
      block {}
    }
    statement {
      not_statement {
        statement {
          ip_set_reference_statement {
            arn = aws_wafv2_ip_set.office.arn
          }
        }
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "office"
      sampled_requests_enabled   = false
    }
  }
  rule {
    name     = "rate"
    priority = 3
    action {
      block {
        custom_response {
          response_code            = 429
          custom_response_body_key = "no"
        }
      }
    }
    statement {
      rate_based_statement {
        limit              = 1000
        aggregate_key_type = "IP"
        scope_down_statement {
          and_statement {
            statement {
              byte_match_statement {
                positional_constraint = "STARTS_WITH"
                search_string         = "/login"
                field_to_match {
                  uri_path {}
                }
                text_transformation {
                  priority = 0
                  type     = "LOWERCASE"
                }
              }
            }
            statement {
              geo_match_statement {
                country_codes = ["US"]
              }
            }
          }
        }
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate"
      sampled_requests_enabled   = false
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "web"
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_logging_configuration" "web" {
  resource_arn            = aws_wafv2_web_acl.web.arn
  log_destination_configs = ["arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-web"]
  redacted_fields {
    single_header {
      name = "authorization"
    }
  }
}
