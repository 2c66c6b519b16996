"""Authors as text: where a list of them is cut, and how much a string looks like one name.

Scores are natural-log odds, roughly: how much likelier the words are in a name than in a title.
The tables are small and set by hand.  This module does not know where the title ends.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from citeworks.listing import lexicon, names
from citeworks.listing.shapes import is_east_asian, shape
from citeworks.listing.vocabulary import is_title_word

Span = tuple[int, int]

LONGEST_NAME = 160

_INITIAL = 2.5
_DOTTED = 4.0
# Odds of a token by its shape (see ``shapes``); shapes that are absent count as ODD.
_TOKEN_ODDS = {
    "Ul": 0.6, "Ul-Ul": 1.2, "Ul-l": 0.8, "Ul-Ul-Ul": 1.0, "Ul.": 0.5,
    "U'Ul": 2.0, "l'Ul": 2.0, "Ul'l": 0.5, "Ul'Ul": 1.5, "U'l": 0.0, "l'l": -3.0, "l-Ul": 1.0,
    "U": _INITIAL, "U-U": _INITIAL, "U.": _DOTTED, "U.U.": 3.5, "U.U.U.": 3.5, "U.-U.": _DOTTED,
    "U-U.": 3.5, "U.U": _INITIAL, "U.U.U": _INITIAL, "U.l.": 2.0, "U.-l.": 2.0, "l.": 2.0,
    "Ul-U.": 2.5, "U.-Ul": 2.5, "U-Ul": 0.0, "Ul-U": 0.0, "U.Ul": 1.5, "U.U.Ul": 1.5,
    "U.X": 1.0, "X.": -2.0, "Ul.Ul": -1.0,
    "X": -4.0, "X-X": -4.0, "X'X": -3.0, "XU": -4.0, "c": 0.0, "c-c": 0.0, "d": -7.0, "l": -6.0,
}  # fmt: skip
_ODD = -4.0
_NO_NAME_CHARACTERS = frozenset('?!:"”“…$=+*#@/\\<>|_%»«~^&;')

# A name of so many tokens; one word alone is rarely an author.
_LENGTH_ODDS = (-50.0, -3.4, 0.0, 0.0, -1.0, -3.0, -5.0)
_NOT_LAST = frozenset(("U.", "U", "U.U.", "U.U", "l.", "Ul.", "X"))
_NOT_ALONE = frozenset(("U", "U.", "U.U.", "X", "X."))


# -- one token ---------------------------------------------------------------------------------


@lru_cache(maxsize=32_768)
def token_odds(token: str) -> float:
    """Log odds that a token is part of a person's name rather than of a title."""
    form = shape(token)
    if form == "l":
        if token in lexicon.WEAK_PARTICLES:
            return -2.0
        return 0.5 if token in lexicon.PARTICLES else _TOKEN_ODDS["l"]
    if form in ("Ul", "Ul-Ul", "Ul-l"):
        return _TOKEN_ODDS[form] + _word_odds(token)
    odds = _TOKEN_ODDS.get(form)
    return _odd_token_odds(token, form) if odds is None else odds


def _word_odds(token: str) -> float:
    head, _, tail = token.partition("-")
    if head in names.GIVEN or head in names.FAMILY:
        return 1.4
    if is_title_word(tail or head) or token.lower() in lexicon.NEVER_NAMES:
        return -2.8
    return 0.4


def _odd_token_odds(token: str, form: str) -> float:
    if not _NO_NAME_CHARACTERS.isdisjoint(form):
        return -8.0
    if "Xl" in form:
        return -6.5
    if "lU" in form or "lX" in form:
        return _camel_odds(token, form)
    if "d" in form:
        return -7.0
    return _ODD


def _camel_odds(token: str, form: str) -> float:
    for cut in range(2, min(len(token), 8)):
        head, tail = token[:cut], token[cut:]
        if head in lexicon.INNER_PREFIXES and shape(tail) in ("Ul", "Ul-Ul"):
            return 1.5
    if form not in ("UlUl", "UlUl-Ul", "Ul-UlUl"):
        return -8.0 if form[0] == "l" else -5.0
    cut = next(i for i in range(1, len(token)) if token[i].isupper() and token[i - 1].islower())
    return _joined_name_odds(token[:cut].rpartition("-")[2], token[cut:].partition("-")[0])


def _joined_name_odds(head: str, tail: str) -> float:
    if is_title_word(head) or is_title_word(tail):
        return -6.0
    syllables = (head in names.SYLLABLES) + (tail in names.SYLLABLES)
    given = (head in names.GIVEN) + (tail in names.GIVEN)
    if syllables == 2:
        return 1.0
    if syllables == 1 and not given:
        return -1.0
    return -1.5 if given == 2 else -3.5


# -- one name ----------------------------------------------------------------------------------


@lru_cache(maxsize=16_384)
def name_odds(name: str) -> float:
    """Log odds that a string is one author: a person, a body, or an East Asian name."""
    if len(name) > LONGEST_NAME or not name.strip():
        return -50.0
    tokens = name.split()
    if name in lexicon.BODIES or name in lexicon.LONGER_BODIES:
        return 5.0
    plain = _PARENTHESIS.sub(" ", name).split() if "(" in name else tokens
    while len(tokens) > 1 and tokens[-1].lower() in lexicon.SUFFIXES:
        tokens.pop()
    odds = max(_person_odds(plain), _body_odds(tokens))
    if is_east_asian(name[0]):
        odds = max(odds, _east_asian_odds(name))
    return odds - 6.0 * (name.count("(") != name.count(")"))


def _person_odds(tokens: list[str]) -> float:
    count = len(tokens)
    odds = _LENGTH_ODDS[count] if count < len(_LENGTH_ODDS) else 2.0 - 2.0 * count
    odds += sum(token_odds(token) for token in tokens)
    last = shape(tokens[-1])
    if count == 1:
        return odds - 3.0 * (last in _NOT_ALONE or (last == "Ul" and len(tokens[0]) < 3))
    if last in _NOT_LAST or tokens[-1] in lexicon.PARTICLES:
        odds -= 4.0
    return odds + _joined_initials_odds(tokens)


def _joined_initials_odds(tokens: list[str]) -> float:
    """Initials without stops (``JR Searle``): tokens that look like acronyms are forgiven."""
    odds = 0.0
    for token, after in pairwise(tokens):
        if (
            shape(token) == "X"
            and len(token) <= 3
            and (shape(after)[:2] == "Ul" or after.islower())
        ):
            odds += 2.5 if len(token) == 2 else 1.0
    return odds


def _body_odds(tokens: list[str]) -> float:
    if len(tokens) == 1:
        return -99.0
    words = [token.strip("()").lower() for token in tokens]
    hits = [word in lexicon.COLLECTIVE for word in words]
    if not any(hits) or not (tokens[0][0].isupper() or tokens[0][0].isdigit()):
        return -99.0
    faults = sum(_is_no_body_word(token, word) for token, word in zip(tokens, words, strict=True))
    odds = 1.0 + 1.5 * min(sum(hits), 2) + (1.0 if hits[0] or hits[-1] else -2.5)
    opener = tokens[1] if tokens[0] == "The" else tokens[0]
    if opener in lexicon.BODIES or opener in lexicon.BODY_OPENERS:
        odds += 2.0
    elif all(_ends_titles_too(token, word) for token, word in zip(tokens, words, strict=True)):
        odds -= 6.0
    return odds - 4.5 * faults - 0.4 * max(0, len(tokens) - 2)


def _ends_titles_too(token: str, word: str) -> bool:
    return word in lexicon.WEAK_COLLECTIVE or (not token.isupper() and is_title_word(word))


def _is_no_body_word(token: str, word: str) -> bool:
    form = shape(token)
    if token in lexicon.BODIES or word in lexicon.ORG_LINKS:
        return False
    if (
        form.startswith(("d", "Xd", "U"))
        and form != "d"
        and form not in ("Ul", "Ul-Ul", "Ul-l", "U'Ul", "Ul.")
    ):
        return True
    return "Xl" in form or "lU" in form or form == "l" or not _NO_NAME_CHARACTERS.isdisjoint(form)


def looks_east_asian(name: str) -> bool:
    """Whether a string has the size and the surname of a Chinese or Korean name."""
    given, space, family = name.partition(" ")
    if space:
        return len(given) in (1, 2) and family in names.HAN_SURNAMES
    if "\uac00" <= name[0] <= "\ud7a3":
        return len(name) == 3 and name[0] in names.HANGUL_SURNAMES
    return len(name) in (2, 3) and name[0] in names.HAN_SURNAMES


def _east_asian_odds(name: str) -> float:
    if not looks_east_asian(name):
        return -99.0
    return 2.5 if name.find(" ") == 2 or len(name) == 3 else 2.0


def name_style(name: str) -> str:
    """How the first given name is written: ``U`` initial, ``U.`` dotted, ``X``, ``N`` or ``M``."""
    first, *rest = name.split()
    if not rest:
        return "M"
    form = shape(first)
    if form in ("U", "U-U"):
        return "U"
    if form.startswith(("U.", "l.")):
        return "U."
    return "X" if form == "X" and len(first) <= 3 else "N"


# -- the list ----------------------------------------------------------------------------------

_SEPARATOR = re.compile(r"[;,](?:\s+(?:(?:and|&)\s+)?|(?=[^\W\d_]))|(?<!\s)\s+(?:and|&)\s+")
_PARENTHESIS = re.compile(r"\s\([^()\s][^()]*\)(?!\S)")
_BRACKETED = re.compile(r"\([^()]{0,80}\)")
_NAME_WORD = r"[^\s,;:?!\d]+"
_INVERTED = re.compile(
    rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,2}}, {_NAME_WORD}(?: {_NAME_WORD}){{0,2}}"
)
_OF_BODY = re.compile(r"(?:of|for|de|für)\b")


def author_spans(text: str) -> list[Span]:
    """Cut text at the separators of an author list; the first span still holds the title."""
    cuts = [m.span() for m in _SEPARATOR.finditer(text) if m.end() > m.start()]
    bracketed = [m.span() for m in _BRACKETED.finditer(text)] if "(" in text else []
    if bracketed:
        cuts = _outside(cuts, bracketed)
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(text)]
    spans = [(a, b) for a, b in zip(starts, ends, strict=True) if a < b]
    return _inverted_spans(text, _rejoined(text, spans)) if ";" in text else _rejoined(text, spans)


def _outside(cuts: list[Span], brackets: list[Span]) -> list[Span]:
    kept: list[Span] = []
    at = 0
    for start, end in cuts:
        while at < len(brackets) and brackets[at][1] <= start:
            at += 1
        if at == len(brackets) or start < brackets[at][0]:
            kept.append((start, end))
    return kept


def _rejoined(text: str, spans: list[Span]) -> list[Span]:
    """Give suffixes (``Jr.``) back to their name and ``and`` back to bodies that contain it."""
    joined: list[Span] = []
    for start, end in spans:
        part = text[start:end]
        if joined and (
            part.lower() in lexicon.SUFFIXES or _continues_body(text, joined[-1], start, part)
        ):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _continues_body(text: str, before: Span, start: int, part: str) -> bool:
    if len(part) > 60 or "," in text[before[1] : start] or ";" in text[before[1] : start]:
        return False
    tail = text[max(before[0], before[1] - 80) : before[1]].split()
    of = [i for i, word in enumerate(tail) if _OF_BODY.fullmatch(word)]
    if not of or not of[0] or not any(tail[i - 1].lower().endswith(_BODY_HEADS) for i in of):
        return False
    return all(is_title_word(word) or word.lower() in lexicon.COLLECTIVE for word in part.split())


_BODY_HEADS = (
    "department", "ministry", "institute", "institutes", "center", "centre", "office", "agency",
    "academy", "association", "school", "college", "bureau", "council", "committee", "commission",
)  # fmt: skip


def _opens_name(group: str) -> bool:
    return group[0].isupper() or group.split()[0] in lexicon.PARTICLES


def _inverted_spans(text: str, spans: list[Span]) -> list[Span]:
    """Undo the cut inside ``Smith, John; Doe, Jane``, where commas are not separators."""
    first = text.find(";")
    groups = [part.strip() for part in text[first + 1 :].split(";")]
    if not all(_INVERTED.fullmatch(group) and _opens_name(group) for group in groups):
        return spans
    after = [span for span in spans if span[0] > first]
    before = [span for span in spans if span[0] < first]
    if len(before) > 1:
        before[-2:] = [(before[-2][0], before[-1][1])]
    return before + [(a[0], b[1]) for a, b in zip(after[::2], after[1::2], strict=False)]
