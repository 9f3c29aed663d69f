variable "max_storage" { default = 500 }
