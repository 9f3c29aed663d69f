"""Coverage-guided fuzzing: bytes that nobody would think of."""
