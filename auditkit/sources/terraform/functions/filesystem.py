"""abspath, basename, dirname, file, file…, fileset, pathexpand, templatefile.

https://developer.hashicorp.com/terraform/language/functions/file and its neighbours.
Files are read through the context, which keeps to the scanned tree.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping

from auditkit.model import Unknown
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.hashing import base64_digest, hexadecimal
from auditkit.sources.terraform.functions.regular_expressions import (
    TooComplexError,
    compile_regex,
)
from auditkit.sources.terraform.functions.signature import (
    Function,
    FunctionContext,
    Parameter,
    text,
)
from auditkit.sources.terraform.functions.text_encoding import encode_bytes
from auditkit.sources.terraform.values import HclValue, make_set, normalize_text


def clean(path: str) -> str:
    """The shortest path that names the same place, as Go's ``filepath.Clean``."""
    result = posixpath.normpath(path)
    # POSIX lets two slashes at the start mean something else; Go does not.
    return result[1:] if result.startswith("//") else result


def absolute_path(context: FunctionContext, path: str) -> str:
    """`path` from the root of the file system on."""
    return clean(posixpath.join(context.base_directory, path))


def base_name(path: str) -> str:
    """The last element of `path`."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def directory_name(path: str) -> str:
    """`path` without its last element."""
    return clean(path[: path.rfind("/") + 1])


def expand_path(path: str) -> str | Unknown:
    """`path`, unless it starts in a home directory, which depends on who runs Terraform."""
    if path.startswith("~"):
        return Unknown(f"the home directory in {path!r} depends on who runs Terraform")
    return path


def file_text(context: FunctionContext, path: str) -> str:
    """The content of a text file."""
    try:
        return normalize_text(context.read_file(path).decode("utf-8"))
    except UnicodeDecodeError:
        raise EvaluationError(f'contents of "{path}" are not valid UTF-8') from None


def file_exists(context: FunctionContext, path: str) -> bool:
    """Whether there is such a file."""
    return context.file_exists(path)


def file_base64(context: FunctionContext, path: str) -> str:
    """The content of a file in Base64."""
    return encode_bytes(context.read_file(path))


def _digest(digest: Callable[[str, bytes], str], algorithm: str) -> Function:
    def implementation(context: FunctionContext, path: str) -> str:
        return digest(algorithm, context.read_file(path))

    return Function(implementation, (text("path"),), context=True)


def file_set(context: FunctionContext, path: str, pattern: str) -> HclValue:
    """The files below `path` that match the pattern, relative to it."""
    matches = compile_glob(pattern)
    names = [clean(name) for name in context.list_files(path)]
    return make_set(normalize_text(name) for name in names if matches(name))


_GLOB = re.compile(
    r"\*\*/|\*\*|\*|\?|\[(\^?)((?:\\.|[^\]\\])+)\]|\{([^{}]*)\}|\\(.)|(.)", re.DOTALL
)
_MOST_STARS = 12


def compile_glob(pattern: str) -> Callable[[str], bool]:
    """A test whether a relative path matches a ``fileset`` pattern as a whole.

    ``**`` stands for any number of directories, ``{a,b}`` for one of several, ``[^a]`` for
    all but one character.
    Syntax: https://developer.hashicorp.com/terraform/language/functions/fileset

    Raises `EvaluationError` for a wrong pattern, and for one that may take too long.
    """
    if pattern.count("*") > _MOST_STARS:
        raise EvaluationError(f"the pattern {pattern!r} is too large to evaluate")
    expression = f"(?s)\\A{_translate(clean(pattern))}\\z"

    def matches(path: str) -> bool:
        try:
            return any(compile_regex(expression).find_all(path))
        except TooComplexError:
            raise EvaluationError(f"the pattern {pattern!r} is too large to evaluate") from None

    return matches


def _translate(pattern: str) -> str:
    return "".join(map(_translate_piece, _GLOB.finditer(pattern)))


def _translate_piece(found: re.Match[str]) -> str:
    if found[0] in _WILDCARDS:
        return _WILDCARDS[found[0]]
    if found[2] is not None:
        members = found[2].replace("[", "\\[")
        return f"[{found[1]}{members}]"
    if found[3] is not None and "/" not in found[3]:
        return f"(?:{'|'.join(map(_translate, found[3].split(',')))})"
    # A choice stays within one directory; a set that is not closed is left over as a character.
    if found[3] is not None or found[5] in ("[", "{"):
        raise EvaluationError("failed to glob pattern: syntax error in pattern")
    return re.escape(found[4] or found[5])


_WILDCARDS: Mapping[str, str] = {
    "**/": "(?:[^/]+/)*",
    "**": ".*",
    "*": "[^/]*",
    "?": "[^/]",
}


def template_file(context: FunctionContext, path: str, variables: HclValue) -> HclValue:
    """The content of a template file, rendered with the variables."""
    if not isinstance(variables, dict):
        raise EvaluationError("invalid vars value: must be a map")
    result: HclValue = context.render_template(file_text(context, path), path, variables)
    return result


def _with_path(implementation: Callable[..., HclValue]) -> Function:
    return Function(implementation, (text("path"),), context=True)


FUNCTIONS: Mapping[str, Function] = {
    "abspath": _with_path(absolute_path),
    "basename": Function(base_name, (text("path"),)),
    "dirname": Function(directory_name, (text("path"),)),
    "file": _with_path(file_text),
    "filebase64": _with_path(file_base64),
    "filebase64sha256": _digest(base64_digest, "sha256"),
    "filebase64sha512": _digest(base64_digest, "sha512"),
    "fileexists": _with_path(file_exists),
    "filemd5": _digest(hexadecimal, "md5"),
    "fileset": Function(file_set, (text("path"), text("pattern")), context=True),
    "filesha1": _digest(hexadecimal, "sha1"),
    "filesha256": _digest(hexadecimal, "sha256"),
    "filesha512": _digest(hexadecimal, "sha512"),
    "pathexpand": Function(expand_path, (text("path"),)),
    "templatefile": Function(
        template_file, (text("path"), Parameter("vars", partial=True)), context=True
    ),
}
