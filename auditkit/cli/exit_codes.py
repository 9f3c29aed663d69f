"""The exit codes: a contract with scripts and CI, described in docs/exit-codes.md."""

CLEAN = 0
"""Everything was looked at, and nothing is as severe as ``--fail-on``."""
FINDINGS = 1
"""There are findings at or above ``--fail-on``."""
USAGE = 2
"""The call, the configuration or a rule file is wrong."""
INCOMPLETE = 3
"""There was nothing to scan, or a part could not be read; strictly, also: to judge."""
BUG = 70
"""auditkit itself failed; ``EX_SOFTWARE`` of sysexits.h."""
INTERRUPTED = 130
"""The user stopped it."""
CLOSED_PIPE = 141
"""The reader of the output went away, as ``head`` does."""
