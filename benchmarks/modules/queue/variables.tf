variable "name" {
  description = "The name of the queue"
  type        = string
}

variable "fifo" {
  description = "Whether order is kept"
  type        = bool
  default     = false
}

variable "settings" {
  description = "Times and sizes"
  type = object({
    visibility_timeout = optional(number, 30)
    retention_seconds  = optional(number, __AGE__)
    max_message_size   = optional(number, 262144)
    delay_seconds      = optional(number, 0)
    receive_wait       = optional(number, 10)
  })
  default = {}
}

variable "kms_key_arn" {
  description = "The key that messages are encrypted with"
  type        = string
  default     = null
}

variable "dead_letter" {
  description = "Whether and when messages go to a dead letter queue"
  type = object({
    enabled           = optional(bool, true)
    max_receive_count = optional(number, 5)
  })
  default = {}
}

variable "topics" {
  description = "Topics that the queue subscribes to, by name"
  type = map(object({
    arn           = optional(string)
    filter_policy = optional(map(list(string)))
    raw           = optional(bool, true)
  }))
  default = {}
}

variable "tags" {
  description = "Tags for everything"
  type        = map(string)
  default     = {}
}
