resource "aws_elasticache_subnet_group" "cache" {
  name        = "cache"
  description = "For the tests"
  subnet_ids  = slice(sort(data.aws_subnets.default.ids), 0, 2)
  tags        = { Owner = "tests" }
}

resource "aws_elasticache_cluster" "sessions" {
  cluster_id      = "sessions"
  engine          = "memcached"
  engine_version  = "1.6.22"
  node_type       = "cache.t4g.micro"
  num_cache_nodes = 2
  tags            = { Owner = "tests" }
}
