"""What can stop a run.

AuditkitError          one line for the user, exit 2
├── RuleError          a rule file is wrong: file, line, field, what was expected
├── SourceError        an input can't be read at all: which, why, what to try
└── ConfigError        options that contradict each other, or a wrong configuration file
"""

from __future__ import annotations

from collections.abc import Iterable


class AuditkitError(Exception):
    """A mistake that the user can mend; its text is one line: what, where, what to do."""


class RuleError(AuditkitError):
    """A rule file is wrong.

    Several mistakes of one load are reported together: `mistakes` holds a line for each.
    """

    def __init__(self, *mistakes: str) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class SourceError(AuditkitError):
    """An input can't be read at all."""


class ConfigError(AuditkitError):
    """Options that contradict each other, or a configuration file that is wrong."""


def suggest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """`` (did you mean 'x'?)`` for the known word that is nearest to `word`, or nothing.

    `cutoff` says how near it has to be: 1 is the same word.
    """
    # difflib costs a millisecond to import, and only a mistake needs it.
    import difflib

    near = difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return f" (did you mean {near[0]!r}?)" if near else ""
