"""What auditkit reads: one package for each kind of input, text or API answers to `Inventory`."""
