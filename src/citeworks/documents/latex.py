"""LaTeX sources: the citation commands of the kernel, natbib, biblatex and other packages.

Knows comments, verbatim material, and how arguments are found. Expands nothing: a key that a macro
builds is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from citeworks.documents.interface import Citation, Kind, Places, Reference, Scan, blank

_VERBATIM = (
    "verbatim|verbatim\\*|Verbatim|BVerbatim|LVerbatim|lstlisting|minted|comment|filecontents"
    "|filecontents\\*|tcblisting|pycode|luacode|luacode\\*"
)
_HIDDEN = re.compile(
    rf"\\begin\s*\{{(?P<name>{_VERBATIM})\}}(?:.*?\\end\s*\{{(?P=name)\}}|.*)"
    r"|\\iffalse(?![A-Za-z])(?:.*?\\fi(?![A-Za-z])|.*)"
    r"|\\end\s*\{document\}(?P<rest>.*)"
    r"|\\(?:verb|lstinline|spverb)(?![A-Za-z])\*?(?:\[[^\]\n]*\])?(?P<sign>[^A-Za-z*\s{])[^\n]*?(?P=sign)"
    r"|\\(?:lstinline|mintinline(?:\[[^\]\n]*\])?\{[^}\n]*\})(?![A-Za-z])(?:\[[^\]\n]*\])?\{[^}\n]*\}"
    r"|\\(?:url|path|nolinkurl)\s*\{[^}\n]*\}"
    r"|\\[^A-Za-z]"
    r"|%[^\n]*",
    re.S,
)
_CITE = re.compile(r"\\((?:[A-Za-z]*cite|Cite)[A-Za-z]*|bibentry)\b(\*?)")
_NOT_CITING = frozenset(
    """
    citestyle citesetup citetext citereset citeleft citeright citemid citepunct citedash citeform
    citenumfont citenamefont citeindextrue citeindexfalse citetrackertrue citetrackerfalse citemark
    bibcite defcitealias citeform citeurlfont providecite newcites newcitecommand citecounter
    citesep citestart citeend citealiases bibnamedash multicitedelim multicitesubentrydelim
    ifciteseen ifciteibid ifciteindex iffirstcitekey iflastcitekey renewcite citedelim citeprenote
    nocitesection citeauthorfont citeinterval citerange citeaffixsep
    """.split()
)
_VOLUME = re.compile(r"[a-z]*volcites?\Z", re.I)
_PLURAL = re.compile(r".*cite(?:text)?s\Z", re.I)
_GAP = re.compile(r"[ \t]*(?:%[^\n]*)?\n?[ \t]*")
_KEY = re.compile(r"[^,]+")
_PART = re.compile(
    r"\\(?P<command>input|include|subfile|subfileinclude|includestandalone|import|subimport"
    r"|inputfrom|includefrom|subinputfrom|subincludefrom)(?![A-Za-z])\*?\s*"
    r"(?:\{(?P<first>[^{}\n]*)\}(?:\s*\{(?P<second>[^{}\n]*)\})?|(?P<bare>[^\s{}\\\[]+))"
)
_FOLDERS = frozenset("import subimport inputfrom includefrom subinputfrom subincludefrom".split())
_BIBLIOGRAPHY = re.compile(
    r"\\(?:bibliography|nobibliography|addbibresource|addglobalbib|addsectionbib|bibdata)\*?"
    r"\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}"
)
_BIBLATEX = re.compile(
    r"\\(?:usepackage|RequirePackage)\s*(?:\[[^\]]*\])?\s*\{[^{}]*\bbiblatex(?:-\w+)?\b[^{}]*\}"
    r"|\\addbibresource\b|\\printbibliography\b"
)
_LONGEST = 4_000
_CLOSERS = {"[": "]", "(": ")", "<": ">", "{": "}"}
_SIGNS = {closer: re.compile(rf"[{{}}\{closer}]") for closer in _CLOSERS.values()}


def scan(text: str, _: bool = False) -> Scan:
    """Scan a LaTeX source, or a part of one."""
    visible = _HIDDEN.sub(_hide, text)
    places = Places(text)
    found = Scan(dialect="biblatex" if _BIBLATEX.search(visible) else "")
    found.citations.extend(citations(visible, places))
    for match in _PART.finditer(visible):
        folders = match["command"] in _FOLDERS and match["second"] is not None
        path = match["second"] if folders else match["first"] or match["bare"] or ""
        base = match["first"] if folders else ""
        if path.strip() and "#" not in path + base:
            found.parts.append(Reference(path.strip(), *places.of(match.start()), base.strip()))
    for match in _BIBLIOGRAPHY.finditer(visible):
        for key in _KEY.finditer(match[1]):
            if key[0].strip():
                place = places.of(match.start(1) + key.start())
                found.bibliographies.append(Reference(key[0].strip(), *place))
    return found


def citations(visible: str, places: Places) -> Iterator[Citation]:
    """The citations in a text in which nothing hidden is left."""
    for match in _CITE.finditer(visible):
        name = match[1]
        if name in _NOT_CITING:
            continue
        kind: Kind = "nocite" if name == "nocite" else "cite"
        for start, end in _key_groups(visible, match.end(), name):
            for key in _KEY.finditer(visible, start, end):
                yield from _citation(key, kind, places)


def _citation(match: re.Match[str], kind: Kind, places: Places) -> Iterator[Citation]:
    key = match[0].strip()
    if not key or any(sign in key for sign in "#\\{}"):
        return
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    yield Citation(key, *places.of(start), "all" if key == "*" else kind)


def _key_groups(text: str, position: int, name: str) -> Iterator[tuple[int, int]]:
    """Where the keys are: after optional arguments, for volumes after another group, or again."""
    plural = _PLURAL.match(name)
    volume = _VOLUME.match(name)
    while True:
        group = _next_group(text, position)
        if group and volume:
            group = _next_group(text, group[1] + 1)
        if group is None:
            return
        yield group
        if not plural:
            return
        position = group[1] + 1


def _next_group(text: str, position: int) -> tuple[int, int] | None:
    """The next group in braces, optional arguments before it skipped; None if none follows."""
    while True:
        gap = _GAP.match(text, position)
        position = gap.end() if gap else position
        sign = text[position : position + 1]
        if sign not in _CLOSERS or not sign:
            return None
        end = _end_of_group(text, position, _CLOSERS[sign])
        if end is None:
            return None
        if sign == "{":
            return position + 1, end
        position = end + 1


def _end_of_group(text: str, start: int, closer: str) -> int | None:
    """The closing sign that belongs to the opening one; signs in braces do not count."""
    depth = 0
    for match in _SIGNS[closer].finditer(text, start + 1, start + _LONGEST):
        sign = match[0]
        if sign == closer and not depth:
            return match.start()
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return None
    return None


def _hide(match: re.Match[str]) -> str:
    return blank(match[0])
