"""The command line: the only part that prints, reads arguments and environment, or exits."""
