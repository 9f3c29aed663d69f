resource "aws_dax_cluster" "cache" {
  cluster_name       = "cache"
  description        = "For the tests"
  iam_role_arn       = "arn:aws:iam::123456789012:role/dax"
  node_type          = "dax.t3.small"
  replication_factor = 2
  server_side_encryption {
    enabled = true
  }
  cluster_endpoint_encryption_type = "TLS"
}
