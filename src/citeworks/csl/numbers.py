"""Numbers as CSL prints them: ordinals, roman numerals, page ranges, plural labels.

Knows when content is numeric and how ranges are shortened; refuses to know variables' sources.
"""

from __future__ import annotations

import re

from citeworks.csl.locale import Locale

_NUMBER = r"(?:[^\W\d_]{0,4}\d+[^\W\d_]{0,4}|[ivxl]+)"
_NUMERIC = re.compile(rf"\s*(?:{_NUMBER}|\d+[^\W\d_]*)(?:\s*[-–—,&+:/]\s*{_NUMBER})*\s*\Z")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_SEVERAL = re.compile(
    r"\d\w*\s*(?:[-–—,&;]|\b(?:and|et|und|y|e|en)\b)\s*\w*\d|\w\s*[–&,]\s*\w"
    r"|(?<!\w)[ivxlc]+\s*-\s*[ivxlc]+(?!\w)"
)
_PAGE = re.compile(r"((?:\w*[^\W\d_])?)(\d+)\Z")
_LETTERED = re.compile(r"\d+[a-z]+\Z")
_BARE = re.compile(r"(?<!\w)\d{1,9}(?!\w)")
"""A number that nothing is attached to: ``3rd`` and ``12a`` say already what they are."""
_ROMAN_PAGE = re.compile(r"(?i)[ivxlcdm]+\Z")


_LONGEST = 1000
"""Longer texts are no numbers; what takes them apart is not run on them."""


def is_numeric(text: str) -> bool:
    """True for numbers with or without affixes, and for lists and ranges of them."""
    return len(text) <= _LONGEST and bool(_NUMERIC.match(text))


def roman(number: int) -> str:
    """The number as a lower-case roman numeral (arabic from 6000 on)."""
    if not 0 < number < 6000:
        return str(number)
    found = ""
    for value, numeral in _ROMAN:
        while number >= value:
            found += numeral
            number -= value
    return found


def ordinal(number: int, locale: Locale, gender: str = "") -> str:
    """The number with its ordinal suffix in the locale and gender."""
    return f"{number}{_ordinal_suffix(number, locale, gender)}"


def _ordinal_suffix(number: int, locale: Locale, gender: str) -> str:
    last_two, last = number % 100, number % 10
    candidates = [(f"ordinal-{last_two:02d}", last_two), (f"ordinal-{last:02d}", last)]
    for name, value in candidates:
        term = (gender and locale.gendered.get((name, gender))) or locale.terms.get((name, "long"))
        if not term:
            continue
        match = term.match or ("last-two-digits" if value >= 10 else "last-digit")
        if match == "whole-number" and number != value:
            continue
        if match == "last-two-digits" and last_two != value:
            continue
        return term.single
    general = (gender and locale.gendered.get(("ordinal", gender))) or locale.terms.get(
        ("ordinal", "long")
    )
    return general.single if general else ""


def long_ordinal(number: int, locale: Locale, gender: str = "") -> str:
    """The number as a word where the locale has one, else with its suffix."""
    name = f"long-ordinal-{number:02d}"
    term = (gender and locale.gendered.get((name, gender))) or locale.terms.get((name, "long"))
    return term.single if term else ordinal(number, locale, gender)


def is_plural(variable: str, text: str) -> bool:
    """True if a label for this content is plural."""
    if variable.startswith("number-of-") and text.strip().isdecimal():
        return text.strip() not in ("0", "1")
    return bool(_SEVERAL.search(text[:_LONGEST].replace("\\-", "")))


def format_ranges(text: str, style: str, delimiter: str, ampersand: str = "&") -> str:
    """Page ranges in a text, each written as `style` says, with the locale's delimiter."""
    if "&" in text and ampersand != "&":
        text = text.replace("&", ampersand)
    if ("-" not in text and "–" not in text) or len(text) > _LONGEST:
        return text
    pieces = re.split(r"(\s*[,&;]\s*)", text)
    return (
        "".join(
            piece if index % 2 else _one_range(piece, style, delimiter)
            for index, piece in enumerate(pieces)
        )
        .replace("\\-", "-")
        .replace("\0", "-")
    )


def _one_range(piece: str, style: str, delimiter: str) -> str:
    piece = piece.replace("\\-", "\0")
    parts = re.split(r"\s*[-–]+\s*", piece)
    if len(parts) != 2 or not parts[0] or not parts[1]:
        return piece
    first, second = _PAGE.match(parts[0]), _PAGE.match(parts[1])
    if not first or not second:
        both = any(all(map(kind.match, parts)) for kind in (_ROMAN_PAGE, _LETTERED))
        written = "–" in piece or both
        return delimiter.join(parts) if written else "-".join(parts)
    if first.group(1) != second.group(1) and (second.group(1) or not first.group(1).isdecimal()):
        return "-".join(parts) if first.group(1) or second.group(1) else delimiter.join(parts)
    return parts[0] + delimiter + (_shorten(first, second, style) if style else parts[1])


def _shorten(first: re.Match[str], second: re.Match[str], style: str) -> str:
    prefix, low = first.groups()
    high = second.group(2)
    if len(high) < len(low):
        high = low[: len(low) - len(high)] + high
    full = prefix + high
    if len(high) > len(low) or (int(high) <= int(low) and style != "expanded"):
        return full if style == "expanded" else second.group()
    if style == "expanded":
        return full
    if style == "minimal":
        return _minimal(low, high, 1)
    if style == "minimal-two":
        return _minimal(low, high, 2)
    if style in ("chicago", "chicago-15"):
        return _chicago(low, high, wide=True)
    if style == "chicago-16":
        return _chicago(low, high, wide=False)
    return full


def _minimal(low: str, high: str, least: int) -> str:
    start = 0
    while start < len(high) - least and low[start] == high[start]:
        start += 1
    return high[start:]


def _chicago(low: str, high: str, *, wide: bool) -> str:
    number = int(low)
    if number < 100 or number % 100 == 0:
        return high
    if number % 100 < 10:
        return _minimal(low, high, 1)
    if wide and len(low) == 4:
        short = _minimal(low, high, 2)
        return high if len(short) > 2 else short
    return _minimal(low, high, 2)


def format_number(text: str, form: str, locale: Locale, gender: str) -> str:
    """A numeric content in the form of a `cs:number`, with its lists and ranges spaced."""
    delimiter = locale.term("page-range-delimiter") or "–"
    text = format_ranges(text, "", delimiter)
    text = re.sub(r"\s*&\s*", " & ", text)
    text = re.sub(r"\s*,\s*", ", ", text)
    convert = {"ordinal": ordinal, "long-ordinal": long_ordinal}.get(form)
    if convert is not None:
        text = _BARE.sub(lambda match: convert(int(match[0]), locale, gender), text)
    elif form == "roman":
        text = _BARE.sub(lambda match: roman(int(match[0])), text)
    return text
