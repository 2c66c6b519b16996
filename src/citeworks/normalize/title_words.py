"""Titles of journals abbreviated word by word, as ISO 4 does with the List of Title Word
Abbreviations (LTWA) of the ISSN centre.

Knows the form of the list's lines and the rules of ISO 4: one word is left alone, articles and
prepositions go, a word that the list does not have stays. A title of which the list knows no word
is left to whoever asks. Refuses to know where the list is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

NOT_ABBREVIATED = "n.a."
_SMALL = {
    "eng": "a an the and or of in on for to at by from with as",
    "fre": "le la les l un une des de du d et ou en pour sur par dans à au aux",
    "ger": "der die das den dem des ein eine einer und oder für im in am an zu zum zur von vom auf "
    "über mit aus bei",
    "spa": "el la los las un una y e o de del en para por con sobre",
    "ita": "il lo la gli i le l un uno una e ed o di del della dei delle dello degli d in per con",
    "por": "o a os as um uma e de do da dos das em no na para por",
    "dut": "de het een en of van voor in op te aan der",
    "lat": "et in de ad",
    "swe": "och för i av om",
    "dan": "og for i af om",
    "nor": "og for i av om",
}
"""Articles, conjunctions and prepositions, which ISO 4 leaves out."""
_DROPPED = frozenset({",", "&", "+"})
_LANGUAGES = {"en": "eng", "fr": "fre", "de": "ger", "es": "spa", "it": "ita", "pt": "por"}
_LANGUAGES |= {"nl": "dut", "la": "lat", "sv": "swe", "da": "dan", "nb": "nor", "no": "nor"}
_LANGUAGES |= {"ru": "rus", "hu": "hun", "pl": "pol", "fi": "fin", "cs": "cze", "tr": "tur"}
_TOKEN = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?|\S")
_ENDINGS = re.compile(r"(?:s|es|['’]s|n|en|e|i|a|as)\Z")
_ELISION = re.compile(r"(?:l|d|dell|nell|sull|all)['’]", re.I)
_NOTE = re.compile(r"\s*\([^()]*\)")
_LONGEST_PHRASE = 4
_SAFE_BEGINNING = 5


@dataclass(slots=True)
class WordList:
    """Whole words and phrases, beginnings and endings, each with abbreviations by language."""

    words: dict[str, list[tuple[frozenset[str], str]]] = field(default_factory=dict)
    beginnings: dict[str, list[tuple[frozenset[str], str]]] = field(default_factory=dict)
    endings: dict[str, list[tuple[frozenset[str], str]]] = field(default_factory=dict)


def load_words(lines: Iterable[str]) -> WordList:
    """The list from its lines ``word <tab> abbreviation <tab> languages``; others are skipped."""
    found = WordList()
    for line in lines:
        columns = line.rstrip("\r\n").split("\t")
        if len(columns) < 3 or columns[0] == "WORD":
            continue
        word = fold(columns[0] if "(" not in columns[0] else _NOTE.sub("", columns[0])).strip()
        languages = frozenset(columns[2].replace(" ", "").split(","))
        table = found.words
        if word.startswith("-") and word.endswith("-"):
            continue
        if word.endswith("-"):
            table = found.beginnings
        elif word.startswith("-"):
            table = found.endings
        row = (languages, columns[1].strip())
        table.setdefault(word.strip("-"), []).append(row)
    return found


def fold(text: str) -> str:
    """The text without case and accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


_SMALL_WORDS = {language: frozenset(fold(words).split()) for language, words in _SMALL.items()}


def abbreviate_title(title: str, words: WordList, language: str = "") -> str:
    """The abbreviated title; ``""`` for one word, and when the list knows none of its words."""
    tokens = [part for part in _TOKEN.findall(_ELISION.sub("", title)) if part not in _DROPPED]
    code = _LANGUAGES.get(language.partition("-")[0].lower(), "") or _told_language(tokens, words)
    small = _SMALL_WORDS.get(code, frozenset())
    if sum(len(each) > 1 and fold(each) not in small for each in tokens) < 2:
        return ""
    parts, known = _parts(tokens, words, code, small)
    return _joined(parts) if known else ""


def _is_small(word: str, index: int, small: frozenset[str]) -> bool:
    """Articles, conjunctions and prepositions; a capital letter later on names a section."""
    names_section = len(word) == 1 and word.isupper() and index > 0
    return fold(word) in small and not names_section


def _told_language(tokens: list[str], words: WordList) -> str:
    """The language whose words and small words the title is made of; English where none is more."""
    scores = {
        language: sum(
            fold(token) in small or _look_up(token, words, language) is not None for token in tokens
        )
        for language, small in _SMALL_WORDS.items()
    }
    return max(scores, key=lambda language: (scores[language], language == "eng"))


def _parts(
    tokens: list[str], words: WordList, language: str, small: frozenset[str]
) -> tuple[list[str], bool]:
    parts: list[str] = []
    known = False
    position = 0
    while position < len(tokens):
        phrase = _phrase(tokens, position, words, language)
        word, length = tokens[position], 1
        if phrase:
            length, found = phrase
            parts.append(found)
        elif not _is_small(word, position, small):
            abbreviation = _look_up(word, words, language)
            parts.append(word if abbreviation is None else abbreviation)
            known = known or abbreviation is not None
        known = known or phrase is not None
        position += length
    return parts, known


def _phrase(
    tokens: list[str], position: int, words: WordList, language: str
) -> tuple[int, str] | None:
    for length in range(min(_LONGEST_PHRASE, len(tokens) - position), 1, -1):
        text = " ".join(tokens[position : position + length])
        found = _of_language(words.words.get(fold(text), ()), language)
        if found is not None:
            return length, text if found == NOT_ABBREVIATED else _like(found, text)
    return None


def _look_up(token: str, words: WordList, language: str) -> str | None:
    """The abbreviation of one word (or the word itself, if the list says so); None if unknown."""
    if len(token) < 2 or not token[0].isalpha():
        return None
    folded = fold(token)
    found = _of_language(words.words.get(folded, ()), language)
    if found is None and (ending := _ENDINGS.search(folded)):
        found = _of_language(words.words.get(folded[: ending.start()], ()), language)
    for end in range(len(folded), 1, -1) if found is None else ():
        rows = words.beginnings.get(folded[:end], ())
        found = _of_language(rows, language) or _of_all(rows, end)
        if found is not None:
            break
    if found is not None:
        return token if found == NOT_ABBREVIATED else _like(found, token)
    for start in range(1, len(folded) - 1):
        found = _of_language(words.endings.get(folded[start:], ()), language)
        if found is not None:
            return token if found == NOT_ABBREVIATED else token[:start] + found.lstrip("-")
    return None


def _of_language(rows: Iterable[tuple[frozenset[str], str]], language: str) -> str | None:
    wanted = {language, "mul"}
    return next((text for languages, text in rows if languages & wanted), None)


def _of_all(rows: Collection[tuple[frozenset[str], str]], length: int) -> str | None:
    """What every language says alike of a long beginning: it is the same word in all of them."""
    texts = {text for _, text in rows}
    return texts.pop() if len(texts) == 1 and length >= _SAFE_BEGINNING else None


def _like(abbreviation: str, word: str) -> str:
    """With the capital of the word, and without accents where the word has none."""
    if word.isascii():
        parts = unicodedata.normalize("NFKD", abbreviation)
        abbreviation = "".join(char for char in parts if not unicodedata.combining(char))
    return abbreviation[:1].upper() + abbreviation[1:] if word[0].isupper() else abbreviation


def _joined(parts: list[str]) -> str:
    text = " ".join(parts)
    text = re.sub(r"\s+([:;.)\]])", r"\1", text)
    text = re.sub(r"([(\[])\s+", r"\1", text)
    return re.sub(r"\s*([-–/])\s*", r"\1", text)
