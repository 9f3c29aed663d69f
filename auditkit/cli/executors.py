"""Where the units of a live run are worked on: threads, or a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from auditkit.cli.live_options import THREADS
from auditkit.errors import ConfigError

_DASK = "dask://"
_CONNECT_SECONDS = 10
_RETRIES = 2


@dataclass(frozen=True, slots=True)
class Workplace:
    """An executor, and whether its work is done in this process."""

    executor: Executor
    is_local: bool


@contextmanager
def workplace(name: str, *, at_once: int) -> Iterator[Workplace]:
    """The executor of that name, for as long as the block lasts.

    Raises `ConfigError` when there is none.
    """
    if name == THREADS:
        executor = ThreadPoolExecutor(at_once, thread_name_prefix="unit")
        try:
            yield Workplace(executor, is_local=True)
        finally:
            # What still runs was given up.
            executor.shutdown(wait=False, cancel_futures=True)
        return
    if not name.startswith(_DASK):
        raise ConfigError(f"--executor {name}: expected {THREADS} or {_DASK}HOST:PORT")
    try:
        from distributed import Client
    except ImportError as error:
        raise ConfigError(f"--executor {name} needs: pip install 'auditkit[dask]'") from error
    address = "tcp://" + name.removeprefix(_DASK)
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ConfigError(f"--executor {name}: no scheduler answers there") from error
    with client:
        # A unit whose worker goes away is begun again on another.
        yield Workplace(client.get_executor(pure=False, retries=_RETRIES), is_local=False)
