variable "name" { type = string }
variable "engine" {
  type    = string
  default = "postgres"
}
variable "password" {
  type      = string
  sensitive = true
}
variable "max_storage" {
  type    = number
  default = 100
}
variable "ephemeral" {
  type    = bool
  default = false
}
variable "alarms" { default = true }
variable "replicas" { default = "2" }
variable "subnet_ids" { type = list(string) }
variable "parameters" {
  type = map(object({
    value  = string
    reboot = optional(bool, false)
  }))
  default = {}
}
