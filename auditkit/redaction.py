"""Masking of secrets in whatever a report shows: values, source lines, free text.

It errs on the side of masking: a harmless word behind stars costs a reader a glance at the file,
a password in a CI log costs a rotation.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence

from auditkit.model import Value

MASK = "********"
"""Stands for a secret whatever its length, which would be a hint too."""

Span = tuple[int, int]
"""Start and end (exclusive) of a secret, in characters."""

_SECRET_WORDS = (
    r"passw(?:or)?d|passphrase|passwd|pwd|secret|token|credential"
    r"|(?:private|access|api|auth|signing|shared|account|customer|deploy|license)[_-]?key"
    r"|connection[_-]?string|key[_-]?material|plaintext"
)
_SECRET_NAME = re.compile(_SECRET_WORDS)
_CAMEL_CASE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# A name with a secret word in it that ends like this says something about a secret instead.
_ABOUT_A_SECRET = re.compile(
    r"[_.-](?:arn|id|name|path|prefix|policy|type|class|version|stage|length|count|size|number|days"
    r"|period|duration|age|validity|units?|ttl|expiry|expiration|enabled|required|rotation"
    r"|prevention|history|retention|strategy|status|state|manager"
    r"|reset|recovery|window|url|uri|endpoint|issuer|provider|source|from|ref|region|algorithm"
    r"|last_(?:changed|rotated|used)|spec|usage|format|description|configuration|metadata|tag|list|domain|storage|expression"
    r"|param|parameter|generation|header_value|(?:custom_)?propertie)s?$"
    # Counters, proofs of ownership and guards against doing a thing twice.
    r"|(?:^|_)(?:http|max|min|overlap|dkim|verification|creation|update|lock|version|client|request"
    r"|idempotency|pagination|page|next)_tokens?$"
)
# Formats that are secrets wherever they stand: AWS, GitHub, Slack, Stripe, JSON Web Tokens, the
# password of a URL.  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
_TOKEN = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}"
    r"|\bgh[opsur]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}"
    r"|\bxox[abeoprs]-[\w-]{10,}"
    r"|\b[rs]k_live_\w{10,}"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
    r"|(?<=://)[^\s/:@\"'$]+:[^\s/@\"'$]+(?=@)"
)
_PEM_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----")
_PEM_END = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY-----")
_SUSPICIOUS = re.compile(
    rf"{_SECRET_WORDS}|sensitive\s*=\s*true|aws_ssm_parameter|aws_cloudwatch_event_connection"
    r"|AKIA|ASIA|gh[opsur]_|github_pat_|xox|k_live_|eyJ|://[^/\s]*@|PRIVATE KEY",
    re.IGNORECASE,
)
_ASSIGNMENT = re.compile(
    r"(?<![\w.-])(?P<open>\\?[\"'])?(?<![\w.-])(?P<name>[A-Za-z_][\w.-]*)(?P<close>\\?[\"'])?"
    r"\s*(?P<operator>=>|=(?!=)|:(?![:/]))\s*"
)
# A value without quotes is a secret in a script only; in HCL it is an expression.
_SCRIPT_VALUE = re.compile(
    r"(?!(?:var|local|module|data|each|self|path|aws_\w+|random_\w+)\.|(?:true|false|null)\b)"
    r"[^\s\"'$<({\[,;&|\\]+"
)
_HEREDOC = re.compile(r"<<[-~]?\s*\"?(?P<end>[A-Za-z_][\w.-]*)\"?\s*$")
# Blocks whose `default` or `value` is a secret: by their name, or by the type of resource.
_SECRET_BLOCK = re.compile(
    r"^\s*(?:(?:variable|output)\s+\"(?P<name>[^\"]+)\""
    r"|resource\s+\"aws_(?:ssm_parameter|api_gateway_api_key|cloudwatch_event_connection)\".*?)\s*\{"
)
# A block that says itself that it is one, a line or more below its header.
_NAMED_BLOCK = re.compile(r"(?:variable|output)\s+\"")
_MARKED = re.compile(r"\s*sensitive\s*=\s*true\b")
_NAME_OF_PAIR = re.compile(
    r"(?:^|[\s,{\"'])(?:name|key|parameter_name)\\?[\"']?\s*[=:]\s*\\?[\"'](?P<name>[^\"'\\]+)",
    re.IGNORECASE,
)
_STRING_OR_COMMENT = re.compile(r"\"(?:[^\"\\]|\\.)*(?:\"|\\?$)|#.*|//.*")
# Members that name a secret, in lists such as the `secrets` of an ECS container.
_NAME_KEYS = ("name", "valueFrom", "value_from", "arn")
_NAME_BEFORE = re.compile(rf"\b(?:{'|'.join(_NAME_KEYS)})\\?[\"']?\s*[=:]\s*\\?$")
_ONLY_A_REFERENCE = re.compile(r"\$\{[^{}]*\}")
_PAIR_LINES = 3
"""How many lines below ``name = "DB_PASSWORD"`` its ``value = …`` may stand."""


@functools.lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether an attribute, variable or key of this name is likely to hold a secret.

    ``master_password`` is, ``password_length`` and ``secret_arn`` are not.
    """
    name = _CAMEL_CASE.sub("_", name.rpartition(".")[2]).lower()
    return bool(_SECRET_NAME.search(name)) and not _ABOUT_A_SECRET.search(name)


def mask_value(value: Value, name: str = "") -> Value:
    """`value` without the secrets in it, at any depth.

    `name` is the attribute that holds it, or its path as text.  Numbers, booleans and ARNs are
    kept: they are settings about secrets.
    """
    if isinstance(value, str):
        return MASK if _is_masked(value, name) else mask_text(value)
    if isinstance(value, Mapping):
        pair = value.get("name")
        return {
            key: mask_value(
                item, pair if key == "value" and isinstance(pair, str) else _member(name, key)
            )
            for key, item in value.items()
        }
    if isinstance(value, Sequence):
        return [mask_value(item, name) for item in value]
    return value


@functools.lru_cache(maxsize=1024)
def mask_text(text: str) -> str:
    """`text`, one line or many, with `MASK` in place of everything that looks like a secret."""
    if not _SUSPICIOUS.search(text):
        return text
    spans = secret_spans(text)
    return "\n".join(
        mask_spans(line, spans.get(number, ()))
        for number, line in enumerate(text.split("\n"), start=1)
    )


def mask_spans(line: str, spans: Sequence[Span]) -> str:
    """`line` with `MASK` in place of each of the `spans`, which are in order."""
    pieces = []
    position = 0
    for start, end in spans:
        pieces += [line[position:start], MASK]
        position = end
    return "".join([*pieces, line[position:]])


def secret_spans(text: str) -> Mapping[int, tuple[Span, ...]]:
    """Where secrets stand in a source file: line number, from 1, to spans in that line.

    Lines without one are left out.  The whole file is needed because a secret may stand in a
    heredoc, a private key or a ``variable "password"`` block that began lines above.
    """
    if not _SUSPICIOUS.search(text):
        return {}
    lines = text.split("\n")
    scan = _Scan(frozenset(_marked_blocks(lines)))
    found = {}
    for number, line in enumerate(lines, start=1):
        spans = _merge([*scan.read(line, number), *(m.span() for m in _TOKEN.finditer(line))])
        if spans:
            found[number] = spans
    return found


def _marked_blocks(lines: Sequence[str]) -> Iterator[int]:
    """The lines where variables and outputs begin that are marked sensitive."""
    header = 0
    for number, line in enumerate(lines, start=1):
        if _NAMED_BLOCK.match(line):
            header = number
        elif line.startswith("}"):
            header = 0
        elif header and _MARKED.match(line):
            yield header


class _Scan:
    """Reads a source file line by line and remembers what the next line stands in."""

    def __init__(self, marked: frozenset[int]) -> None:
        self._marked = marked
        self._heredoc_end = ""
        self._in_key = False
        self._open_brackets = 0
        self._block_brackets = 0
        self._pair_until = 0

    def read(self, line: str, number: int) -> Iterator[Span]:
        """The spans of the secrets in the next line, in no order."""
        if self._heredoc_end:
            if line.strip() == self._heredoc_end:
                self._heredoc_end = ""
            else:
                yield from _all_but_indent(line)
            return
        if self._in_key or _PEM_BEGIN.search(line):
            self._in_key = not _PEM_END.search(line)
            yield from _all_but_indent(line)
            return
        if self._open_brackets:
            spans, self._open_brackets, _, _ = _literals(line, 0, self._open_brackets)
            yield from spans
            return
        yield from self._read_assignments(line, number)

    def _read_assignments(self, line: str, number: int) -> Iterator[Span]:
        in_block = self._enter_block(line, number)
        for pair in _NAME_OF_PAIR.finditer(line):
            self._pair_until = number + _PAIR_LINES if is_secret_name(pair["name"]) else 0
        done = 0
        for match in _ASSIGNMENT.finditer(line):
            name = match["name"]
            if match.start() < done or not (
                is_secret_name(name)
                or (in_block and name in ("default", "value"))
                or (name == "value" and number <= self._pair_until)
            ):
                continue
            # A name after an opening quote alone stands inside of a string, a script perhaps.
            if not match["open"] or match["close"]:
                spans, self._open_brackets, self._heredoc_end, done = _literals(
                    line, match.end(), 0
                )
                yield from spans
            word = _SCRIPT_VALUE.match(line, match.end())
            if word and _is_script(line, match, word):
                yield word.span()

    def _enter_block(self, line: str, number: int) -> bool:
        """Whether the line stands in a ``variable`` or ``output`` block of a secret."""
        header = _SECRET_BLOCK.match(line)
        is_secret = header and (
            not header["name"] or number in self._marked or is_secret_name(header["name"])
        )
        if not self._block_brackets and not is_secret:
            return False
        code = _STRING_OR_COMMENT.sub("", line)
        self._block_brackets = max(0, self._block_brackets + code.count("{") - code.count("}"))
        return True


def _literals(line: str, position: int, depth: int) -> tuple[list[Span], int, str, int]:
    """The string literals of the expression at `position`, up to its end or the line's.

    Then the number of brackets that the line leaves open, the end word of a heredoc that it
    opens, and where the expression ends.
    """
    spans: list[Span] = []
    outermost = depth
    # The output of a command, in a script.
    if line.startswith("$", position):
        return spans, depth, "", position
    while position < len(line):
        character = line[position]
        if character in "\"'":
            start = position + 1
            end, position = _string_end(line, position)
            named = _NAME_BEFORE.search(line, max(0, start - 40), start - 1)
            if not named and not _is_harmless(line[start:end]):
                spans.append((start, end))
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
            if depth < 0 or (outermost and not depth):
                return spans, 0, "", position
        elif (character == "," and not depth) or character == "#":
            break
        elif character == "<" and (heredoc := _HEREDOC.match(line, position)):
            return spans, depth, heredoc["end"], len(line)
        position += 1
    return spans, max(depth, 0), "", position


def _string_end(line: str, start: int) -> tuple[int, int]:
    """Where the text of the string opened at `start` ends, and where its closing quote stands.

    Both are the end of the line if the string does not close on it.
    """
    quote = line[start]
    # Of a document inside a string, the quotes are escaped themselves.
    escaped = start > 0 and line[start - 1] == "\\"
    depth = 0
    position = start + 1
    while position < len(line):
        if line[position] == "\\":
            if escaped and line[position + 1 : position + 2] == quote:
                return position, position + 1
            position += 1
        elif line.startswith("${", position):
            depth += 1
            position += 1
        elif depth and line[position] == "}":
            depth -= 1
        elif not depth and line[position] == quote:
            return position, position
        position += 1
    return len(line), len(line)


def _is_script(line: str, name: re.Match[str], word: re.Match[str]) -> bool:
    """Whether ``NAME=word`` is of a shell script, or ``name: word`` of a YAML document."""
    if name["operator"] == ":":
        return not line[word.end() :].strip() and name.end() > name.end("operator")
    return name["operator"] == "=" and name.end() == name.end("operator")


def _is_masked(value: str, name: str) -> bool:
    return not _is_harmless(value) and is_secret_name(_last_name(name))


def _is_harmless(text: str) -> bool:
    return not text or text.startswith("arn:") or bool(_ONLY_A_REFERENCE.fullmatch(text))


def _last_name(path: str) -> str:
    """``DB_PASSWORD`` of ``environment[0].variables["DB_PASSWORD"]``."""
    names = re.findall(r"[A-Za-z_][\w-]*", path)
    return names[-1] if names else ""


def _member(name: str, key: str) -> str:
    # Whatever stands below a secret name is a secret, under nearly any key.
    return name if key not in _NAME_KEYS and is_secret_name(_last_name(name)) else key


def _all_but_indent(line: str) -> list[Span]:
    start = len(line) - len(line.lstrip())
    return [(start, len(line.rstrip()))] if line.strip() else []


def _merge(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, with those that overlap joined."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
