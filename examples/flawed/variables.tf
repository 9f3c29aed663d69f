variable "region" {
  description = "Where the shop runs"
  type        = string
  default     = "eu-west-1"
}

variable "environment" {
  description = "staging or prod"
  type        = string
}

variable "zones" {
  description = "Availability zones of the subnets"
  type        = list(string)
  default     = ["eu-west-1a", "eu-west-1b"]
}

variable "web_ports" {
  description = "What the web servers listen on, and to whom"
  type = map(object({
    port  = number
    cidrs = optional(list(string), ["10.0.0.0/8"])
  }))
  default = {}
}

variable "buckets" {
  description = "Buckets of the shop"
  type = map(object({
    versioning = optional(bool, true)
    algorithm  = optional(string, "aws:kms")
    public     = optional(bool, false)
    expire     = optional(number)
  }))
}

variable "database_password" {
  description = "Password of the orders database"
  type        = string
  default     = "correct-horse-battery"
}

variable "log_retention_days" {
  description = "Days that logs are kept"
  type        = number
  default     = 30
}
