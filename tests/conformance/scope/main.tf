# What the expressions of ../expressions may name.

variable "nothing" {
  type    = string
  default = null
}

variable "no_number" {
  type    = number
  default = null
}

variable "no_list" {
  type    = list(string)
  default = null
}

variable "no_object" {
  type    = object({ a = string })
  default = null
}

variable "untyped_null" {
  default = null
}

variable "names" {
  type    = list(string)
  default = ["b", "a", "c"]
}

variable "empty_list" {
  type    = list(string)
  default = []
}

variable "empty_map" {
  type    = map(string)
  default = {}
}

variable "empty_set" {
  type    = set(string)
  default = []
}

variable "tags" {
  type    = map(string)
  default = { Team = "shop", Env = "prod" }
}

variable "ports" {
  type    = set(number)
  default = [443, 80, 8080]
}

variable "zones" {
  type    = set(string)
  default = ["eu-1b", "eu-1a"]
}

variable "anything" {
  type    = any
  default = { a = 1, b = ["x", true] }
}

variable "any_list" {
  type    = list(any)
  default = [1, "a", true]
}

variable "any_map" {
  type    = map(any)
  default = { a = 1, b = "x" }
}

variable "secret" {
  type      = string
  default   = "hunter2"
  sensitive = true
}

variable "secret_map" {
  type      = map(string)
  default   = { user = "root", password = "hunter2" }
  sensitive = true
}

variable "service" {
  type = object({
    name  = string
    port  = optional(number, 8080)
    tags  = optional(map(string), {})
    hosts = optional(list(string))
    health = optional(object({
      path    = optional(string, "/")
      retries = optional(number, 3)
    }), {})
  })
  default = { name = "web" }
}

variable "services" {
  type = map(object({
    port    = optional(number, 80)
    public  = optional(bool, false)
    ingress = optional(list(object({ cidr = string, note = optional(string, "none") })), [])
  }))
  default = {
    api = { port = "8443", ingress = [{ cidr = "10.0.0.0/8" }] }
    web = { public = true, ignored = "gone" }
  }
}

variable "not_nullable" {
  type     = string
  default  = "fallback"
  nullable = false
}

variable "pair" {
  type    = tuple([string, number])
  default = [1, "2"]
}

resource "terraform_data" "later" {
  input = "given"
}

resource "terraform_data" "several" {
  count = 2
  input = count.index
}

locals {
  name    = "shop"
  numbers = [3, 1, 2.5]
  nested  = [[1, 2], [3], []]
  people = [
    { name = "Ann", age = 40, tags = ["x", "y"] },
    { name = "Bob", age = 7, tags = [] },
  ]
  by_name = { ann = { age = 40, "full name" = "Ann A." }, bob = { age = 7, "full name" = "Bob B." } }
  pairs         = [["a", "b"], ["c", "d"]]
  pairs_by_name = [{ pair = ["a", "b"] }, { pair = ["c", "d"] }]
  chained = "${local.name}-${var.not_nullable}"
  later   = terraform_data.later.id
}

locals {
  template_text = "a is $${a}"
}
