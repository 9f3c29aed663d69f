output "id" {
  description = "The name of the bucket"
  value       = try(aws_s3_bucket_policy.this[0].id, aws_s3_bucket.this[0].id, "")
}

output "arn" {
  description = "The ARN of the bucket"
  value       = try(aws_s3_bucket.this[0].arn, "")
}

output "regional_domain_name" {
  description = "The domain name of the bucket"
  value       = try(aws_s3_bucket.this[0].bucket_regional_domain_name, "")
}

output "encryption_algorithm" {
  description = "How objects are encrypted"
  value       = local.encryption_algorithm
}
