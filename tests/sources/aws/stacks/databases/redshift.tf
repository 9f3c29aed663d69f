resource "aws_redshift_subnet_group" "warehouse" {
  name        = "warehouse"
  description = "For the tests"
  subnet_ids  = slice(sort(data.aws_subnets.default.ids), 0, 2)
  tags        = { Owner = "tests" }
}
