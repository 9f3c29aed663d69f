"""YAML, apart from JSON because its patterns take long to compile and few need it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from auditkit.model import Unknown
from auditkit.sources.terraform.arithmetic import parse_number
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.collection import check_elements
from auditkit.sources.terraform.functions.encoding import encode_document
from auditkit.sources.terraform.functions.signature import Function, Parameter, text
from auditkit.sources.terraform.functions.text_encoding import decode_bytes
from auditkit.sources.terraform.values import (
    HclValue,
    SetValue,
    check_depth,
    normalize_text,
    to_json,
)


def yaml_encode(value: HclValue) -> str | Unknown:
    """`value` as YAML; partly unknown, an `Unknown` that holds the document."""
    return encode_document(value, _to_yaml)


def _to_yaml(value: HclValue) -> str:
    """YAML as Terraform lays it out: every string quoted, or a block if it has several lines."""
    check_depth(value)
    if isinstance(value, (dict, list, SetValue)) and value:
        return _yaml_block(value, 0) + "\n"
    end = "\n" if isinstance(value, (str, dict, list, SetValue)) else "\n...\n"
    return _yaml_inline(value, 2, 0) + end


def _yaml_block(value: HclValue, indent: int) -> str:
    """A mapping or sequence whose first line starts at column `indent`."""
    new_line = "\n" + " " * indent
    if isinstance(value, dict):
        return new_line.join(_yaml_entry(k, v, indent) for k, v in value.items())
    assert isinstance(value, (list, SetValue))
    return new_line.join("- " + _yaml_item(element, indent) for element in value)


def _yaml_entry(key: str, value: HclValue, indent: int) -> str:
    if "\n" in key or len(key.encode("utf-8")) > _YAML_LONGEST_KEY:
        shown = _yaml_inline(key, indent + 2, indent + 2)
        return f"? {shown}\n{' ' * indent}: {_yaml_item(value, indent)}"
    shown = _yaml_quoted(key) + ":"
    if isinstance(value, dict) and value:
        return f"{shown}\n{' ' * (indent + 2)}{_yaml_block(value, indent + 2)}"
    if isinstance(value, (list, SetValue)) and value:
        return f"{shown}\n{' ' * indent}{_yaml_block(value, indent)}"
    return f"{shown} {_yaml_inline(value, indent + 2, indent + len(shown) + 1)}"


def _yaml_item(value: HclValue, indent: int) -> str:
    if isinstance(value, (dict, list, SetValue)) and value:
        return _yaml_block(value, indent + 2)
    return _yaml_inline(value, indent + 2, indent + 2)


def _yaml_inline(value: HclValue, indent: int, column: int) -> str:
    """A scalar or an empty collection that starts at `column`, further lines at `indent`."""
    if isinstance(value, (dict, list, SetValue)):
        return "{}" if isinstance(value, dict) else "[]"
    if not isinstance(value, str):
        return to_json(value)
    if "\n" in value and not _YAML_NO_BLOCK.search(value):
        hint = "2" if value[0] in " \n" else ""
        chomp = "" if value.endswith("\n") else "-"
        chomp = "+" if value.endswith("\n\n") or value == "\n" else chomp
        lines = value.removesuffix("\n").split("\n")
        return "\n".join([f"|{hint}{chomp}", *(" " * indent + li if li else "" for li in lines)])
    return _yaml_folded(_yaml_quoted(value), indent, column)


_YAML_LONGEST_KEY = 128
_YAML_WIDTH = 80
# libyaml prints the basic plane only, and no block has spaces at the end of a line.
_YAML_SPECIAL = re.compile("[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_YAML_NO_BLOCK = re.compile(f"{_YAML_SPECIAL.pattern}| (?=\n)| \\Z")
_YAML_ESCAPES = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    '"': '\\"',
    "\\": "\\\\",
    "\x85": "\\N",
    "\u2028": "\\L",
    "\u2029": "\\P",
}


def _yaml_quoted(value: str) -> str:
    return '"' + re.sub(f'{_YAML_SPECIAL.pattern}|[\n"\\\\]', _yaml_escape, value) + '"'


def _yaml_escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if found[0] in _YAML_ESCAPES:
        return _YAML_ESCAPES[found[0]]
    if code < 0x100:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _yaml_folded(quoted: str, indent: int, column: int) -> str:
    """A quoted scalar, broken at the first space beyond the width, again and again.

    Algorithm: ``yaml_emitter_write_double_quoted`` in
    https://github.com/yaml/libyaml/blob/master/src/emitter.c
    """
    lines: list[str] = []
    start = 0
    while True:
        # Neither the first nor the last character is a place to break.
        at = quoted.find(" ", max(start + _YAML_WIDTH + 1 - column, start, 2))
        while 0 <= at < len(quoted) - 2 and quoted[at - 1] == " ":
            at = quoted.find(" ", at + 1)
        if not 0 <= at < len(quoted) - 2:
            return f"\n{' ' * indent}".join([*lines, quoted[start:]])
        lines.append(quoted[start:at])
        start = at + 1
        column = indent
        if quoted[start] == " ":
            quoted = quoted[:start] + "\\" + quoted[start:]


def yaml_decode(value: str) -> HclValue:
    """The value of a YAML document."""
    import yaml

    # The C parser, where it was built, reads ten times as fast.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _YamlReader(yaml.parse(value, Loader=loader)).read()
    except yaml.YAMLError as error:
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise EvaluationError(f"invalid YAML: {reason}") from None
    except RecursionError:
        raise EvaluationError("the YAML document nests too deeply to evaluate") from None


class _YamlReader:
    """Builds a value out of parser events, with the scalars of go-cty-yaml.

    https://github.com/zclconf/go-cty-yaml/blob/master/resolve.go
    """

    _MAX_DEPTH = 100

    def __init__(self, events: Iterator[object]) -> None:
        self._events = events
        self._anchors: dict[str, tuple[HclValue, int]] = {}
        self._size = 0

    def read(self) -> HclValue:
        """The only document."""
        import yaml

        next(self._events)
        if not isinstance(next(self._events), yaml.DocumentStartEvent):
            raise EvaluationError("missing start of document")
        value = self._node(next(self._events), 0)
        next(self._events)
        if not isinstance(next(self._events), yaml.StreamEndEvent):
            raise EvaluationError("unexpected extra content after value")
        return value

    def _node(self, event: object, depth: int) -> HclValue:
        import yaml

        if depth > self._MAX_DEPTH:
            raise EvaluationError("the YAML document nests too deeply to evaluate")
        self._size += 1
        before = self._size
        if isinstance(event, yaml.AliasEvent):
            # Aliases of aliases can stand for more elements than any memory holds.
            value, size = self._anchor(str(event.anchor))
            self._size += size
            check_elements(self._size)
            return value
        assert isinstance(event, yaml.NodeEvent)
        name = event.anchor
        if name is not None:
            self._anchors.pop(name, None)
        if isinstance(event, yaml.ScalarEvent):
            value = _yaml_scalar(event.value, event.tag, quoted=event.style in ("'", '"', "|", ">"))
        elif isinstance(event, yaml.SequenceStartEvent):
            _check_tag(event.tag, "seq")
            value = self._sequence(depth)
        else:
            assert isinstance(event, yaml.MappingStartEvent)
            _check_tag(event.tag, "map")
            value = self._mapping(depth)
        check_elements(self._size)
        if name is not None:
            self._anchors[name] = (value, self._size - before)
        return value

    def _anchor(self, name: str) -> tuple[HclValue, int]:
        if name not in self._anchors:
            raise EvaluationError(f'reference to undefined anchor "{name}"')
        return self._anchors[name]

    def _sequence(self, depth: int) -> HclValue:
        import yaml

        result: list[HclValue] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            result.append(self._node(event, depth + 1))
        return result

    def _mapping(self, depth: int) -> HclValue:
        import yaml

        result: dict[str, HclValue] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = _yaml_key(self._node(event, depth + 1))
            value = self._node(next(self._events), depth + 1)
            if key != "<<":
                result[key] = value
            elif isinstance(value, dict):
                result.update(value)
            else:
                raise EvaluationError("cannot merge a value other than a mapping into a mapping")
        return dict(sorted(result.items()))


def _check_tag(tag: str | None, kind: str) -> None:
    if tag not in (None, "!", f"tag:yaml.org,2002:{kind}"):
        raise EvaluationError(f'unsupported tag "{tag}"')


def _yaml_key(value: HclValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return to_json(value)
    if isinstance(value, str):
        return value
    raise EvaluationError(
        "mapping key cannot be null"
        if value is None
        else "only strings are allowed as mapping keys"
    )


_YAML_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE"), True),
    **dict.fromkeys(("on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE"), False),
    **dict.fromkeys(("off", "Off", "OFF"), False),
}
_YAML_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_YAML_BASED = re.compile(r"0(?:o([0-7]+)|x([0-9a-fA-F]+))")
_YAML_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2}))"
    r"| ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.[0-9]+)?)?"
)


def _yaml_scalar(value: str, tag: str | None, *, quoted: bool) -> HclValue:
    kind = (tag or "").removeprefix("tag:yaml.org,2002:")
    if kind in ("", "int", "float", "bool", "timestamp"):
        return normalize_text(value) if quoted else _yaml_plain(value)
    if kind == "str":
        return normalize_text(value)
    if kind == "null":
        return None
    if kind == "binary":
        decode_bytes(value)
        return value
    raise EvaluationError(f'unsupported tag "{tag}"')


def _yaml_plain(value: str) -> HclValue:
    """A scalar without quotes: a number, a word, a time or text."""
    if value in _YAML_WORDS:
        return _YAML_WORDS[value]
    first = value[:1]
    if first.isalpha() and first.isascii():
        return value
    if _YAML_NUMBER.fullmatch(value):
        return parse_number(value)
    based = _YAML_BASED.fullmatch(value)
    if based is not None:
        number = int(based[1], 8) if based[1] else int(based[2], 16)
        if number >= 2**63:
            raise EvaluationError(f'cannot parse "{value}" as a number')
        return number
    if value.lstrip("+-").lower() in (".inf", ".nan"):
        raise EvaluationError(f"the number {value} is not supported")
    when = _YAML_TIME.fullmatch(value)
    if when is not None:
        return _yaml_time(value, when)
    return normalize_text(value)


def _yaml_time(value: str, when: re.Match[str]) -> str:
    """A time in the one form that Terraform gives it, or the text if there is no such time."""
    from datetime import datetime

    hour, minute, second = (
        int(part or 0) for part in when.group(*((4, 5, 6) if when[4] else (8, 9, 10)))
    )
    try:
        moment = datetime(int(when[1]), int(when[2]), int(when[3]), hour, minute, second)
    except ValueError:
        return value
    return f"{moment:%Y-%m-%dT%H:%M:%S}{when[7] or 'Z'}"


FUNCTIONS: Mapping[str, Function] = {
    "yamldecode": Function(yaml_decode, (text("src"),)),
    "yamlencode": Function(yaml_encode, (Parameter("value", nullable=True, unknown=True),)),
}
