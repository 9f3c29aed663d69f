"""Live AWS: what runs in accounts, in the vocabulary of the provider."""
