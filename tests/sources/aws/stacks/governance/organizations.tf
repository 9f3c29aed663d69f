resource "aws_organizations_organization" "company" {
  feature_set                   = "ALL"
  enabled_policy_types          = ["SERVICE_CONTROL_POLICY", "TAG_POLICY"]
  aws_service_access_principals = ["config.amazonaws.com"]
}

resource "aws_organizations_organizational_unit" "work" {
  name      = "work"
  parent_id = aws_organizations_organization.company.roots[0].id
}

resource "aws_organizations_organizational_unit" "production" {
  name      = "production"
  parent_id = aws_organizations_organizational_unit.work.id
}

resource "aws_organizations_account" "shop" {
  name      = "shop"
  email     = "shop@example.com"
  parent_id = aws_organizations_organizational_unit.production.id
}

resource "aws_organizations_policy" "regions" {
  name        = "regions"
  description = "Where work may be done"
  type        = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = "eu-west-1" } }
    }]
  })
  depends_on = [aws_organizations_organization.company]
}

resource "aws_organizations_policy_attachment" "regions" {
  policy_id = aws_organizations_policy.regions.id
  target_id = aws_organizations_organizational_unit.work.id
}

resource "aws_organizations_delegated_administrator" "config" {
  account_id        = aws_organizations_account.shop.id
  service_principal = "guardduty.amazonaws.com"
}

resource "aws_account_alternate_contact" "security" {
  alternate_contact_type = "SECURITY"
  name                   = "Ann"
  title                  = "On call"
  email_address          = "security@example.com"
  phone_number           = "+1 555 0100"
}
