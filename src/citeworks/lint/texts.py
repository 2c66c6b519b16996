"""What is wrong with any text: damaged encodings, HTML, LaTeX where it does not belong.

The first half holds for records too. Refuses to know what a field means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from citeworks.bibtex import fields as table
from citeworks.lint.interface import Check, Hit, Slot
from citeworks.lint.masks import without_math

PRINTED = frozenset(
    """
    title subtitle booktitle booksubtitle maintitle journal journaltitle shortjournal series
    publisher address location note howpublished institution school organization edition chapter
    addendum titleaddon eventtitle
    """.split()
)
"""Fields whose text the standard styles print."""

_DATA = table.VERBATIM | {"key", "crossref", "xref", "keywords", "groups", "timestamp", "sortkey"}
_HIGH = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸŽ]"
MOJIBAKE = re.compile(rf"[ÃÄÅÂÎÏÐÑ]{_HIGH}|â(?:€|„|ˆ|‰){_HIGH}?|ï»¿|ðŸ{_HIGH}")
ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|[a-zA-Z]{1,8}(?:uml|acute|grave|circ|tilde|cedil|slash|ring|"
    r"caron|dash|quo|lig)|#\d{2,6}|#x[0-9a-fA-F]{2,6});"
)
TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup|scp|span|p|br|jats:\w+|mml:\w+|inf|italic|bold)\b"
                 r"[^<>\n]{0,80}>")  # fmt: skip
LOST = re.compile("\ufffd")
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x84\x86-\x9f\u200b\u2060\ufeff\u00ad]")
_SPECIAL = re.compile(r"(?<!\\)[&%#]")
_PROGRAM = re.compile(
    r"\\(?:input|include|openin|openout|read|write\d*|immediate|special|csname|catcode|directlua|"
    r"ShellEscape|usepackage|documentclass|newwrite|newread|InputIfFileExists|verbatiminput|"
    r"lstinputlisting|everypar|scantokens)(?![A-Za-z])"
)
_COMMAND = re.compile(r"\\(?:[A-Za-z]{2,}|[%_&#~{}])")
_ENTRY = re.compile(
    r"\n[ \t]*@(?:article|book|inproceedings|incollection|misc|techreport|phdthesis|mastersthesis|"
    r"inbook|proceedings|manual|online|thesis|report|unpublished)[ \t]*\{[^\s,{}]+,",
    re.I,
)


def damage(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Encoding damage and HTML in a text: code, sentence and place, the first of each kind."""
    if text.isascii() and "&" not in text and "<" not in text and text.isprintable():
        return
    for code, pattern, say in _DAMAGE:
        if found := pattern.search(text):
            yield code, say.format(found[0]), found.start(), found.end()


_DAMAGE = (
    ("E101", MOJIBAKE, "{!r} looks like UTF-8 that was read in another encoding"),
    ("E102", LOST, "a character is lost: U+FFFD stands for it"),
    ("E103", ENTITY, "the HTML entity {!r} stands in the text"),
    ("E104", TAG, "the HTML tag {!r} stands in the text"),
    ("E105", CONTROL, "the invisible character {!a} stands in the text"),
)
_NOT_IN_DATA = frozenset({"E104"})


def check_damage(slot: Slot) -> Iterator[Hit]:
    """Damage in any field."""
    for code, message, first, last in damage(slot.value):
        if code in _NOT_IN_DATA and slot.name in _DATA:
            continue
        if code == "E103" and slot.value[first:last] == "&amp;":
            right = "&" if slot.name in _DATA else r"\&"
            yield slot.fix(code, message, first, last, right)
        else:
            yield slot.hit(code, message, first, last)
    if "@" in slot.value and (found := _ENTRY.search(slot.value)):
        message = f"{slot.name} swallows an entry: a brace is missing before it"
        yield slot.hit("B101", message, found.start() + 1, found.end())


def check_printed(slot: Slot) -> Iterator[Hit]:
    """LaTeX in text that styles print."""
    value = without_math(slot.value)
    if ("&" in value or "%" in value or "#" in value) and (found := _bare_special(value)):
        first, last = found
        sign = value[first:last]
        yield slot.fix("K102", f"a bare {sign} in {slot.name}: \\{sign} is meant", first, last,
                       "\\" + sign)  # fmt: skip
    if "$" in value and len(re.findall(r"(?<!\\)\$", value)) % 2:
        place = value.index("$")
        yield slot.hit("K105", f"a $ in {slot.name} has no partner", place, place + 1)


def _bare_special(value: str) -> tuple[int, int] | None:
    for found in _SPECIAL.finditer(value):
        if found[0] != "&" or not ENTITY.match(value, found.start()):
            return found.span()
    return None


def check_program(slot: Slot) -> Iterator[Hit]:
    """Commands that do more than print."""
    if "\\" in slot.value and slot.name not in _DATA and (found := _PROGRAM.search(slot.value)):
        yield slot.hit("K103", f"{found[0]} in {slot.name} does more than print", *found.span())


def check_verbatim(slot: Slot) -> Iterator[Hit]:
    """LaTeX in a field that is data."""
    if "\\" in slot.value and (found := _COMMAND.search(slot.value)):
        message = f"{found[0]} in {slot.name}, which is data and not LaTeX"
        yield slot.hit("K101", message, *found.span())


CHECKS: tuple[tuple[frozenset[str], Check], ...] = (
    (PRINTED, check_printed),
    (frozenset({"doi", "url", "eprint", "isbn", "issn"}), check_verbatim),
)
EVERYWHERE: tuple[Check, ...] = (check_damage, check_program)
