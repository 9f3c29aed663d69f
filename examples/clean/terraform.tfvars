environment     = "prod"
account_id      = "123456789012"
domain          = "shop.example"
certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

web_ports = {
  https = { port = 443, cidrs = ["0.0.0.0/0"] }
}

buckets = {
  assets  = {}
  uploads = { expire = 90 }
  reports = {}
}

website_certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1a2b3c4d-5e6f-7081-92a3-b4c5d6e7f809"
website_acl_arn         = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/2b3c4d5e-6f70-8192-a3b4-c5d6e7f80910"
