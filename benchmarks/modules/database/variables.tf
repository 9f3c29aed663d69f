variable "identifier" {
  description = "The name of the instance"
  type        = string
}

variable "engine" {
  description = "Engine, version and parameter family"
  type = object({
    name    = optional(string, "postgres")
    version = optional(string, "16.3")
    family  = optional(string, "postgres16")
  })
  default = {}
}

variable "instance" {
  description = "Size and placement"
  type = object({
    class                 = optional(string, "db.t4g.__SIZE__")
    allocated_storage     = optional(number, 20)
    max_allocated_storage = optional(number, 100)
    storage_type          = optional(string, "gp3")
    multi_az              = optional(bool, false)
    publicly_accessible   = optional(bool, false)
    port                  = optional(number, 5432)
    replicas              = optional(number, 0)
  })
  default  = {}
  nullable = false
}

variable "protection" {
  description = "Encryption, backups and deletion"
  type = object({
    storage_encrypted       = optional(bool, true)
    kms_key_arn             = optional(string)
    backup_retention_period = optional(number, 7)
    deletion_protection     = optional(bool, true)
    skip_final_snapshot     = optional(bool, false)
    iam_authentication      = optional(bool, true)
    ca_cert_identifier      = optional(string)
  })
  default  = {}
  nullable = false
}

variable "monitoring" {
  description = "Enhanced monitoring, performance insights and exported logs"
  type = object({
    interval             = optional(number, 0)
    performance_insights = optional(bool, false)
    insights_retention   = optional(number, 7)
    exported_logs        = optional(list(string), [])
    log_retention        = optional(number, __RETENTION__)
  })
  default  = {}
  nullable = false
}

variable "parameters" {
  description = "Parameters of the database"
  type        = list(map(string))
  default     = []
}

variable "options" {
  description = "Options of the option group"
  type        = any
  default     = []
}

variable "username" {
  description = "The first user"
  type        = string
  default     = "__OWNER__"
}

variable "subnet_ids" {
  description = "Subnets of the database"
  type        = list(string)
  default     = []
}

variable "subnet_group_name" {
  description = "An existing subnet group"
  type        = string
  default     = null
}

variable "vpc_security_group_ids" {
  description = "Security groups of the instance"
  type        = list(string)
  default     = []
}

variable "alarm_topic_arns" {
  description = "Topics that are told when an alarm goes off"
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "Tags for everything"
  type        = map(string)
  default     = {}
}
