output "arn" {
  description = "The ARN of the instance"
  value       = aws_db_instance.this.arn
}

output "endpoint" {
  description = "Where clients connect"
  value       = aws_db_instance.this.endpoint
}

output "secret_arn" {
  description = "The secret with the password"
  value       = try(aws_db_instance.this.master_user_secret[0].secret_arn, null)
}

output "replicas" {
  description = "Replicas, by name"
  value       = { for r in aws_db_instance.replica : r.identifier => r.endpoint }
}
