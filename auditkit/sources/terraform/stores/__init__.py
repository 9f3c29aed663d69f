"""Where states are kept: files, S3, HTTP backends, HCP Terraform."""
