"""base64…, csvdecode, text…base64, urlencode.

https://developer.hashicorp.com/terraform/language/functions/base64decode and its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from auditkit.model import Unknown
from auditkit.sources.terraform.errors import EvaluationError
from auditkit.sources.terraform.functions.collection import check_elements
from auditkit.sources.terraform.functions.signature import Function, text
from auditkit.sources.terraform.values import HclValue, normalize_text


def decode_bytes(value: str) -> bytes:
    """The bytes that standard Base64 stands for; line breaks are skipped, padding is not."""
    import binascii

    digits = value.replace("\r", "").replace("\n", "")
    if len(digits) % 4 or not re.fullmatch("[A-Za-z0-9+/]*={0,2}", digits):
        raise EvaluationError("failed to decode base64 data")
    try:
        return binascii.a2b_base64(digits)
    except binascii.Error:
        raise EvaluationError("failed to decode base64 data") from None


def encode_bytes(value: bytes) -> str:
    """Standard Base64."""
    import binascii

    return binascii.b2a_base64(value, newline=False).decode("ascii")


def base64_decode(value: str) -> str:
    """The text that `value` encodes."""
    try:
        return normalize_text(decode_bytes(value).decode("utf-8"))
    except UnicodeDecodeError:
        raise EvaluationError(
            "the result of decoding the provided string is not valid UTF-8"
        ) from None


def base64_encode(value: str) -> str:
    """The Base64 of the text in UTF-8."""
    return encode_bytes(value.encode("utf-8"))


def base64_gzip(value: str) -> Unknown:
    """Not told: the bytes depend on Go's compressor."""
    return Unknown("`base64gzip()` compresses in a way of its own")


# Names of the IANA that Go knows, as Python calls them; its codecs have others, such as rot13.
_CODECS: Mapping[str, str] = {
    "utf-8": "utf-8",
    "utf-16": "utf-16-be",
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1252": "cp1252",
    "windows-1253": "cp1253",
    "windows-1254": "cp1254",
    "windows-1257": "cp1257",
    "iso-8859-2": "iso-8859-2",
    "iso-8859-5": "iso-8859-5",
    "iso-8859-15": "iso-8859-15",
    "koi8-r": "koi8-r",
    "shift_jis": "shift_jis",
    "euc-jp": "euc-jp",
    "euc-kr": "euc-kr",
    "gbk": "gbk",
    "gb18030": "gb18030",
    "big5": "big5",
}


def text_encode_base64(value: str, encoding: str) -> str | Unknown:
    """The Base64 of the text in the given encoding."""
    codec = _CODECS.get(encoding.lower())
    if codec is None:
        return Unknown(f"the text encoding {encoding!r} is not evaluated")
    try:
        data = value.encode(codec)
    except UnicodeEncodeError:
        raise EvaluationError(
            f"the given string contains characters that cannot be represented in {encoding}"
        ) from None
    return encode_bytes(b"\xfe\xff" + data if encoding.lower() == "utf-16" else data)


def text_decode_base64(value: str, encoding: str) -> str | Unknown:
    """The text that Base64 stands for in the given encoding."""
    codec = _CODECS.get(encoding.lower())
    if codec is None:
        return Unknown(f"the text encoding {encoding!r} is not evaluated")
    data = decode_bytes(value)
    if encoding.lower() == "utf-16" and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        codec = "utf-16"
    try:
        return normalize_text(data.decode(codec))
    except UnicodeDecodeError:
        raise EvaluationError(
            f"the given string contains symbols that are not defined for {encoding}"
        ) from None


def url_encode(value: str) -> str:
    """`value` as a part of a query, where a space is a plus."""
    from urllib.parse import quote

    return quote(value, safe="~-_. ").replace(" ", "+")


def csv_decode(value: str) -> HclValue:
    """A list of objects, one a row; the first row names the attributes."""
    rows = _csv_rows(value)
    header = next(rows, None)
    if header is None:
        raise EvaluationError("missing header line")
    seen: set[str] = set()
    for name in header:
        if name in seen:
            raise EvaluationError(f'duplicate column name "{name}"')
        seen.add(name)
    order = sorted(range(len(header)), key=lambda column: header[column])
    result: list[HclValue] = []
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise EvaluationError(f"CSV parse error on line {number}: wrong number of fields")
        result.append({header[column]: row[column] for column in order})
        check_elements(len(result) * len(header))
    return result


_QUOTED_FIELD = re.compile(r'"([^"]*(?:""[^"]*)*)"')


def _csv_rows(value: str) -> Iterator[list[str]]:
    """The rows as Go's ``encoding/csv`` reads them: empty lines are none."""
    value = value.replace("\r\n", "\n")
    at = 0
    row: list[str] = []
    while at < len(value) or row:
        if not row and value.startswith("\n", at):
            at += 1
            continue
        field, at = _csv_field(value, at)
        row.append(field)
        check_elements(len(row))
        if value.startswith(",", at):
            at += 1
            continue
        yield row
        row = []
        at += 1


def _csv_field(value: str, at: int) -> tuple[str, int]:
    """A field and the place of what ends it."""
    quoted = _QUOTED_FIELD.match(value, at)
    if quoted is not None:
        end = quoted.end()
        if end < len(value) and value[end] not in ",\n":
            raise EvaluationError('CSV parse error: extraneous or missing " in quoted-field')
        return normalize_text(quoted[1].replace('""', '"')), end
    ends = [end for end in (value.find(",", at), value.find("\n", at)) if end >= 0]
    end = min(ends, default=len(value))
    field = value[at:end]
    if '"' in field:
        raise EvaluationError('CSV parse error: bare " in non-quoted-field')
    return normalize_text(field), end


FUNCTIONS: Mapping[str, Function] = {
    "base64decode": Function(base64_decode, (text("str"),)),
    "base64encode": Function(base64_encode, (text("str"),)),
    "base64gzip": Function(base64_gzip, (text("str"),)),
    "csvdecode": Function(csv_decode, (text("str"),)),
    "textdecodebase64": Function(text_decode_base64, (text("source"), text("encoding"))),
    "textencodebase64": Function(text_encode_base64, (text("string"), text("encoding"))),
    "urlencode": Function(url_encode, (text("str"),)),
}
