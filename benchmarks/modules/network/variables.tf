variable "create" {
  description = "Controls if the network should be created at all"
  type        = bool
  default     = true
}

variable "name" {
  description = "Name used as a prefix for everything in this network"
  type        = string
}

variable "cidr" {
  description = "The IPv4 range of the VPC"
  type        = string
  default     = "10.0.0.0/16"

  validation {
    condition     = can(cidrhost(var.cidr, 0))
    error_message = "The range must be valid CIDR notation."
  }
}

variable "secondary_cidr_blocks" {
  description = "More ranges to associate with the VPC"
  type        = list(string)
  default     = []
}

variable "azs" {
  description = "Availability zones, by name"
  type        = list(string)
  default     = []
}

variable "public_subnets" {
  description = "Ranges of the public subnets"
  type        = list(string)
  default     = []
}

variable "private_subnets" {
  description = "Ranges of the private subnets"
  type        = list(string)
  default     = []
}

variable "database_subnets" {
  description = "Ranges of the database subnets"
  type        = list(string)
  default     = []
}

variable "create_database_subnet_group" {
  description = "Controls if a subnet group should be made of the database subnets"
  type        = bool
  default     = true
}

variable "enable_dns_hostnames" {
  description = "Should be true to enable DNS hostnames in the VPC"
  type        = bool
  default     = true
}

variable "enable_nat_gateway" {
  description = "Should be true if NAT gateways are wanted for the private subnets"
  type        = bool
  default     = false
}

variable "single_nat_gateway" {
  description = "Should be true for one shared NAT gateway"
  type        = bool
  default     = false
}

variable "one_nat_gateway_per_az" {
  description = "Should be true for exactly one NAT gateway per availability zone"
  type        = bool
  default     = false
}

variable "map_public_ip_on_launch" {
  description = "Whether instances in the public subnets get a public address"
  type        = bool
  default     = false
}

variable "public_dedicated_network_acl" {
  description = "Whether to use a network ACL of its own for the public subnets"
  type        = bool
  default     = false
}

variable "public_inbound_acl_rules" {
  description = "Inbound rules of the public network ACL"
  type        = list(map(string))

  default = [
    {
      rule_number = 100
      rule_action = "allow"
      from_port   = 0
      to_port     = 0
      protocol    = "-1"
      cidr_block  = "0.0.0.0/0"
    },
  ]
}

variable "public_outbound_acl_rules" {
  description = "Outbound rules of the public network ACL"
  type        = list(map(string))

  default = [
    {
      rule_number = 100
      rule_action = "allow"
      from_port   = 0
      to_port     = 0
      protocol    = "-1"
      cidr_block  = "0.0.0.0/0"
    },
  ]
}

variable "manage_default_security_group" {
  description = "Should be true to adopt and manage the default security group"
  type        = bool
  default     = true
}

variable "default_security_group_ingress" {
  description = "Ingress rules of the default security group"
  type        = list(map(string))
  default     = []
}

variable "default_security_group_egress" {
  description = "Egress rules of the default security group"
  type        = list(map(string))
  default     = []
}

variable "flow_log" {
  description = "Where and how traffic is logged"
  type = object({
    enabled              = optional(bool, false)
    traffic_type         = optional(string, "ALL")
    retention_in_days    = optional(number)
    kms_key_arn          = optional(string)
    aggregation_interval = optional(number, __INTERVAL__)
    log_format           = optional(string)
  })
  default = {}
}

variable "gateway_endpoints" {
  description = "Services that get a gateway endpoint"
  type        = set(string)
  default     = ["s3"]
}

variable "public_subnet_tags" {
  description = "More tags for the public subnets"
  type        = map(string)
  default     = {}
}

variable "private_subnet_tags" {
  description = "More tags for the private subnets"
  type        = map(string)
  default     = {}
}

variable "tags" {
  description = "Tags for everything"
  type        = map(string)
  default     = {}
}
