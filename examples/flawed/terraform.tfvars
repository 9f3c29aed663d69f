environment = "prod"

web_ports = {
  https = { port = 443, cidrs = ["0.0.0.0/0"] }
  # "Only until the migration is over."
  ssh     = { port = 22, cidrs = ["203.0.113.0/24", "0.0.0.0/0"] }
  metrics = { port = 9100 }
}

buckets = {
  assets  = { public = true, versioning = false }
  uploads = { algorithm = "AES256", expire = 90 }
  reports = {}
}
