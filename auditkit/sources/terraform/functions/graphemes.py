"""What a reader takes for one character, which is what Terraform counts.

Rules: https://unicode.org/reports/tr29/#Grapheme_Cluster_Boundary_Rules
"""

from __future__ import annotations

_JOINER = 0x200D


def graphemes(text: str) -> list[str]:
    """The grapheme clusters of `text`.

    Python has no table of the break properties; general categories stand in for them, which
    is exact but for a few prepended and spacing marks of Indic scripts.
    """
    if text.isascii() and "\r\n" not in text:
        return list(text)
    clusters: list[str] = []
    start = last = 0
    half_flag = pictograph = False
    for index, character in enumerate(text):
        code = ord(character)
        extends = _extends(character)
        if index == 0 or (last == 0x0D and code == 0x0A):
            joins = True
        elif last in (0x0A, 0x0D) or _is_control(code):
            joins = False
        elif extends:
            joins = not _is_control(last)
        elif last == _JOINER:
            joins = pictograph and _is_pictograph(code)
        else:
            joins = half_flag if _is_regional(code) else _joins_syllable(last, code)
        if not joins:
            clusters.append(text[start:index])
            start = index
        if not extends:
            # Two regional indicators make a flag; a third one starts the next.
            half_flag = _is_regional(code) and not (joins and half_flag)
            pictograph = _is_pictograph(code)
        last = code
    return [*clusters, text[start:]] if text else []


def count_graphemes(text: str) -> int:
    """How many characters a reader sees in `text`."""
    if text.isascii() and "\r\n" not in text:
        return len(text)
    return len(graphemes(text))


def _is_control(code: int) -> bool:
    return code < 0x20 or 0x7F <= code < 0xA0 or code in (0x200B, 0x2028, 0x2029, 0xFEFF)


def _extends(character: str) -> bool:
    import unicodedata

    code = ord(character)
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or code in (_JOINER, 0x200C)
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
        or 0xFF9E <= code <= 0xFF9F
    )


def _is_regional(code: int) -> bool:
    return 0x1F1E6 <= code <= 0x1F1FF


def _is_pictograph(code: int) -> bool:
    return 0x1F300 <= code <= 0x1FAFF or 0x2190 <= code <= 0x2BFF or code in (0xA9, 0xAE, 0x3030)


def _joins_syllable(last: int, code: int) -> bool:
    """Whether two Hangul letters belong to one syllable."""
    if 0x1100 <= last <= 0x115F:
        return 0x1100 <= code <= 0x11A7 or 0xAC00 <= code <= 0xD7A3
    open_syllable = 0xAC00 <= last <= 0xD7A3 and (last - 0xAC00) % 28 == 0
    if open_syllable or 0x1160 <= last <= 0x11A7:
        return 0x1160 <= code <= 0x11FF
    return (0xAC00 <= last <= 0xD7A3 or 0x11A8 <= last <= 0x11FF) and 0x11A8 <= code <= 0x11FF
