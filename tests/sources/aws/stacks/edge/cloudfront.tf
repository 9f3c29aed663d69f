resource "aws_cloudfront_origin_access_control" "site" {
  name                              = "site"
  description                       = "For the tests"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_public_key" "signer" {
  name        = "signer"
  comment     = "For the tests"
  encoded_key = <<-EOT
    -----BEGIN PUBLIC KEY-----
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtZCjGTEV/ttumSJBnsc2
    SUzPY/wJjfNchT2mjWivg/S7HuwKp1tDHizxrXTVuZLdDKceVcSclS7otzwfmGxM
    Gjk2/CM2hEMThT86q76TrbH6hvGa25n8piBOkhwbwdbvmg3DRJiLR9bqw+nAPt/n
    1ggTcwazm1Bw7y112Ardop+buWirS3w2C6au2OdloaaLz5N1eHEHQuRpnmD+UoVR
    OgGeaLaU7FxKkpOps4Giu4vgjcefGlM3MrqG4FAzDMtgGZdJm4U+bldYmk0+J1yv
    JA0FGd9UhA65M3Vqv7qYEjBq/AQ5VKNEpkDY+5EG6N5jLlhdEN5VY4fXg+6zV3bq
    +wIDAQAB
    -----END PUBLIC KEY-----
  EOT
}

resource "aws_cloudfront_key_group" "signers" {
  name    = "signers"
  comment = "For the tests"
  items   = [aws_cloudfront_public_key.signer.id]
}

resource "aws_cloudfront_distribution" "site" {
  enabled             = true
  is_ipv6_enabled     = true
  comment             = "For the tests"
  default_root_object = "index.html"
  price_class         = "PriceClass_100"
  aliases             = ["www.example.com"]
  http_version        = "http2and3"
  web_acl_id          = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/a1b2"
  tags                = { Owner = "tests" }
  wait_for_deployment = false

  origin {
    origin_id   = "site"
    domain_name = "auditkit-site.s3.us-east-1.amazonaws.com"
  }

  origin {
    origin_id           = "api"
    domain_name         = "api.example.com"
    origin_path         = "/v1"
    connection_attempts = 2
    connection_timeout  = 5
    custom_header {
      name  = "X-Origin"
      value = "edge"
    }
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
    origin_shield {
      enabled              = true
      origin_shield_region = "us-east-1"
    }
  }

  default_cache_behavior {
    target_origin_id       = "site"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD", "OPTIONS"]
    cached_methods         = ["GET", "HEAD"]
    compress               = true
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  }

  ordered_cache_behavior {
    path_pattern           = "/api/*"
    target_origin_id       = "api"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    trusted_key_groups     = [aws_cloudfront_key_group.signers.id]
    min_ttl                = 0
    default_ttl            = 60
    max_ttl                = 120
    forwarded_values {
      query_string = true
      headers      = ["Authorization"]
      cookies {
        forward = "none"
      }
    }
  }

  logging_config {
    bucket          = "auditkit-logs.s3.amazonaws.com"
    include_cookies = true
    prefix          = "site/"
  }

  restrictions {
    geo_restriction {
      restriction_type = "whitelist"
      locations        = ["DE", "FR"]
    }
  }

  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:123456789012:certificate/8ab0b1a7-9f7a-4f6e-8d3d-5a4ffb4b0a01"
    minimum_protocol_version = "TLSv1.2_2021"
    ssl_support_method       = "sni-only"
  }
}
