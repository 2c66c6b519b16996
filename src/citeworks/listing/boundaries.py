"""Where, inside a glued byline, a title may end and the first author may begin.

A boundary never has white space before it.  Candidates are cheap and generous; ``boundary_odds``
weighs the characters and the word before one.  This module does not judge names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from citeworks.listing import lexicon, names
from citeworks.listing.authors import LONGEST_NAME, looks_east_asian
from citeworks.listing.shapes import is_caseless, is_east_asian, shape
from citeworks.listing.vocabulary import ends_title, is_title_word

_OPENERS = frozenset("([{@&_\\<“«„‘¿¡")
_HYPHENS = frozenset("-‐‑")
_CLOSERS = frozenset(')?!”»…"]}」』）？！。’')
_SIGNS = frozenset("%+#*–—™®|~^=-‐‑")

_LOWER_START = re.compile(
    rf"(?:(?:{'|'.join(lexicon.OPENING_PARTICLES)})(?: (?:der|den|la|las|los|dem|het|de|'t))? "
    r"|d['’]|[^\W\d_]\. )(?=[^\W\d_])"
)
_LOWER_INITIAL = re.compile(r"[^\W\d_]\. (?=[^\W\d_])")
_NUMBERED_BODY = re.compile(r"\d+ [^,;]*(?:Project|Consortium|Collaboration|Team|Group|Network)\Z")
_PLAIN_GIVEN = names.GIVEN - names.SYLLABLES
_EDGES = "\"'“”‘’«»()[]{}.,:;?!*-–—"
_GLUED_SENTENCES = re.compile(r"[^\W\d_][?!»”)][^\W\d_]")
_LAST_CHUNK = re.compile(r"[^\W_]([A-Z][a-z]+)\Z")


def candidates(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the places in ``text[start:end]`` where the first author could begin."""
    for i in range(max(start, end - LONGEST_NAME, 1), end):
        before, char = text[i - 1], text[i]
        if before.isspace() or char.isspace() or before in _OPENERS:
            continue
        if before in _HYPHENS and not (i > 1 and text[i - 2].isspace()):
            continue
        if char.isupper() or char.istitle() or _may_start_otherwise(text, i, end):
            yield i


def _may_start_otherwise(text: str, i: int, end: int) -> bool:
    before, char = text[i - 1], text[i]
    if char.islower():
        if before in "?!»”":
            return True
        if before.isupper():
            return bool(_LOWER_INITIAL.match(text, i, end))
        return (before.islower() or before in ")." or before.isdigit()) and bool(
            _LOWER_START.match(text, i, end)
        )
    if is_caseless(char):
        return not is_caseless(before) or (is_east_asian(char) and looks_east_asian(text[i:end]))
    return char.isdigit() and not before.isdigit() and bool(_NUMBERED_BODY.match(text[i:end]))


def boundary_odds(text: str, i: int, end: int) -> float:
    """Log odds of a title ending before ``i``, against one word running through it."""
    near = max(0, i - 60)
    start = max(text.rfind(" ", near, i), text.rfind("\u00a0", near, i), near - 1) + 1
    stop = text.find(" ", i, end)
    left, right = text[start:i], text[i : stop if stop >= 0 else end]
    core = left.strip(_EDGES)
    odds = _join_odds(text, i, left, core, right) + _ending_odds(left, core, right)
    if left + right in lexicon.CAMEL_WORDS:
        odds -= 7.0
    if stop < 0 and text[i - 1].islower() and (len(core) < 4 or is_title_word(right)):
        odds -= 3.0
    return odds + _start_odds(text, i, core, right)


def _join_odds(text: str, i: int, left: str, core: str, right: str) -> float:
    before = text[i - 1]
    if before.islower():
        return 5.0
    if before.isupper():
        return _after_capital_odds(left, core, right)
    if before in "'’" and len(core) <= 2:
        return -6.0
    if before in _CLOSERS:
        return 5.0 if before not in "'’" else 3.0
    if before == ".":
        return _after_stop_odds(left)
    if before.isdigit():
        return 3.0
    if before in _SIGNS:
        return 2.0 if not text[i - 2].isspace() else 0.0
    if is_caseless(before):
        return 2.0 if is_caseless(text[i]) else 4.0
    return {",": 1.5, ";": 1.5, "$": 4.0, "/": -1.0, "'": 3.0}.get(before, 0.0)


def _after_capital_odds(left: str, core: str, right: str) -> float:
    form = shape(left)
    if core in lexicon.CAMEL_WORDS:
        return 2.5
    if form.endswith("lU"):
        return -2.0 if is_title_word(left[:-1]) else -0.5
    if form.endswith("lX") and len(right) == 1 and is_title_word(core[:-2]):
        return -0.5  # "SensesMJ|J van Rensburg": the initials belong together
    if len(core) == 1:
        return 2.5 if shape(right)[:2] == "Ul" else 0.5
    return 2.5 if form.endswith(("X", "dU")) else 1.0


def _after_stop_odds(left: str) -> float:
    if shape(left)[-2:] not in ("U.", "X."):
        return 3.5
    return 2.5 if left in lexicon.DOTTED_ENDS else -2.5


def _ending_odds(left: str, core: str, right: str) -> float:
    odds = 0.0
    if core.lower() in lexicon.FUNCTION_WORDS:
        odds -= 4.0
    if core in lexicon.INNER_PREFIXES and shape(right).startswith("Ul"):
        odds -= 6.0
    elif len(core) <= 2 and core[:1].isupper() and core[-1:].islower():
        odds -= 4.0 if shape(right) == "U" else 2.0
    elif core[-1:].islower() and ends_title(core):
        odds += 0.5
    return odds - _hidden_boundary(left, core, right)


def _hidden_boundary(left: str, core: str, right: str) -> float:
    """Price of a last word in which a better boundary is hidden: ``RetrievalCheng|Xiang``."""
    if left in lexicon.CAMEL_WORDS or core in lexicon.CAMEL_WORDS:
        return 0.0
    if _GLUED_SENTENCES.search(left):
        return 3.0
    camel = _LAST_CHUNK.search(core)
    if not camel or is_title_word(camel[1]) or right in _PLAIN_GIVEN:
        return 0.0
    return 4.0 if camel[1] in names.SYLLABLES or camel[1] in names.GIVEN else 1.0


def _start_odds(text: str, i: int, core: str, right: str) -> float:
    before, char = text[i - 1], text[i]
    if char.isdigit():
        return 1.5
    if char.islower() and before.islower():
        return -2.0 if ends_title(core) else -6.0
    if before.isdigit() and len(right) == 1:
        return -6.0 if char == "D" else -2.0
    if before.isupper() and len(right) == 1:
        return -2.0 if core not in lexicon.CAMEL_WORDS else 0.0
    if (
        before.isupper()
        and shape(right)[0] == "X"
        and (right not in lexicon.BODIES or len(core) == 1)
    ):
        return -3.0
    return 0.0


def balance(text: str) -> list[float]:
    """For every prefix of a text, the penalty for brackets, quotes or ``$`` left open in it."""
    penalties = [0.0]
    depth = quoted = maths = 0
    for i, char in enumerate(text):
        if char in "([{“«":
            depth += 1
        elif char in ")]}”»":
            depth = max(0, depth - 1)
        elif char == '"' and not _is_gershayim(text, i):
            quoted ^= 1
        elif char == "$":
            maths ^= 1
        penalties.append(-5.0 * (depth > 0) - 4.0 * quoted - 6.0 * maths)
    return penalties


def _is_gershayim(text: str, i: int) -> bool:
    return 0 < i < len(text) - 1 and is_caseless(text[i - 1]) and is_caseless(text[i + 1])
