"""The text-case attribute: lower, upper, first, all, title and sentence case.

Knows English title case and its small words, and what inside rich text keeps its case; refuses
to know whether an item is English.
"""

from __future__ import annotations

import re

from citeworks.csl.output import Node, Out, copy

SMALL_WORDS = frozenset(
    """a about across afore after against along alongside amid amidst among amongst an and anenst
    apropos apud around as aside astride at athwart atop barring before behind below beneath beside
    besides between beyond but by c ca circa d de despite down during et except for forenenst from
    given in inside into lest like modulo near nigh nor notwithstanding of off on onto or out over
    par past per plus pro qua sans since so than the through thru throughout thruout till to toward
    towards under underneath until unto up upon v van versus via vis-à-vis von vs with within
    without yet""".split()
)
SMALL_PHRASES = frozenset(
    {
        ("according", "to"), ("ahead", "of"), ("apart", "from"), ("as", "regards"), ("back", "to"),
        ("because", "of"), ("close", "to"), ("due", "to"), ("far", "from"), ("instead", "of"),
        ("next", "to"),
    }
)  # fmt: skip
_WORD = re.compile(r"\w(?:[\w'’&+@]*[\w+])?")
_APOSTROPHES = ("'", "’")
_SENTENCE_ENDS = re.compile(r"[?!:]")
_PROTECTED = {("font-variant", "small-caps"), ("vertical-align", "sup"), ("vertical-align", "sub")}


def apply_case(out: Out, case: str, *, english: bool = True, turkic: bool = False) -> Out:
    """The tree with its text in that case."""
    if case == "title":
        return _title(out) if english else out
    if case == "uppercase":
        return _map_cased(out, _turkic_upper if turkic else str.upper)
    if case == "lowercase":
        return _map_cased(out, _turkic_lower if turkic else str.lower)
    if case == "capitalize-all":
        return _map_cased(out, _capitalize_all)
    if case == "sentence":
        return _sentence(out)
    return _FirstWord(turkic).visit(out)


def capitalize_first(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def _turkic_upper(text: str) -> str:
    return text.replace("i", "İ").upper()


def _turkic_lower(text: str) -> str:
    return text.replace("I", "ı").replace("İ", "i").lower()


def _is_protected(node: Node) -> bool:
    return node.role == "nocase" or (
        node.is_markup and any(part in _PROTECTED for part in node.format)
    )


def _map_cased(out: Out, change: object) -> Out:
    if isinstance(out, str):
        return str(change(out))  # type: ignore[operator]
    if _is_protected(out):
        return out
    return copy(out, [_map_cased(child, change) for child in out.children])


def _capitalize_all(text: str) -> str:
    return _WORD.sub(lambda match: _capitalize_if_lower(match.group()), text)


def _capitalize_if_lower(word: str) -> str:
    return capitalize_first(word) if word.islower() else word


class _FirstWord:
    """Capitalizes the first word of a tree and leaves the rest."""

    def __init__(self, turkic: bool = False) -> None:
        self.done = False
        self.turkic = turkic

    def visit(self, out: Out) -> Out:
        if self.done:
            return out
        if isinstance(out, Node):
            if _is_protected(out):
                self.done = any(char.isalnum() for char in _text(out))
                return out
            return copy(out, [self.visit(child) for child in out.children])
        match = _WORD.search(out)
        if match is None:
            return out
        self.done = True
        word = match.group()
        if not word[0].islower() or not word.islower():
            return out
        first = "İ" if self.turkic and word[0] == "i" else word[0].upper()
        return out[: match.start()] + first + out[match.start() + 1 :]


def _text(out: Out) -> str:
    return out if isinstance(out, str) else "".join(map(_text, out.children))


def _is_lone(word: str, after: str) -> bool:
    """True for a symbol, unlike the first letter of ``e-mail``."""
    return len(word) == 1 and not (after == "-" and word.isascii())


def _sentence(out: Out) -> Out:
    return _Sentence().visit(out)


class _Sentence:
    """Lower case for all words but the first, which only gets its capital."""

    def __init__(self) -> None:
        self.started = False

    def visit(self, out: Out) -> Out:
        if isinstance(out, Node):
            if _is_protected(out):
                self.started = self.started or any(char.isalnum() for char in _text(out))
                return out
            return copy(out, [self.visit(child) for child in out.children])
        match = None if self.started else _WORD.search(out)
        if match is None:
            return out.lower() if self.started else out
        self.started = True
        return out[: match.start()] + capitalize_first(match.group()) + out[match.end() :].lower()


def _title(out: Out) -> Out:
    whole = _text(out)
    words = [match.group() for match in _WORD.finditer(whole)]
    if not words:
        return out
    return _TitleCase(len(words)).visit(out)


class _TitleCase:
    """Title case over the runs of a tree, which are one text."""

    def __init__(self, count: int) -> None:
        self.left = count
        self.first = True
        self.protected = False

    def visit(self, out: Out) -> Out:
        if isinstance(out, str):
            return self._run(out)
        if _is_protected(out) or out.role == "inner":
            count = len(_WORD.findall(_text(out)))
            self.left -= count
            self.first = self.first and not count
            return out
        return copy(out, [self.visit(child) for child in out.children])

    def _run(self, text: str) -> str:
        pieces: list[str] = []
        position = 0
        for match in _WORD.finditer(text):
            between = text[position : match.start()]
            pieces.append(between)
            if _SENTENCE_ENDS.search(between) and (position or not self.first):
                self.first = True
            self.left -= 1
            pieces.append(self._word(match, text))
            self.first = False
            position = match.end()
        pieces.append(text[position:])
        if _SENTENCE_ENDS.search(text[position:]):
            self.first = True
        return "".join(pieces)

    def _word(self, match: re.Match[str], text: str) -> str:
        word = match.group()
        if not word.islower():
            return word
        start, end = match.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        if not self.first and (word[1:2] in _APOSTROPHES or _is_lone(word, after)):
            return word
        if self.first and not word[0].isascii() and len(word) == 1:
            return word
        if self.first or self.left == 0 or (after in ("?", "!") and after):
            return capitalize_first(word)
        if after == "-" and before != "-":
            return capitalize_first(word)
        if word in SMALL_WORDS or self._starts_phrase(word, text, end):
            return word
        return capitalize_first(word)

    @staticmethod
    def _starts_phrase(word: str, text: str, end: int) -> bool:
        following = _WORD.match(text, end + 1) if text[end : end + 1] == " " else None
        return following is not None and (word, following.group()) in SMALL_PHRASES
