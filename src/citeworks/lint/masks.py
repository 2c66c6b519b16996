"""Values with parts blanked out, every other character at its old place.

Knows braces, commands and formulas only as stretches to be left alone.
"""

from __future__ import annotations

import re

from citeworks.bibtex.capitals import GAP

_OUTER = re.compile(r"\\[A-Za-z]+\s*|\\.|\$\$?|[{}]", re.S)
_ADDRESS = re.compile(r"\\(?:url|href|path|nolinkurl)\s*\{[^{}]*\}|https?://[^\s{}]+")
_MATH = re.compile(r"(?<!\\)\$[^$]*(?<!\\)\$|\\\(.*?\\\)|\\ensuremath\s*\{[^{}]*\}", re.S)


def without_groups(value: str) -> str:
    """The value with every brace group, command and formula blanked out."""
    if not ("{" in value or "\\" in value or "$" in value):
        return value
    out: list[str] = []
    done = depth = 0
    math = False
    for match in _OUTER.finditer(value):
        keep = value[done : match.start()]
        out.append(GAP * len(keep) if depth or math else keep)
        out.append(GAP * len(match[0]))
        done = match.end()
        if match[0][0] == "$":
            math = not math
        elif match[0] in "{}":
            depth = max(0, depth + (1 if match[0] == "{" else -1))
    rest = value[done:]
    out.append(GAP * len(rest) if depth or math else rest)
    return "".join(out)


def without_math(value: str) -> str:
    """The value with formulas and addresses blanked out."""
    if "\\" in value or "$" in value or "://" in value:
        value = _ADDRESS.sub(_blank, value)
        value = _MATH.sub(_blank, value)
    return value


def _blank(match: re.Match[str]) -> str:
    return GAP * len(match[0])
