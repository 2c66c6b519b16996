"""Text variables: characters, white space and the markup that people paste along.

Knows CSL's rich text (``<i> <b> <sup> <sub>``), ``$…$`` math and Markdown emphasis. Refuses to
change capitals, wording or punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_TERMINAL_CODE = re.compile(r"\x1b\[[0-9;:?]*[@-~]")
_SPACES = re.compile(r"\s+")
_MATH = re.compile(r"(?<!\\)\$(?=\S)[^$\n]{1,400}?(?<=\S)(?<!\\)\$(?!\d)")
_STRONG = re.compile(r"(?<![\w*])\*\*(?=[^\s*])([^*\n]{1,400}?)(?<=[^\s*])\*\*(?![\w*])")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,400}?)(?<=[^\s*])\*(?![\w*])")
_URL = re.compile(r"https?://[^\s<>\"]+")
_TRAILING = ".,;:!?'\"”’»"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def clean_text(text: str) -> str:
    """Composed characters (NFC), single spaces, and nothing that XML or a terminal forbids."""
    text = unicodedata.normalize("NFC", _FORBIDDEN.sub(" ", _TERMINAL_CODE.sub("", text)))
    return _SPACES.sub(" ", text).strip()


def markdown_to_rich_text(text: str) -> str:
    """Turn ``**bold**`` and ``*italic*`` into CSL rich text; math and a lone star stay."""
    if "*" not in text:
        return text
    pieces: list[str] = []
    end = 0
    for math in _MATH.finditer(text):
        pieces += [_emphasis(text[end : math.start()]), math[0]]
        end = math.end()
    return "".join([*pieces, _emphasis(text[end:])])


def links_in(text: str) -> list[str]:
    """The http(s) addresses in a text, without the punctuation of the sentence around them."""
    found = dict.fromkeys(trim_url(match[0]) for match in _URL.finditer(text))
    return [url for url in found if url.partition("://")[2]]


def trim_url(url: str) -> str:
    """Drop sentence punctuation and closing brackets that were never opened from the end."""
    counts = Counter(url)
    end = len(url)
    while end:
        last = url[end - 1]
        unopened = last in _BRACKETS and counts[last] > counts[_BRACKETS[last]]
        if last not in _TRAILING and not unopened:
            break
        counts[last] -= 1
        end -= 1
    return url[:end]


def _emphasis(text: str) -> str:
    return _EMPHASIS.sub(r"<i>\1</i>", _STRONG.sub(r"<b>\1</b>", text))
