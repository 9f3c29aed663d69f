"""jsonencode, jsondecode, yamlencode, yamldecode.

https://developer.hashicorp.com/terraform/language/functions/jsonencode and its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from auditkit.model import Unknown
from auditkit.sources.terraform.arithmetic import parse_number
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.collection import check_elements
from auditkit.sources.terraform.functions.signature import Function, Parameter, text
from auditkit.sources.terraform.functions.text_encoding import decode_bytes
from auditkit.sources.terraform.values import (
    HclValue,
    SetValue,
    combine_unknowns_in,
    find_unknowns,
    from_json,
    from_plain,
    is_wholly_known,
    normalize_text,
    plain,
    to_json,
    unite_references,
)


def json_encode(value: HclValue) -> str | Unknown:
    """`value` as JSON; partly unknown, an `Unknown` that holds the document."""
    return _encode(value, to_json)


def yaml_encode(value: HclValue) -> str | Unknown:
    """`value` as YAML; partly unknown, an `Unknown` that holds the document."""
    return _encode(value, _to_yaml)


def _encode(value: HclValue, encode: Callable[[HclValue], str]) -> str | Unknown:
    if isinstance(value, Unknown):
        return combine_unknowns_in(value)
    try:
        return encode(value)
    except EvaluationError:
        if is_wholly_known(value):
            raise
    unknowns = list(find_unknowns(value))
    return Unknown(
        unknowns[0].cause,
        references=unite_references(unknowns),
        document=plain(value),
        sensitive=any(unknown.sensitive for unknown in unknowns),
    )


def json_decode(value: HclValue) -> HclValue:
    """The value of a JSON document."""
    if isinstance(value, Unknown):
        if value.document is not None:
            return from_plain(value.document)
        return combine_unknowns_in(value)
    assert isinstance(value, str)
    return from_json(value)


def _to_yaml(value: HclValue) -> str:
    """YAML as Terraform lays it out: every string quoted, or a block if it has several lines."""
    # YAML is loaded only by configurations that use it.
    import yaml

    events = [
        yaml.StreamStartEvent(),
        yaml.DocumentStartEvent(explicit=False),
        *_yaml_events(value),
        yaml.DocumentEndEvent(explicit=False),
        yaml.StreamEndEvent(),
    ]
    result: str = yaml.emit(events, Dumper=yaml.SafeDumper, allow_unicode=True)
    return result


def _yaml_events(value: HclValue, *, key: bool = False) -> Iterator[object]:
    import yaml

    if isinstance(value, dict):
        yield yaml.MappingStartEvent(None, None, True, flow_style=not value)
        for name, element in value.items():
            yield from _yaml_events(name, key=True)
            yield from _yaml_events(element)
        yield yaml.MappingEndEvent()
    elif isinstance(value, (list, SetValue)):
        yield yaml.SequenceStartEvent(None, None, True, flow_style=not value)
        for element in value:
            yield from _yaml_events(element)
        yield yaml.SequenceEndEvent()
    elif isinstance(value, str):
        # Go's emitter escapes what is beyond the basic plane, which a block can't.
        block = "\n" in value and not key and max(value) <= "\uffff"
        yield yaml.ScalarEvent(None, None, (False, True), value, style="|" if block else '"')
    else:
        yield yaml.ScalarEvent(None, None, (True, False), to_json(value))


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
            value = _yaml_scalar(event.value, event.tag, plain=event.implicit[0])
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


_YAML_TAG = "tag:yaml.org,2002:"
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


def _yaml_scalar(value: str, tag: str | None, *, plain: bool) -> HclValue:
    if tag is None or tag == "!":
        if tag == "!" and plain:
            raise EvaluationError('unsupported tag "!"')
        return _yaml_plain(value) if plain else normalize_text(value)
    kind = tag.removeprefix(_YAML_TAG)
    if kind == "str":
        return normalize_text(value)
    if kind == "null":
        return None
    if kind == "binary":
        decode_bytes(value)
        return value
    if kind in ("int", "float", "bool", "timestamp"):
        return _yaml_plain(value)
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
    "jsondecode": Function(json_decode, (text("str", unknown=True),)),
    "jsonencode": Function(json_encode, (Parameter("val", nullable=True, unknown=True),)),
    "yamldecode": Function(yaml_decode, (text("src"),)),
    "yamlencode": Function(yaml_encode, (Parameter("value", nullable=True, unknown=True),)),
}
