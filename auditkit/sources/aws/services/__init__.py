"""What is declared of each AWS service: one module per service, one declaration per type."""
