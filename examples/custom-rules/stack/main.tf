resource "aws_s3_bucket" "orders" {
  bucket = "acme-shop-orders"
}

resource "aws_s3_bucket" "scratch" {
  bucket = "acme-scratch"
}

resource "aws_sns_topic" "alarms" {
  name = "alarms"
}

resource "aws_sns_topic_subscription" "alarms" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "https"
  endpoint  = "https://oncall.example.com/sns"
}

resource "aws_sns_topic" "invoices" {
  name = "invoices"
}

resource "aws_lambda_function" "mail" {
  function_name = "mail"
  role          = "arn:aws:iam::123456789012:role/mail"
  runtime       = "ruby3.3"
  handler       = "mail.run"
  s3_bucket     = aws_s3_bucket.scratch.bucket
  s3_key        = "mail.zip"
}
