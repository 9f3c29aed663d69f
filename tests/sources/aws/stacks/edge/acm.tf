resource "aws_acm_certificate" "public" {
  domain_name               = "www.example.com"
  subject_alternative_names = ["example.com", "api.example.com"]
  validation_method         = "DNS"
  key_algorithm             = "EC_prime256v1"
  tags                      = { Owner = "tests" }
  options {
    certificate_transparency_logging_preference = "DISABLED"
  }
}
