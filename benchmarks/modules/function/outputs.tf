output "arn" {
  description = "The ARN of the function"
  value       = aws_lambda_function.this.arn
}

output "name" {
  description = "The name of the function"
  value       = aws_lambda_function.this.function_name
}

output "role_arn" {
  description = "The role that the function runs as"
  value       = aws_iam_role.this.arn
}

output "url" {
  description = "The URL of the function, if it has one"
  value       = one(aws_lambda_function_url.this[*].function_url)
}
