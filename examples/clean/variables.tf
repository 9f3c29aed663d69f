variable "region" {
  description = "Where the shop runs"
  type        = string
  default     = "eu-west-1"
}

variable "account_id" {
  description = "The account that the shop runs in"
  type        = string
}

variable "environment" {
  description = "staging or prod"
  type        = string

  validation {
    condition     = contains(["staging", "prod"], var.environment)
    error_message = "The environment is staging or prod."
  }
}

variable "domain" {
  description = "Where customers go"
  type        = string
}

variable "certificate_arn" {
  description = "The certificate of the load balancer"
  type        = string
}

variable "zones" {
  description = "Availability zones of the subnets"
  type        = list(string)
  default     = ["eu-west-1a", "eu-west-1b"]
}

variable "web_ports" {
  description = "What the load balancer listens on, and to whom"
  type = map(object({
    port  = number
    cidrs = optional(list(string), ["10.0.0.0/8"])
  }))
  default = {}
}

variable "buckets" {
  description = "Buckets of the shop"
  type = map(object({
    expire = optional(number)
  }))
}

variable "log_retention_days" {
  description = "Days that logs are kept, a year at least"
  type        = number
  default     = 365
}

variable "website_certificate_arn" {
  description = "The certificate of the web site, in us-east-1"
  type        = string
}

variable "website_acl_arn" {
  description = "The firewall of the web site, in us-east-1"
  type        = string
}
