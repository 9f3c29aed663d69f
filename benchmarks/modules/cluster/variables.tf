variable "name" {
  description = "The name of the cluster"
  type        = string
}

variable "kubernetes_version" {
  description = "The version of Kubernetes"
  type        = string
  default     = "1.31"
}

variable "endpoint" {
  description = "Who can reach the API"
  type = object({
    private      = optional(bool, true)
    public       = optional(bool, false)
    public_cidrs = optional(list(string), ["0.0.0.0/0"])
  })
  default = {}
}

variable "enabled_log_types" {
  description = "Logs of the control plane"
  type        = list(string)
  default     = ["audit", "api", "authenticator"]
}

variable "log_retention_in_days" {
  description = "Days that logs are kept"
  type        = number
  default     = __RETENTION__
}

variable "encryption_key_arn" {
  description = "The key that secrets are encrypted with"
  type        = string
  default     = null
}

variable "vpc_id" {
  description = "The VPC"
  type        = string
}

variable "subnet_ids" {
  description = "The subnets of control plane and nodes"
  type        = list(string)
}

variable "node_groups" {
  description = "Managed node groups, by name"
  type = map(object({
    instance_types = optional(list(string), ["m6g.__SIZE__"])
    capacity_type  = optional(string, "ON_DEMAND")
    min_size       = optional(number, 1)
    max_size       = optional(number, 3)
    desired_size   = optional(number, 1)
    disk_size      = optional(number, 50)
    labels         = optional(map(string), {})
    taints = optional(map(object({
      key    = string
      value  = optional(string)
      effect = string
    })), {})
  }))
  default = {}
}

variable "addons" {
  description = "Add-ons, by name"
  type        = any
  default     = {}
}

variable "access_entries" {
  description = "Who may do what in the cluster"
  type        = any
  default     = {}
}

variable "tags" {
  description = "Tags for everything"
  type        = map(string)
  default     = {}
}
