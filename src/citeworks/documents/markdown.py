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
_FOOTNOTE = re.compile(r"\s{0,3}\[\^")
_QUOTE = re.compile(r"(?: {0,3}>)+ ?")
_HIDDEN = re.compile(
    r"<!--(?:.*?-->|.*)"
    r"|<(?P<raw>pre|script|style|textarea)\b[^<>\n]{0,999}>.{0,8000}?</(?P=raw)>"
    r"|(?m:^ {0,3}\[(?![\^@])[^\]\n]{1,200}\]:[ \t]*\n?[ \t]*\S+"
    r"(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$)"
    r"|\\[!-/:-@\[-`{-~]"
    r"|(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)"
    r"|<[A-Za-z/][^<>\n]{0,999}>",
    re.S | re.I,
)
_NOT_TEXT = re.compile(
    r"\$\$(?:[^$\n]|\n(?![ \t]*\n))+\$\$"
    r"|\$(?![\s$])(?:[^$\n]|\n(?![ \t]*\n))*(?<!\s)\$(?!\d)"
    r"|\\begin\{(?P<name>[A-Za-z]+\*?)\}.{0,8000}?\\end\{(?P=name)\}"
    r"|(?<!@)\{[ \t]*(?:[#.=]\w|[\w-]+=)[^{}\n]*\}",
    re.S,
)
_TICKS = re.compile(r"`+|\n[ \t]*\n")
KEY = re.compile(
    r"(?<!\w)@(?:\{(?P<braced>[^{}\s]+(?:\{[^{}\s]*\}[^{}\s]*)*)\}"
    r"|(?P<plain>\w(?:\w|[:.#$%&\-+?<>~/](?=\w)|[:/](?=/))*)|(?P<all>\*))"
)
_LABEL = re.compile(r"\{#([^\s{}]+)[^{}\n]*\}|\{[^{}\n]{0,500}\blabel\s*=\s*[\"']?([\w:-]+)")
_EXAMPLE = re.compile(r"^[ \t]*\(@([\w-]+)\)[ \t]", re.M)
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
    shown = _without_hidden(_without_blocks(text))
    places = Places(text)
    found = Scan(dialect="biblatex")
    labels = (match[1] or match[2] for match in _LABEL.finditer(shown))
    found.labels.update(labels, _EXAMPLE.findall(shown))
    found.labels.update(_CELL_LABEL.findall(text) if quarto else ())
    found.citations.extend(_citations(shown, places, found.labels, quarto))
    front = _FRONT.match(text)
    if front:
        found.bibliographies.extend(_bibliographies(front[1], front.start(1), places))
    if quarto:
        for match in _PART.finditer(text):
            found.parts.append(Reference(match[1], *places.of(match.start())))
    return found


def visible(text: str) -> str:
    """The text with code, comments, addresses and escapes blanked; every offset stays.

    Mathematics, TeX environments and attributes are no text either.
    """
    return _text_of(_without_hidden(_without_blocks(text)))


def _text_of(shown: str) -> str:
    return _NOT_TEXT.sub(lambda match: blank(match[0]), shown)


def _citations(shown: str, places: Places, labels: set[str], quarto: bool) -> list[Citation]:
    found = list(latex.citations(shown, places))
    for match in KEY.finditer(_text_of(shown)):
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
    """Each line, and whether it is code: fenced, or indented by four more than its list item."""
    fence, quoted, item, after_blank, in_code = "", False, 0, True, False
    for line in lines:
        body = line if fence and not quoted else _QUOTE.sub("", line, count=1)
        content = body.strip()
        mark = _FENCE.match(body.lstrip() if item else body)
        if fence:
            closes = content.startswith(fence) and not content.strip(fence[0])
            fence = "" if closes else fence
            yield line, True
        elif mark and not (mark["fence"][0] == "`" and "`" in mark["info"]):
            fence, quoted, item = mark["fence"], body != line, min(item, _width(body))
            yield line, True
        else:
            width = _width(body)
            in_code = bool(content) and width >= item + 4 and (after_blank or in_code)
            if content and not in_code:
                item = _item_indent(body, width, item, after_blank)
            yield line, in_code
        after_blank = not content


def _width(line: str) -> int:
    """How far a line is indented."""
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip(" "))


def _item_indent(line: str, width: int, item: int, after_blank: bool) -> int:
    """Where the text of the list item begins that a line belongs to; 0 outside of lists."""
    if _FOOTNOTE.match(line) and "]:" in line:
        return 4
    if marker := _LIST.match(line):
        spaces = _width(line[marker.end() :])
        return len(line[: marker.end()].expandtabs(4)) + (spaces if spaces < 4 else 0)
    return min(item, width) if after_blank else item


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
