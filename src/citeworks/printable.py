"""Text that can be shown: one visible sign for each character that would steer a terminal.

Knows the control characters of ASCII and Latin-1, and Unicode's overrides of the direction of
writing. Refuses to know where a text is shown.
"""

from __future__ import annotations

import re

_STEERING: dict[int, int] = {
    **{code: 0x2400 + code for code in range(0x20)},
    **dict.fromkeys(range(0x7F, 0xA0), 0xFFFD),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD),
}
_SPACES = {ord("\t"): ord(" "), ord("\n"): ord(" ")}
_ANY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_BARE = re.compile(r"\r(?!\n)|" + _ANY.pattern.replace("\x0b-\x1f", "\x0b\x0c\x0e-\x1f"))


def one_line(text: str) -> str:
    """The text as one line, in which nothing steers."""
    return text.translate(_STEERING | _SPACES)


def visible(text: str, *, line_ends: bool = False) -> str:
    """The text with its lines and tabs, in which nothing steers; with `line_ends` CR LF stays."""
    return (_BARE if line_ends else _ANY).sub(lambda found: chr(_STEERING[ord(found[0])]), text)
