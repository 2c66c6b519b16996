"""Name lists as BibTeX writes them: splitting at `and`, von and junior parts, and back.

Knows the rules of BibTeX's ``format.name$`` and BibLaTeX's extended form (``family=…, given=…``).
Refuses to know LaTeX's accents: texts come in and go out through functions that the caller gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from citeworks.model.name import Name

Encode = Callable[[str], str]

_TOKEN_EDGE = re.compile(r"[\s~]+")
_BRACE = re.compile(r"[{}]")
_AND = re.compile(r"(\sand)(?=\s)", re.I)
_WORD_AND = re.compile(r"(?:^|\s)and(?:\s|$)", re.I)
_COMMA = re.compile(r"[{},]")
_HYPHENS = re.compile(r"-(?:\{\}-)+")
_ACCENT_CODES = {"grave": 96, "circum": 94, "tilde": 126}
_ACCENTS = re.compile(r"\\textascii(grave|circum|tilde)\{\}")
_PART_NAME = re.compile(r"(?:family|given|prefix|suffix)\s*=")
_WORDS = re.compile(r"[{}]|[\s~]+")
_EXTENDED = re.compile(r"\s*\"?(family|given|prefix|suffix|useprefix|\w+-i|id|hash)\s*=", re.I)
_FOREIGN = {"i": True, "j": True, "oe": True, "ae": True, "aa": True, "o": True, "l": True}
_FOREIGN |= {"ss": True, "OE": False, "AE": False, "AA": False, "O": False, "L": False}
_CONTROL = re.compile(r"\\([A-Za-z]+|.)\s*", re.S)


class SplitName(NamedTuple):
    """BibTeX's four parts of a name, still in LaTeX, and BibLaTeX's `useprefix` if it was given."""

    first: str = ""
    von: str = ""
    last: str = ""
    jr: str = ""
    useprefix: bool | None = None


def join_names(parts: Iterable[str], *, truncated: bool = False) -> str:
    """Formatted names as one value, ending in ``and others`` when it is known to be cut short."""
    found = [part for part in parts if part]
    if truncated and found:
        found.append("others")
    return " and ".join(found)


def format_name(name: Name, encode: Encode) -> str:
    """``von Last, Jr, First`` with braces where BibTeX would split it otherwise."""
    if name.literal:
        return f"{{{_for_biber(encode(name.literal), commas=False)}}}"
    found = _format_parts(name, encode)
    return _for_biber(found, commas=found.count(",") > 2 or ",," in found)


def _format_parts(name: Name, encode: Encode) -> str:
    von = _join_particles(name.dropping_particle, name.non_dropping_particle)
    family = _protect_family(name.family, encode, bool(von))
    given = _protect_part(name.given, encode)
    suffix = _protect_part(name.suffix, encode)
    von = _protect_part(von, encode)
    if not family:
        alone = " ".join(part for part in (given, von) if part)
        return f"{{{alone}}}" if " " in alone else alone
    head = _join_particles(von, family)
    if suffix:
        return f"{head}, {suffix}, {given}".rstrip(", ")
    if given:
        return f"{head}, {given}"
    return head if " " not in head or not split_name(head).first else f"{{{head}}}"


def _for_biber(text: str, *, commas: bool) -> str:
    """The name with signs that biber would see even within braces written as commands.

    It counts all commas, wants none beside another, takes ``family =`` for its extended form, cuts
    initials at hyphens, and makes an initial of an accent with whatever sign follows.
    """
    if "-{}" in text:
        text = _HYPHENS.sub(lambda match: "{-}" * match[0].count("-"), text)
    if "=" in text and _PART_NAME.search(text):
        text = text.replace("=", r"{\symbol{61}}")
    if r"\textascii" in text:
        text = _ACCENTS.sub(lambda match: rf"\symbol{{{_ACCENT_CODES[match[1]]}}}", text)
    if commas:
        text = _COMMA.sub(_Commas(), text)
    return text


class _Commas:
    """Replaces the commas within braces."""

    depth = 0

    def __call__(self, match: re.Match[str]) -> str:
        self.depth += {"{": 1, "}": -1, ",": 0}[match[0]]
        return r"\symbol{44}" if match[0] == "," and self.depth else match[0]


def split_names(value: str) -> list[str]:
    """Cut a name list at the word ``and`` outside braces; empty names are dropped."""
    parts = _AND.split(value)
    if "{" in value or "}" in value:
        parts = _joined_in_braces(parts)
    return [name for name in (name.strip() for name in parts[::2]) if name]


def _joined_in_braces(parts: list[str]) -> list[str]:
    """Names and the words between them, where a name may hold that word in its braces."""
    found: list[str] = []
    depth = 0
    for part in parts:
        if depth:
            found[-1] += part
        else:
            found.append(part)
        for brace in _BRACE.findall(part) if "{" in part or "}" in part else ():
            depth = depth + 1 if brace == "{" else max(0, depth - 1)
    return found


def split_name(text: str) -> SplitName:
    """One name by BibTeX's rules; what follows a third comma belongs to the given name."""
    if "=" in text and _EXTENDED.match(text):
        return _split_extended(text)
    sections = _split_at_commas(text)
    if len(sections) == 1:
        return _split_reading_order(_split_tokens(text))
    von, last = _split_von_last(_split_tokens(sections[0]))
    if len(sections) == 2:
        return SplitName(sections[1], von, last)
    first = ", ".join(section for section in sections[2:] if section)
    return SplitName(first, von, last, sections[1])


def is_lowercase_token(token: str) -> bool:
    """True if BibTeX takes the token for a von part: its first letter at level 0 is small."""
    position = depth = 0
    while position < len(token):
        char = token[position]
        if char == "{":
            if depth == 0 and token.startswith("\\", position + 1):
                return _special_is_lowercase(token, position + 1)
            depth += 1
        elif char == "}":
            depth -= 1
        elif depth == 0 and char.isalpha():
            return char.islower()
        position += 1
    return False


def keeps_prefix(name: Name) -> bool:
    """True if the name is sorted and cited with its small words: BibLaTeX's `useprefix`."""
    small = " " in name.family and is_lowercase_token(name.family.partition(" ")[0])
    return not name.dropping_particle and bool(name.non_dropping_particle or small)


def _special_is_lowercase(token: str, position: int) -> bool:
    """BibTeX's rule for ``{\\...}``: a foreign letter by its name, else the letter under it."""
    match = _CONTROL.match(token, position)
    if match and match[1] in _FOREIGN:
        return _FOREIGN[match[1]]
    rest = token[match.end() :] if match else ""
    letter = next((char for char in rest.split("}")[0] if char.isalpha()), "")
    return letter.islower()


def _split_at_commas(text: str) -> list[str]:
    sections: list[str] = []
    depth = start = 0
    braces = _COMMA.finditer(text) if "{" in text or "}" in text else ()
    for match in braces:
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth = max(0, depth - 1)
        elif not depth:
            sections.append(text[start : match.start()].strip())
            start = match.end()
    if braces:
        sections.append(text[start:].strip())
    else:
        sections = [section.strip() for section in text.split(",")]
    while len(sections) > 1 and not sections[-1]:
        sections.pop()
    return sections


def _split_tokens(text: str) -> list[str]:
    """Words at brace level 0, a tie being white space as BibTeX sees it."""
    if "{" not in text and "}" not in text:
        return text.replace("~", " ").split()
    tokens: list[str] = []
    depth = start = 0
    for match in _WORDS.finditer(text):
        found = match[0]
        if found == "{":
            depth += 1
        elif found == "}":
            depth = max(0, depth - 1)
        elif not depth:
            tokens.append(text[start : match.start()])
            start = match.end()
    tokens.append(text[start:])
    return [token for token in tokens if token]


def _split_reading_order(tokens: list[str]) -> SplitName:
    """``First von Last``: von runs from the first small word to the last one before the end."""
    if not tokens:
        return SplitName()
    small = [index for index, token in enumerate(tokens[:-1]) if is_lowercase_token(token)]
    if not small:
        return SplitName(" ".join(tokens[:-1]), last=tokens[-1])
    von, last = _split_von_last(tokens[small[0] :])
    return SplitName(" ".join(tokens[: small[0]]), von, last)


def _split_von_last(tokens: list[str]) -> tuple[str, str]:
    for end in range(len(tokens) - 1, 0, -1):
        if is_lowercase_token(tokens[end - 1]):
            return " ".join(tokens[:end]), " ".join(tokens[end:])
    return "", " ".join(tokens)


def _split_extended(text: str) -> SplitName:
    parts: dict[str, str] = {}
    for section in _split_at_commas(text):
        name, _, value = section.strip().strip('"').partition("=")
        parts.setdefault(name.strip().lower(), value.strip())
    useprefix = parts.get("useprefix", "").lower()
    return SplitName(
        parts.get("given", ""),
        parts.get("prefix", ""),
        parts.get("family", ""),
        parts.get("suffix", ""),
        {"true": True, "false": False}.get(useprefix),
    )


def _join_particles(first: str, second: str) -> str:
    if not (first and second):
        return first or second
    return (
        first + second
        if first.endswith(("'", "’", "-", "{\\textquoteright}"))
        else (f"{first} {second}")
    )


def _protect_family(family: str, encode: Encode, has_von: bool) -> str:
    """Braces round a family name in which BibTeX would find a von part, a comma or an `and`."""
    encoded = _protect_part(family, encode)
    words = _TOKEN_EDGE.split(family)
    inner = words[:-1] if has_von else words[1:-1]
    if encoded.startswith("{") or not any(is_lowercase_token(word) for word in inner):
        return encoded
    return f"{{{encoded}}}"


def _protect_part(part: str, encode: Encode) -> str:
    encoded = encode(part.strip())
    splits = "," in encoded or _WORD_AND.search(encoded)
    if splits or (encoded.lower() == "others" and part):
        return f"{{{encoded}}}"
    return encoded
