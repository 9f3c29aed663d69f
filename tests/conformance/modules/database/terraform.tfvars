name       = "orders"
password   = "not-a-secret-either"
subnet_ids = ["subnet-11111111", "subnet-22222222"]
parameters = {
  "rds.force_ssl"            = { value = 1, reboot = true }
  "log_statement"            = { value = "ddl" }
  "shared_preload_libraries" = { value = "pg_stat_statements", reboot = "true" }
}
