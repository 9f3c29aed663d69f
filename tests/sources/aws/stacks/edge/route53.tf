resource "aws_route53_zone" "public" {
  name    = "example.com"
  comment = "For the tests"
  tags    = { Owner = "tests" }
}

resource "aws_route53_health_check" "web" {
  fqdn              = "www.example.com"
  port              = 443
  type              = "HTTPS_STR_MATCH"
  resource_path     = "/health"
  search_string     = "well"
  failure_threshold = 3
  request_interval  = 30
  measure_latency   = true
  tags              = { Owner = "tests" }
}

resource "aws_route53_health_check" "all" {
  type                   = "CALCULATED"
  child_health_threshold = 1
  child_healthchecks     = [aws_route53_health_check.web.id]
}

resource "aws_route53_record" "text" {
  zone_id = aws_route53_zone.public.zone_id
  name    = "example.com"
  type    = "TXT"
  ttl     = 300
  records = ["v=spf1 -all", "a=b"]
}

resource "aws_route53_record" "wildcard" {
  zone_id = aws_route53_zone.public.zone_id
  name    = "*.example.com"
  type    = "A"
  ttl     = 60
  records = ["192.0.2.1", "192.0.2.2"]
}

resource "aws_route53_record" "weighted" {
  zone_id         = aws_route53_zone.public.zone_id
  name            = "www.example.com"
  type            = "CNAME"
  ttl             = 60
  records         = ["one.example.net"]
  set_identifier  = "one"
  health_check_id = aws_route53_health_check.web.id
  weighted_routing_policy {
    weight = 10
  }
}

resource "aws_route53_record" "failover" {
  zone_id        = aws_route53_zone.public.zone_id
  name           = "api.example.com"
  type           = "CNAME"
  ttl            = 60
  records        = ["two.example.net"]
  set_identifier = "two"
  failover_routing_policy {
    type = "SECONDARY"
  }
}

resource "aws_route53_record" "geolocation" {
  zone_id        = aws_route53_zone.public.zone_id
  name           = "eu.example.com"
  type           = "CNAME"
  ttl            = 60
  records        = ["three.example.net"]
  set_identifier = "three"
  geolocation_routing_policy {
    continent = "EU"
  }
}

resource "aws_route53_record" "alias" {
  zone_id = aws_route53_zone.public.zone_id
  name    = "alias.example.com"
  type    = "A"
  alias {
    name                   = "d111111abcdef8.cloudfront.net"
    zone_id                = "Z2FDTNDATAQYW2"
    evaluate_target_health = false
  }
}
