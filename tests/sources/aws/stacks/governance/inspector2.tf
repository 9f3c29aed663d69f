resource "aws_inspector2_enabler" "here" {
  account_ids    = ["123456789012"]
  resource_types = ["ECR", "EC2"]
}
