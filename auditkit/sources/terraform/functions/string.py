"""chomp, indent, join, lower, regex, replace, split, substr, title, trim and their neighbours.

https://developer.hashicorp.com/terraform/language/functions/chomp and its neighbours.
Where an argument is a string with unknown pieces, the known ones are kept or decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from auditkit.model import Unknown
from auditkit.sources.terraform.arithmetic import Number
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.graphemes import graphemes
from auditkit.sources.terraform.functions.signature import (
    Function,
    FunctionContext,
    Parameter,
    number,
    text,
    unknown_arguments,
)
from auditkit.sources.terraform.types import STRING, ListType, convert
from auditkit.sources.terraform.values import (
    MAX_ELEMENTS,
    MAX_TEXT,
    HclValue,
    combine_unknowns,
    find_unknowns,
    join_pieces,
    normalize_text,
    unknown_text,
)

# Go's unicode.IsSpace; Python's str.strip also takes the separators U+001C to U+001F.
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
_SPACE += "\u200a\u2028\u2029\u202f\u205f\u3000"

Text = str | Unknown


def whole(value: Number) -> int:
    """`value` as an index or a count.  Raises `EvaluationError` for fractions."""
    if not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise EvaluationError(
            "value must be a whole number, between -9223372036854775808 and 9223372036854775807"
        )
    return value


def check_size(characters: int) -> None:
    """Raises `EvaluationError` when a string of this length is too large to build."""
    if characters > MAX_TEXT:
        raise EvaluationError("the string is too large to evaluate")


def _known_arguments(*arguments: HclValue) -> Unknown | None:
    unknown = unknown_arguments(*arguments)
    return combine_unknowns(unknown) if unknown else None


def _map_text(value: Text, change: Callable[[str], str]) -> Text:
    """`change` applied to the known parts, for changes that look at no neighbours."""
    if isinstance(value, str):
        return change(value)
    if not value.parts:
        return combine_unknowns([value])
    changed = (change(p) if isinstance(p, str) else combine_unknowns([p]) for p in value.parts)
    return join_pieces(changed)


def chomp(value: str) -> str:
    """`value` without the line breaks at its end."""
    return value.rstrip("\r\n")


def ends_with(value: Text, suffix: Text) -> bool | Unknown:
    """Whether `value` ends with `suffix`."""
    if isinstance(value, str) and isinstance(suffix, str):
        return value.endswith(suffix)
    if isinstance(value, Unknown) and value.parts and isinstance(suffix, str):
        tail = value.parts[-1]
        if isinstance(tail, str):
            if tail.endswith(suffix):
                return True
            if not suffix.endswith(tail):
                return False
    return combine_unknowns(unknown_arguments(value, suffix))


def starts_with(value: Text, prefix: Text) -> bool | Unknown:
    """Whether `value` starts with `prefix`."""
    if isinstance(value, str) and isinstance(prefix, str):
        return value.startswith(prefix)
    if isinstance(value, Unknown) and value.parts and isinstance(prefix, str):
        head = value.parts[0]
        if isinstance(head, str):
            if head.startswith(prefix):
                return True
            if not prefix.startswith(head):
                return False
    return combine_unknowns(unknown_arguments(value, prefix))


def contains_text(value: Text, part: Text) -> bool | Unknown:
    """Whether `part` occurs in `value`."""
    if isinstance(value, str) and isinstance(part, str):
        return part in value
    if isinstance(value, Unknown) and isinstance(part, str):
        known = [piece for piece in value.parts if isinstance(piece, str)]
        if any(part in piece for piece in known):
            return True
    return combine_unknowns(unknown_arguments(value, part))


def indent(spaces: Number, value: str) -> str:
    """`value` with every line but the first indented."""
    width = whole(spaces)
    if width < 0:
        raise EvaluationError("the number of spaces must not be negative")
    check_size(len(value) + value.count("\n") * width)
    return value.replace("\n", "\n" + " " * width)


def join(separator: Text, *lists: HclValue) -> Text:
    """The elements of all lists with the separator between them."""
    if not lists:
        raise EvaluationError("at least one list is required")
    if isinstance(separator, Unknown) or unknown_arguments(*lists):
        return combine_unknowns(list(find_unknowns([separator, *lists])))
    elements: list[Text] = []
    for values in lists:
        assert isinstance(values, list)
        for index, value in enumerate(values):
            if value is None:
                raise EvaluationError(f"element {index} is null; cannot concatenate null values")
            assert isinstance(value, (str, Unknown))
            elements.append(value)
    if all(type(element) is str for element in elements):
        check_size(sum(map(len, elements)) + len(separator) * len(elements))  # type: ignore[arg-type]
        return normalize_text(separator.join(elements))  # type: ignore[arg-type]
    pieces = [piece for element in elements for piece in (separator, element)]
    return join_pieces(pieces[1:])


def lower(value: Text) -> Text:
    """`value` in lower case."""
    return _map_text(value, _lower)


def _lower(value: str) -> str:
    if value.isascii():
        return value.lower()
    # Go maps character by character: no final sigma, no letter that becomes two.
    return "".join(c.lower()[0] for c in value)


def upper(value: Text) -> Text:
    """`value` in upper case."""
    return _map_text(value, _upper)


def _upper(value: str) -> str:
    if value.isascii():
        return value.upper()
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in value)


def title(value: str) -> str:
    """`value` with the first letter of every word in upper case.

    Words end as for Go's ``strings.Title``: at an apostrophe, but not at an underscore.
    """
    result: list[str] = []
    previous = " "
    for character in value:
        if _separates(previous) and len(character.title()) == 1:
            result.append(character.title())
        else:
            result.append(character)
        previous = character
    return "".join(result)


def _separates(character: str) -> bool:
    if character.isascii():
        return not (character.isalnum() or character == "_")
    return character in _SPACE


def replace(value: Text, part: Text, substitute: Text) -> Text:
    """`value` with every `part` replaced; ``/…/`` is a regular expression."""
    unknown = _known_arguments(part, substitute)
    if unknown is not None:
        return combine_unknowns(list(find_unknowns([value, part, substitute])))
    assert isinstance(part, str)
    assert isinstance(substitute, str)
    if len(part) > 1 and part.startswith("/") and part.endswith("/"):
        if isinstance(value, Unknown):
            return combine_unknowns([value])
        return _replace_matches(value, part[1:-1], substitute)
    if isinstance(value, Unknown) and _may_span_parts(value.parts, part):
        return combine_unknowns([value])
    return _map_text(value, lambda known: _replace_text(known, part, substitute))


def _replace_text(value: str, part: str, substitute: str) -> str:
    check_size(len(value) + value.count(part) * len(substitute))
    return normalize_text(value.replace(part, substitute))


def _may_span_parts(parts: Sequence[Text], part: str) -> bool:
    """Whether `part` might occur across the border of a known and an unknown piece."""
    known = [piece for piece in parts if isinstance(piece, str)]
    return part == "" or any(
        piece.endswith(part[:size]) or piece.startswith(part[-size:])
        for piece in known
        for size in range(1, len(part))
    )


def _replace_matches(value: str, pattern: str, template: str) -> Text:
    result: list[str] = []
    position = size = 0
    try:
        from auditkit.sources.terraform.functions.regular_expressions import (
            TooComplexError,
            compile_regex,
        )

        regex = compile_regex(pattern)
        for spans in regex.find_all(value):
            start, end = spans[0]
            groups = ["" if low < 0 else value[low:high] for low, high in spans]
            pieces = (value[position:start], _expand(template, groups, regex.names))
            size += sum(map(len, pieces))
            check_size(size)
            result.extend(pieces)
            position = end
    except TooComplexError as error:
        return Unknown(f"the regular expression is not evaluated: {error}")
    return normalize_text("".join([*result, value[position:]]))


_REFERENCE = re.compile(r"\$(?:\$|([A-Za-z0-9_]+)|\{([A-Za-z0-9_]+)\})")


def _expand(template: str, groups: Sequence[str], names: Sequence[str | None]) -> str:
    """`template` with ``$1`` and ``${name}`` replaced, and ``$$`` for a dollar sign."""

    def group(reference: re.Match[str]) -> str:
        name = reference[1] or reference[2]
        if name is None:
            return "$"
        if name.isdigit() and name.isascii():
            # A group that the pattern has not is empty; no pattern has a million.
            return groups[int(name)] if len(name) < 7 and int(name) < len(groups) else ""
        found = [text for text, known in zip(groups[1:], names, strict=True) if known == name]
        return next(filter(None, found), "")

    return _REFERENCE.sub(group, template)


def regex(pattern: str, value: str) -> HclValue:
    """The first match: a string, or a list or object of its groups."""
    from auditkit.sources.terraform.functions.regular_expressions import TooComplexError

    try:
        matches = _matches(pattern, value, limit=1)
    except TooComplexError as error:
        return Unknown(f"the regular expression is not evaluated: {error}")
    if not matches:
        raise EvaluationError("pattern did not match any part of the given string")
    return matches[0]


def regex_all(pattern: str, value: str) -> HclValue:
    """All matches, each as `regex` gives it."""
    from auditkit.sources.terraform.functions.regular_expressions import TooComplexError

    try:
        return _matches(pattern, value, limit=MAX_ELEMENTS)
    except TooComplexError as error:
        return Unknown(f"the regular expression is not evaluated: {error}")


def _matches(pattern: str, value: str, *, limit: int) -> list[HclValue]:
    from auditkit.sources.terraform.functions.regular_expressions import compile_regex

    compiled = compile_regex(pattern)
    names = compiled.names
    if any(names) and not all(names):
        raise EvaluationError(
            "invalid regexp pattern: cannot mix both named and unnamed capture groups"
        )
    result: list[HclValue] = []
    for spans in compiled.find_all(value):
        groups: list[HclValue] = [None if low < 0 else value[low:high] for low, high in spans]
        if not names:
            result.append(groups[0])
        elif not names[0]:
            result.append(groups[1:])
        else:
            named = {str(name): group for name, group in zip(names, groups[1:], strict=True)}
            result.append(dict(sorted(named.items())))
        if len(result) >= limit:
            break
    return result


def split(separator: str, value: str) -> HclValue:
    """The pieces of `value` between separators."""
    pieces = value.count(separator) + 1 if separator else len(value)
    if pieces > MAX_ELEMENTS:
        raise EvaluationError("the list is too large to evaluate")
    return list(value.split(separator)) if separator else list(value)


def reverse_text(value: str) -> str:
    """The characters of `value` in reverse order."""
    return normalize_text("".join(reversed(graphemes(value))))


def substring(value: Text, offset: Number, length: Number) -> Text:
    """`length` characters of `value` from `offset` on, which counts from the end if negative."""
    start, size = whole(offset), whole(length)
    if isinstance(value, Unknown):
        head = value.parts[0] if value.parts else ""
        if isinstance(head, str) and head.isascii() and start >= 0 and size >= 0:
            # The last known character may combine with what follows it.
            known = head[:-1]
            if start + size <= len(known):
                return known[start : start + size]
        return combine_unknowns([value])
    characters = graphemes(value)
    if start < 0:
        start = max(start + len(characters), 0)
        # Terraform does not take a length of nothing at its word here.
        size = size or -1
    end = len(characters) if size < 0 else start + size
    return "".join(characters[start:end])


def template_string(context: FunctionContext, value: str, variables: HclValue) -> HclValue:
    """The template `value`, rendered with the variables."""
    if not isinstance(variables, dict):
        raise EvaluationError("invalid vars value: must be a map")
    result: HclValue = context.render_template(value, "<templatestring argument>", variables)
    return convert(result, STRING)


def trim(value: str, characters: str) -> str:
    """`value` without any of the characters at its start and end."""
    return value.strip(characters) if characters else value


def trim_prefix(value: Text, prefix: Text) -> Text:
    """`value` without the prefix, if it has it."""
    decided = starts_with(value, prefix)
    if isinstance(decided, Unknown):
        return decided
    if not decided:
        return value
    assert isinstance(prefix, str)
    if isinstance(value, str):
        return value[len(prefix) :]
    head, *rest = value.parts
    assert isinstance(head, str)
    return join_pieces([head[len(prefix) :], *rest])


def trim_suffix(value: Text, suffix: Text) -> Text:
    """`value` without the suffix, if it has it."""
    decided = ends_with(value, suffix)
    if isinstance(decided, Unknown):
        return decided
    if not decided:
        return value
    assert isinstance(suffix, str)
    if isinstance(value, str):
        return value[: len(value) - len(suffix)]
    *rest, tail = value.parts
    assert isinstance(tail, str)
    return join_pieces([*rest, tail[: len(tail) - len(suffix)]])


def trim_space(value: Text) -> Text:
    """`value` without white space at its start and end."""
    if isinstance(value, str):
        return value.strip(_SPACE)
    parts = list(value.parts)
    if not parts:
        return combine_unknowns([value])
    first, last = parts[0], parts[-1]
    if isinstance(first, str):
        parts[0] = first.lstrip(_SPACE)
    if isinstance(last, str):
        parts[-1] = last.rstrip(_SPACE)
    known = [part for part in parts if part != ""]
    # An unknown piece at either end may itself start or end with white space.
    for index in (0, -1):
        piece = known[index]
        if isinstance(piece, Unknown):
            known[index] = combine_unknowns([piece])
    return unknown_text(known)


def _list_of_strings(value: HclValue) -> HclValue:
    return convert(value, ListType(STRING))


FUNCTIONS: Mapping[str, Function] = {
    "chomp": Function(chomp, (text("str"),)),
    "endswith": Function(ends_with, (text("str", unknown=True), text("suffix", unknown=True))),
    "indent": Function(indent, (number("spaces"), text("str"))),
    "join": Function(
        join,
        (text("separator", unknown=True),),
        Parameter("lists", _list_of_strings, unknown=True),
    ),
    "lower": Function(lower, (text("str", unknown=True),)),
    "regex": Function(regex, (text("pattern"), text("string"))),
    "regexall": Function(regex_all, (text("pattern"), text("string"))),
    "replace": Function(
        replace,
        (
            text("str", unknown=True),
            text("substr", unknown=True),
            text("replace", unknown=True),
        ),
    ),
    "split": Function(split, (text("separator"), text("str"))),
    "startswith": Function(starts_with, (text("str", unknown=True), text("prefix", unknown=True))),
    "strcontains": Function(
        contains_text, (text("str", unknown=True), text("substr", unknown=True))
    ),
    "strrev": Function(reverse_text, (text("str"),)),
    "substr": Function(substring, (text("str", unknown=True), number("offset"), number("length"))),
    "templatestring": Function(
        template_string, (text("template"), Parameter("vars", partial=True)), context=True
    ),
    "title": Function(title, (text("str"),)),
    "trim": Function(trim, (text("str"), text("cutset"))),
    "trimprefix": Function(trim_prefix, (text("str", unknown=True), text("prefix", unknown=True))),
    "trimspace": Function(trim_space, (text("str", unknown=True),)),
    "trimsuffix": Function(trim_suffix, (text("str", unknown=True), text("suffix", unknown=True))),
    "upper": Function(upper, (text("str", unknown=True),)),
}
