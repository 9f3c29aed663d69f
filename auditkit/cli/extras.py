"""Libraries that only some commands need, and that need not be installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from auditkit.errors import ConfigError

_LIBRARIES = frozenset(["boto3", "botocore", "distributed", "jmespath", "moto"])


@contextmanager
def needs_extra(name: str, command: str) -> Iterator[None]:
    """Lets a command import what the extra `name` of the package installs.

    Raises `ConfigError`, which says how to install it, when it is not there.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in _LIBRARIES:
            raise
        raise ConfigError(f"{command} needs {library}: pip install 'auditkit[{name}]'") from error
