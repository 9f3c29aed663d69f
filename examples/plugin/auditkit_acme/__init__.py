"""What Acme adds to auditkit."""
