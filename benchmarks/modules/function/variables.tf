variable "name" {
  description = "The name of the function"
  type        = string
}

variable "runtime" {
  description = "Runtime, handler and package"
  type = object({
    name          = optional(string, "python3.12")
    handler       = optional(string, "__DOMAIN__.main.handler")
    architectures = optional(list(string), ["arm64"])
    s3_bucket     = optional(string, "__DOMAIN__-artifacts")
    s3_key        = optional(string)
    image_uri     = optional(string)
    layers        = optional(list(string), [])
  })
  default = {}
}

variable "memory_size" {
  description = "Memory in MB"
  type        = number
  default     = 256
}

variable "timeout" {
  description = "Seconds until the function is stopped"
  type        = number
  default     = __TIMEOUT__
}

variable "reserved_concurrent_executions" {
  description = "Concurrency that is set aside for this function"
  type        = number
  default     = -1
}

variable "environment_variables" {
  description = "The environment"
  type        = map(string)
  default     = {}
}

variable "kms_key_arn" {
  description = "The key for the environment and the logs"
  type        = string
  default     = null
}

variable "vpc" {
  description = "Where in the network the function runs"
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null
}

variable "tracing_mode" {
  description = "PassThrough or Active"
  type        = string
  default     = null
}

variable "log_retention_in_days" {
  description = "Days that logs are kept"
  type        = number
  default     = __RETENTION__
}

variable "policy_statements" {
  description = "What the function may do, by name"
  type        = any
  default     = {}
}

variable "allowed_triggers" {
  description = "Who may call the function, by name"
  type        = map(any)
  default     = {}
}

variable "event_source_mapping" {
  description = "Queues, streams and tables that feed the function"
  type        = any
  default     = {}
}

variable "function_url" {
  description = "Whether and how the function has a URL"
  type = object({
    authorization = optional(string, "AWS_IAM")
    cors = optional(object({
      allow_origins = list(string)
      allow_methods = optional(list(string), ["GET"])
      max_age       = optional(number, 3600)
    }))
  })
  default = null
}

variable "dead_letter_target_arn" {
  description = "Where failed events go"
  type        = string
  default     = null
}

variable "schedule_expression" {
  description = "When the function is called by the clock"
  type        = string
  default     = ""
}

variable "tags" {
  description = "Tags for everything"
  type        = map(string)
  default     = {}
}
