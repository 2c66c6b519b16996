"""Markdown with Pandoc's citations: ``[see @key, p. 3; -@other]``, ``@{key}``, Quarto's too.

Knows what is code, what is an address, and which ``@`` names a figure or section. LaTeX's citation
commands count as well, since Pandoc passes them on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from citeworks.documents import latex
from citeworks.documents.interface import Citation, Kind, Places, Reference, Scan, blank

_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)")
_LIST = re.compile(r"\s{0,3}(?:[-*+]|\d{1,9}[.)]|\(?[a-z@#][\w-]*[.)]|\[\^[^\]\s]+\]:|:)\s")
_HIDDEN = re.compile(
    r"<!--(?:.*?-->|.*)"
    r"|\\[!-/:-@\[-`{-~]"
    r"|(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)"
    r"|<[A-Za-z/][^<>\n]{0,999}>",
    re.S,
)
_TICKS = re.compile(r"`+|\n[ \t]*\n")
KEY = re.compile(
    r"(?<!\w)@(?:\{(?P<braced>[^{}\s]+(?:\{[^{}\s]*\}[^{}\s]*)*)\}"
    r"|(?P<plain>\w(?:\w|[:.#$%&\-+?<>~/](?=\w)|[:/](?=/))*)|(?P<all>\*))"
)
_LABEL = re.compile(r"\{#([^\s{}]+)[^{}\n]*\}|\{[^{}\n]{0,500}\blabel\s*=\s*[\"']?([\w:-]+)")
_CELL_LABEL = re.compile(r"^#\|\s*label:\s*[\"']?([\w:-]+)", re.M)
_QUARTO = re.compile(
    r"(?:fig|tbl|lst|sec|eq|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|nte|tip|wrn|imp|cau"
    r"|Fig|Tbl|Lst|Sec|Eq|Thm|Lem|Cor)-\w"
)
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_BIBLIOGRAPHY = re.compile(
    r"^bibliography:[ \t]*(?:(?P<one>[^\s#\[][^\n#]*)|\[(?P<row>[^\]]*)\]"
    r"|\n(?P<rows>(?:[ \t]*-[ \t]+[^\n]+\n?)+))",
    re.M,
)
_PART = re.compile(r"\{\{<\s*include\s+[\"']?([^\s\"'>]+)[\"']?\s*>\}\}")


def scan(text: str, quarto: bool = False) -> Scan:
    """Scan a Markdown text; `quarto` adds its cross-references and includes."""
    shown = visible(text)
    places = Places(text)
    found = Scan(dialect="biblatex")
    labels = (match[1] or match[2] for match in _LABEL.finditer(shown))
    found.labels.update(labels, _CELL_LABEL.findall(text) if quarto else ())
    found.citations.extend(_citations(shown, places, found.labels, quarto))
    front = _FRONT.match(text)
    if front:
        found.bibliographies.extend(_bibliographies(front[1], front.start(1), places))
    if quarto:
        for match in _PART.finditer(text):
            found.parts.append(Reference(match[1], *places.of(match.start())))
    return found


def visible(text: str) -> str:
    """The text with code, comments, addresses and escapes blanked; every offset stays."""
    return _without_hidden(_without_blocks(text))


def _citations(shown: str, places: Places, labels: set[str], quarto: bool) -> list[Citation]:
    found = list(latex.citations(shown, places))
    for match in KEY.finditer(shown):
        key = match["braced"] or match["plain"] or "*"
        kind: Kind = "all" if match["all"] else "cite"
        if key in labels or (quarto and match["plain"] and _QUARTO.match(key)):
            kind = "crossref"
        found.append(Citation(key, *places.of(match.start()), kind))
    return sorted(found, key=lambda citation: (citation.line, citation.column))


def _without_blocks(text: str) -> str:
    """The text with its fenced and indented code blanked."""
    return "".join(
        blank(line) if hidden else line for line, hidden in _lines(text.splitlines(keepends=True))
    )


def _lines(lines: list[str]) -> Iterator[tuple[str, bool]]:
    fence, in_list, after_blank, in_code = "", False, True, False
    for line in lines:
        content = line.strip()
        mark = _FENCE.match(line.lstrip() if in_list else line)
        if fence:
            closes = content.startswith(fence) and not content.strip(fence[0])
            fence = "" if closes else fence
            yield line, True
        elif mark and not (mark["fence"][0] == "`" and "`" in mark["info"]):
            fence = mark["fence"]
            yield line, True
        else:
            indented = line.startswith(("    ", "\t"))
            in_code = bool(content) and indented and not in_list and (after_blank or in_code)
            if content and not indented:
                starts_list = bool(_LIST.match(line))
                continues = in_list and (not after_blank or line.startswith(" "))
                in_list = starts_list or continues
            yield line, in_code
        after_blank = not content


def _without_hidden(text: str) -> str:
    return _HIDDEN.sub(lambda match: blank(match[0]), _without_spans(text))


def _without_spans(text: str) -> str:
    """The text with its code spans blanked: runs of as many backticks, in one paragraph."""
    marks = list(_TICKS.finditer(text))
    out, done, index = [], 0, 0
    later = _next_alike(marks)
    while index < len(marks):
        close = later[index]
        escaped = text[marks[index].start() - 1 : marks[index].start()] == "\\"
        if close is None or escaped:
            index += 1
            continue
        start, end = marks[index].start(), marks[close].end()
        out += [text[done:start], blank(text[start:end])]
        done, index = end, close + 1
    return "".join(out) + text[done:]


def _next_alike(marks: list[re.Match[str]]) -> list[int | None]:
    """For each run of backticks the next one as long before a blank line."""
    found: list[int | None] = [None] * len(marks)
    waiting: dict[int, int] = {}
    for index in range(len(marks) - 1, -1, -1):
        if marks[index][0][0] == "\n":
            waiting.clear()
            continue
        length = len(marks[index][0])
        found[index] = waiting.get(length)
        waiting[length] = index
    return found


def _bibliographies(front: str, offset: int, places: Places) -> Iterator[Reference]:
    for match in _BIBLIOGRAPHY.finditer(front):
        kind = str(match.lastgroup)
        pattern = r"[^,\s\"'][^,\n\"']*" if kind != "rows" else r"(?<=-)[ \t]+[^\n]+"
        for item in re.finditer(pattern, match[kind]):
            name = item[0].strip().strip("\"'")
            place = places.of(offset + match.start(kind) + item.start())
            yield Reference(name, *place)
