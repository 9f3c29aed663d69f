"""The addresses of resource instances, as plans and states spell them.

https://developer.hashicorp.com/terraform/cli/state/resource-addressing
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from auditkit.model import Value

_NAME = r"[^\W\d][\w-]*"
_KEY = r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]'
_MODULE = rf"module\.{_NAME}(?:{_KEY})?"
_NAME_ONLY = re.compile(_NAME)
_MODULE_PATH = re.compile(rf"{_MODULE}(?:\.{_MODULE})*")
_STEP = re.compile(rf"module\.(?P<name>{_NAME})(?:{_KEY})?(?:\.|$)")
_ADDRESS = re.compile(
    rf"(?:(?P<module>{_MODULE}(?:\.{_MODULE})*)\.)?(?:data\.)?{_NAME}\.{_NAME}(?:{_KEY})?"
)
_ANY_KEY = re.compile(_KEY)


def is_name(text: str) -> bool:
    """Whether a type, or the name of a block, may be called so."""
    return _NAME_ONLY.fullmatch(text) is not None


def is_module_path(text: str) -> bool:
    """Whether this is the address of a module instance; the root module's is empty."""
    return not text or _MODULE_PATH.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """Whether this is the address of a resource instance."""
    return _ADDRESS.fullmatch(text) is not None


def module_path(address: str) -> str:
    """The module part of a resource instance's address, with its keys."""
    match = _ADDRESS.fullmatch(address)
    return match["module"] or "" if match else ""


@lru_cache(maxsize=4096)
def call_path(module: str) -> tuple[str, ...]:
    """The names of the calls that lead to a module instance, outermost first, without keys."""
    return tuple(match["name"] for match in _STEP.finditer(module))


def caller_of(module: str) -> str:
    """The module instance that calls this one; empty when it is the root module."""
    starts = [match.start() for match in _STEP.finditer(module)]
    return module[: starts[-1] - 1] if len(starts) > 1 else ""


def without_keys(address: str) -> str:
    """The address without the instance keys of the resource and its modules."""
    return _ANY_KEY.sub("", address)


def join(module: str, definition: str) -> str:
    """The address of what is called `definition` in a module instance."""
    return f"{module}.{definition}" if module else definition


def key_suffix(key: Value) -> str | None:
    """``[0]`` or ``["name"]`` for an instance's key, nothing for ``None``.

    The `None` that comes back says that it is no key.
    """
    if key is None:
        return ""
    if isinstance(key, str):
        return f"[{json.dumps(key, ensure_ascii=False)}]"
    is_index = isinstance(key, int) and not isinstance(key, bool) and key >= 0
    return f"[{key}]" if is_index else None
