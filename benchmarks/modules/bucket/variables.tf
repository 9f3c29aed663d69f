variable "create" {
  description = "Controls if the bucket should be created"
  type        = bool
  default     = true
}

variable "bucket" {
  description = "The name of the bucket"
  type        = string
  default     = null
}

variable "force_destroy" {
  description = "Whether objects are deleted with the bucket"
  type        = bool
  default     = false
}

variable "acl" {
  description = "The canned ACL; conflicts with grant"
  type        = string
  default     = null
}

variable "attach_policy" {
  description = "Whether to attach the policy given in policy"
  type        = bool
  default     = false
}

variable "policy" {
  description = "A policy document, as JSON"
  type        = string
  default     = null
}

variable "attach_deny_insecure_transport_policy" {
  description = "Whether requests without TLS are denied"
  type        = bool
  default     = false
}

variable "attach_require_latest_tls_policy" {
  description = "Whether requests with old TLS are denied"
  type        = bool
  default     = false
}

variable "attach_log_delivery_policy" {
  description = "Whether load balancers may deliver logs"
  type        = bool
  default     = false
}

variable "versioning" {
  description = "The versioning configuration"
  type        = map(string)
  default     = {}
}

variable "logging" {
  description = "The access logging configuration"
  type        = any
  default     = {}
}

variable "cors_rule" {
  description = "Rules for cross-origin requests"
  type        = any
  default     = []
}

variable "lifecycle_rule" {
  description = "Rules for the life cycle of objects"
  type        = any
  default     = []
}

variable "server_side_encryption_configuration" {
  description = "The encryption at rest"
  type        = any
  default     = {}
}

variable "website" {
  description = "The static web site configuration"
  type        = any
  default     = {}
}

variable "object_lock_enabled" {
  description = "Whether the bucket has object lock"
  type        = bool
  default     = false
}

variable "object_lock_configuration" {
  description = "The retention of locked objects"
  type        = any
  default     = {}
}

variable "intelligent_tiering" {
  description = "Intelligent tiering configurations, by name"
  type        = any
  default     = {}
}

variable "block_public_acls" {
  description = "Whether public ACLs are blocked"
  type        = bool
  default     = true
}

variable "block_public_policy" {
  description = "Whether public policies are blocked"
  type        = bool
  default     = true
}

variable "ignore_public_acls" {
  description = "Whether public ACLs are ignored"
  type        = bool
  default     = true
}

variable "restrict_public_buckets" {
  description = "Whether public policies are restricted"
  type        = bool
  default     = true
}

variable "object_ownership" {
  description = "Who owns uploaded objects"
  type        = string
  default     = "BucketOwnerEnforced"
}

variable "tags" {
  description = "Tags for the bucket"
  type        = map(string)
  default     = {}
}
