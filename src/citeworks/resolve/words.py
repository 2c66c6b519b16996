"""The words of a title as search engines want them: folded, without LaTeX, markup and operators."""

from __future__ import annotations

import re
import unicodedata

from citeworks.model import Record

STOP_WORDS = frozenset(
    """
    a about all an and are as at be by can do does for from has have how in into is it its not of
    on or our over than that the their this through to toward towards under up use using via was
    we what when where which who why will with without you your
    """.split()
)
_SPLIT = re.compile(r"\$[^$]*\$|\\[A-Za-z]+\*?|</?[a-z]+[^<>]*>")
_LONGEST = 1000
_WORD = re.compile(r"[a-z0-9]+")


def folded(text: str) -> str:
    """The text in small ASCII letters, accents gone."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").replace("'", ""))
    return "".join(each for each in decomposed if not unicodedata.combining(each)).casefold()


def runs(title: str) -> list[list[str]]:
    """The runs of words that stand together, cut at mathematics, LaTeX commands and markup."""
    return [
        words for part in _SPLIT.split(title[:_LONGEST]) if (words := _WORD.findall(folded(part)))
    ]


def phrase(title: str, longest: int = 10) -> list[str]:
    """The longest run of words, cut to `longest` words."""
    return max(runs(title), key=len, default=[])[:longest]


def telling_words(title: str, most: int) -> list[str]:
    """The words that are no stop-words, at most `most`, the longest of them, in their order."""
    words = list(dict.fromkeys(word for run in runs(title) for word in run))
    telling = [word for word in words if word not in STOP_WORDS and len(word) > 1] or words
    chosen = set(sorted(telling, key=lambda word: (-len(word), word))[:most])
    return [word for word in telling if word in chosen]


def families(record: Record, most: int = 3) -> list[str]:
    """The last words of the first authors' families, folded."""
    names = [name.family or name.literal for name in record.names()[:most]]
    found = [_WORD.findall(folded(name)) for name in names]
    return [words[-1] for words in found if words]
