"""JSON documents of any origin, read with care: plans and states.

A document is read a member at a time, so that a state of any size needs no more memory than
what is made of it.  Whatever is wrong with one is a `SourceError` in one line.
"""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol, cast

from auditkit.errors import SourceError
from auditkit.model import Value

MAX_BYTES = 2_000_000_000
"""A larger document is no plan or state that a person has use for."""

_CHUNK = 1 << 20
_MAX_DIGITS = 400
_MAX_DEPTH = 150
# How far from the end of what was read so far a mistake is no consequence of the rest missing:
# longer than any JSON token but a string.
_MARGIN = 2 * _MAX_DIGITS
_WORDS = ("true", "false", "null", "-")
_SPACE = " \t\n\r"


class ByteStream(Protocol):
    """What bytes are read from: a file, a response, a pipe."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


def read_document(stream: ByteStream, name: str) -> Mapping[str, Value]:
    """The JSON object that `stream` holds; `name` stands for it in messages.

    Raises `SourceError` when it is no object, truncated, too large or nested too deeply.
    """
    return dict(read_members(stream, name))


def read_members(
    stream: ByteStream, name: str, *, lists: Collection[str] = ()
) -> Iterator[tuple[str, Value]]:
    """The members of the JSON object that `stream` holds, in order.

    A member in `lists` comes an element at a time, each under the member's name; if it is no
    list it comes as a whole.  Raises `SourceError` as `read_document` does.
    """
    text = _Text(stream, name)
    if text.peek() == "":
        raise SourceError(f"{name}: it is empty")
    text.expect("{", "a JSON object")
    if text.take("}"):
        text.finish()
        return
    while True:
        key = text.value()
        if not isinstance(key, str):
            raise text.error("expected a name in quotes")
        text.expect(":", "`:` after the name")
        if key in lists and text.take("["):
            for item in text.items():
                yield key, item
        else:
            yield key, text.value()
        if not text.take(","):
            break
    text.expect("}", "`,` or `}`")
    text.finish()


def mapping_of(value: Value) -> Mapping[str, Value]:
    """`value` if it is an object; an empty one otherwise."""
    return value if isinstance(value, Mapping) else {}


def list_of(value: Value) -> Sequence[Value]:
    """`value` if it is a list; an empty one otherwise."""
    return value if isinstance(value, list) else ()


def text_of(value: Value) -> str:
    """`value` if it is a text; an empty one otherwise."""
    return value if isinstance(value, str) else ""


class _Text:
    """The text of a stream, of which no more is held than is being read."""

    def __init__(self, stream: ByteStream, name: str) -> None:
        self._stream = stream
        self._name = name
        self._buffer = ""
        self._position = 0
        self._read = 0
        # The line and column, counted from 0, at which the buffer starts.
        self._line = 0
        self._column = 0
        self._ended = False
        self._decoder: codecs.IncrementalDecoder | None = None

    def peek(self) -> str:
        """The next character that is no space; nothing at the end."""
        while True:
            while self._position < len(self._buffer):
                character = self._buffer[self._position]
                if character not in _SPACE:
                    return character
                self._position += 1
            if not self._grow():
                return ""

    def take(self, character: str) -> bool:
        """Whether the next character is this one, which is then taken."""
        if self.peek() != character:
            return False
        self._position += 1
        return True

    def expect(self, character: str, what: str) -> None:
        """Takes the character; raises `SourceError` if it is another."""
        if not self.take(character):
            raise self.error(f"expected {what}")

    def items(self) -> Iterator[Value]:
        """The elements of the list that was just opened, which is then closed."""
        if self.take("]"):
            return
        while True:
            yield self.value()
            if not self.take(","):
                break
        self.expect("]", "`,` or `]`")

    def value(self) -> Value:
        """The next value, whatever it is."""
        self.peek()
        while True:
            start = self._position
            try:
                value, end = _DECODER.raw_decode(self._buffer, start)
            except json.JSONDecodeError as error:
                is_near = error.pos > len(self._buffer) - _MARGIN
                rest = self._buffer[error.pos :].strip() if is_near else "?"
                is_open = error.msg.startswith("Unterminated") or any(
                    word.startswith(rest) for word in _WORDS
                )
                if not self._ended and (is_open or is_near):
                    self._grow()
                    continue
                self._position = len(self._buffer) if is_open else error.pos
                raise self.error(_in_words(error.msg)) from error
            except RecursionError as error:
                raise self.error("nested too deeply") from error
            except ValueError as error:
                raise self.error(str(error)) from error
            # A number may go on in what was not read yet.
            if end == len(self._buffer) and self._buffer[end - 1] not in '"}]' and self._grow():
                continue
            if _is_deep(value):
                raise self.error("nested too deeply")
            self._position = end
            is_clean = all(self._buffer.find(mark, start, end) < 0 for mark in ("\\ud", "\\uD"))
            return cast(Value, value) if is_clean else _without_surrogates(value)

    def finish(self) -> None:
        """Raises `SourceError` if anything but space is left."""
        if self.peek():
            raise self.error("there is more after the document's end")

    def error(self, message: str) -> SourceError:
        """What is wrong at the current position, or that the document ends there."""
        if not self._buffer[self._position :].strip() and self._ended:
            return SourceError(f"{self._name}: not JSON: it is truncated, or was never complete")
        line, column = self._place()
        return SourceError(f"{self._name}:{line + 1}:{column + 1}: not JSON: {message}")

    def _place(self) -> tuple[int, int]:
        """The line and column of the current position, counted from 0."""
        lines = self._buffer.count("\n", 0, self._position)
        start = self._buffer.rfind("\n", 0, self._position) + 1
        return self._line + lines, self._position - start + (0 if lines else self._column)

    def _grow(self) -> bool:
        """Read more, and forget what has been taken; ``False`` at the end."""
        if self._ended:
            return False
        # As much as there is already, so that a large value is not tried again and again.
        rest = len(self._buffer) - self._position
        data = self._stream.read(max(_CHUNK, rest))
        self._read += len(data)
        if self._read > MAX_BYTES:
            raise SourceError(f"{self._name}: larger than {MAX_BYTES:,} bytes; it was not read")
        self._ended = not data
        if self._decoder is None:
            self._decoder = codecs.getincrementaldecoder(_encoding_of(data))()
        try:
            text = self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            raise SourceError(f"{self._name}: not JSON: it is not UTF-8 text") from error
        self._line, self._column = self._place()
        self._buffer = self._buffer[self._position :] + text
        self._position = 0
        return not self._ended or bool(text)


def _in_words(message: str) -> str:
    """What the JSON library says, as the end of a sentence."""
    return f"{message[:1].lower()}{message[1:]}".removesuffix(" at")


def _is_deep(value: object) -> bool:
    """Whether it is nested deeper than what reads it could follow."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(_MAX_DEPTH):
        if not level:
            return False
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, (dict, list))
        ]
    return bool(level)


def _encoding_of(data: bytes) -> str:
    """UTF-8, or what the byte order mark says: PowerShell redirects output as UTF-16."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _without_surrogates(value: object) -> Value:
    """The value with every half of a surrogate pair, which no output can hold, replaced."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {
            cast(str, _without_surrogates(key)): _without_surrogates(member)
            for key, member in value.items()
        }
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    return cast(Value, value)


def _parse_int(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise ValueError(f"a number of more than {_MAX_DIGITS} digits")
    return int(text)


def _parse_float(text: str) -> float:
    number = float(text) if len(text) <= _MAX_DIGITS else math.inf
    if math.isinf(number):
        raise ValueError("a number that is too large")
    return number


def _refuse(constant: str) -> Value:
    raise ValueError(f"{constant} is no number of JSON")


_DECODER = json.JSONDecoder(parse_int=_parse_int, parse_float=_parse_float, parse_constant=_refuse)
