resource "aws_iam_role" "__NAME__" {
  name                 = "${local.prefix}-__SLUG__"
  description          = "What __SLUG__ may do in __DOMAIN__"
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Action    = "sts:AssumeRole"
      Effect    = "Allow"
      Principal = { Service = "__SERVICE__.amazonaws.com" }
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = var.account_id
        }
      }
    }]
  })

  tags = local.tags
}

resource "aws_iam_role_policy" "__NAME__" {
  name = "__SLUG__"
  role = aws_iam_role.__NAME__.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        for name, actions in local.permissions : {
          Sid      = title(name)
          Effect   = "Allow"
          Action   = actions
          Resource = "arn:aws:${name}:${var.region}:${var.account_id}:__SLUG__/*"
        }
      ],
      var.environment == "dev" ? [
        {
          Sid      = "Debug"
          Effect   = "Allow"
          Action   = ["logs:Get*", "logs:Describe*"]
          Resource = "*"
        },
      ] : [],
    )
  })
}

resource "aws_iam_role_policy_attachment" "__NAME__" {
  for_each = toset([
    "AmazonSSMManagedInstanceCore",
    "CloudWatchAgentServerPolicy",
  ])

  role       = aws_iam_role.__NAME__.name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}
