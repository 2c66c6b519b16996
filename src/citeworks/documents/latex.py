"""LaTeX sources: the citation commands of the kernel, natbib, biblatex and other packages.

Knows comments, verbatim material, how arguments are found, and which arguments the author's own
commands hand on to a citation. Expands nothing: a key that a macro builds is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from citeworks.documents.braces import next_group
from citeworks.documents.conditionals import without_dead_branches
from citeworks.documents.interface import Citation, Kind, Places, Reference, Scan, blank
from citeworks.documents.latex_definitions import (
    Command,
    Definitions,
    arguments,
    defined_commands,
    verbatim_environments,
)

_VERBATIM = (
    "verbatim|verbatim\\*|Verbatim|Verbatim\\*|BVerbatim|LVerbatim|SaveVerbatim|VerbatimOut"
    "|lstlisting|minted|comment|filecontents|filecontents\\*|tcblisting|pycode|luacode|luacode\\*"
    "|sageblock|asy|alltt"
)
_HIDDEN = (
    r"\\begin\s*\{(?P<name>VERBATIM)\}(?:.*?\\end\s*\{(?P=name)\}|.*)"
    r"|\\end\s*\{document\}(?P<rest>.*)"
    r"|\\(?:verb|lstinline|spverb|Verb)(?![A-Za-z])\*?(?:\[[^\]\n]*\])?(?P<sign>[^A-Za-z*\s{])[^\n]*?(?P=sign)"
    r"|\\mintinline(?:\[[^\]\n]*\])?\{[^}\n]*\}(?P<edge>[^A-Za-z\s{])[^\n]*?(?P=edge)"
    r"|\\(?:lstinline|Verb|mintinline(?:\[[^\]\n]*\])?\{[^}\n]*\})(?![A-Za-z])(?:\[[^\]\n]*\])?\{[^}\n]*\}"
    r"|\\(?:url|path|nolinkurl)\s*\{[^}\n]*\}"
    r"|\\[^A-Za-z]"
    r"|%[^\n]*"
)
_QUOTES = r"(?:text|block)cquote|(?:foreign|hyphen|hybrid)(?:text|block)cquote"
_CITE = re.compile(
    rf"\\(?P<name>(?:[A-Za-z]*cite|Cite)[A-Za-z]*|bibentry|{_QUOTES})\b(?P<star>\*?)"
    r"|\\begin\s*\{(?P<block>(?:foreign|hyphen)?displaycquote)\}"
)
_NOT_CITING = frozenset(
    """
    citestyle citesetup citetext citereset citeleft citeright citemid citepunct citedash citeform
    citenumfont citenamefont citeindextrue citeindexfalse citetrackertrue citetrackerfalse citemark
    bibcite defcitealias citeform citeurlfont providecite newcites newcitecommand citecounter
    citesep citestart citeend citealiases bibnamedash multicitedelim multicitesubentrydelim
    ifciteseen ifciteibid ifciteindex iffirstcitekey iflastcitekey renewcite citedelim citeprenote
    nocitesection setcitestyle citeauthorfont citeinterval citerange citeaffixsep
    """.split()
)
_VOLUME = re.compile(r"[a-z]*volcites?\Z|(?:foreign|hyphen|hybrid)\w+cquote\Z", re.I)
_DEFINED = re.compile(r"\\[A-Za-z]*(?:[cC]ommand|robustcmd|def|let)\*?\s*(?:\{\s*)?\Z")
_PLURAL = re.compile(r".*cite(?:text)?s\Z", re.I)
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
_MOST_ALIASES = 5
_SET = re.compile(r"\\defbibentryset\s*\{(?P<name>[^{}]+)\}\s*\{(?P<members>[^{}]*)\}")


def scan(text: str, known: Definitions | None = None) -> Scan:
    """Scan a LaTeX source, or a part of one; `known` is what other parts define."""
    verbatim = verbatim_environments(text) | (known.verbatim if known else set())
    visible = without_dead_branches(_hidden(frozenset(verbatim)).sub(_hide, text))
    commands = dict(known.commands) if known else {}
    own = defined_commands(visible, _looks_citing, _keys_in, commands)
    commands.update(own)
    places = Places(text)
    found = Scan(dialect="biblatex" if _BIBLATEX.search(visible) else "")
    found.definitions.update(Definitions(own, verbatim))
    found.citations.extend(citations(visible, places, commands))
    for match in _SET.finditer(visible):
        found.labels.add(match["name"].strip())
        span = match.span("members")
        found.citations.extend(_citations_in(visible, span, "cite", places))
    found.citations.sort(key=lambda citation: (citation.line, citation.column))
    _add_files(found, visible, places)
    return found


def _add_files(found: Scan, visible: str, places: Places) -> None:
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


@lru_cache(maxsize=64)
def _hidden(verbatim: frozenset[str]) -> re.Pattern[str]:
    """What is hidden in a source whose author made these environments verbatim."""
    names = "|".join((_VERBATIM, *(re.escape(name) for name in sorted(verbatim))))
    return re.compile(_HIDDEN.replace("VERBATIM", names, 1), re.S)


def citations(
    visible: str, places: Places, commands: Mapping[str, Command] | None = None
) -> Iterator[Citation]:
    """The citations in a text in which nothing hidden is left."""
    for name, span in _key_spans(visible, commands or {}):
        yield from _citations_in(visible, span, "nocite" if name == "nocite" else "cite", places)


def _keys_in(text: str, commands: Mapping[str, Command]) -> Iterator[str]:
    for _, (start, end) in _key_spans(text, commands):
        yield text[start:end]


def _looks_citing(name: str) -> bool:
    found = _CITE.fullmatch("\\" + name)
    return bool(found) and name not in _NOT_CITING


def _key_spans(
    visible: str, commands: Mapping[str, Command]
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every place where keys stand, and the command that they are given to."""
    for match in _command_pattern(frozenset(commands)).finditer(visible):
        name = match["name"] or match["block"] or match["own"]
        for _ in range(_MOST_ALIASES):
            name = commands[name].other if name in commands and commands[name].other else name
        if name in _NOT_CITING or _is_defined_here(visible, match.start()):
            continue
        own = commands.get(name)
        if own is None or own.other:
            if match["own"] is None or _looks_citing(name):
                yield from ((name, group) for group in _key_groups(visible, match.end(), name))
            continue
        start = match.end() - len(match["star"] or "")
        for number, span in enumerate(arguments(visible, start, own.signs)):
            if span and number in own.keys:
                yield name, span


@lru_cache(maxsize=64)
def _command_pattern(names: frozenset[str]) -> re.Pattern[str]:
    """The citation commands there are, and those of the author."""
    own = "|".join(sorted(map(re.escape, names), key=len, reverse=True)) or r"(?!)"
    return re.compile(_CITE.pattern + rf"|\\(?P<own>{own})(?![A-Za-z@])")


def _is_defined_here(visible: str, start: int) -> bool:
    """True for a command that stands where its definition names it."""
    return bool(_DEFINED.search(visible, max(0, start - 40), start))


def _citations_in(
    text: str, span: tuple[int, int], kind: Kind, places: Places
) -> Iterator[Citation]:
    for match in _KEY.finditer(text, *span):
        key = match[0].strip()
        if key and not any(sign in key for sign in "#\\{}"):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            yield Citation(key, *places.of(start), "all" if key == "*" else kind)


def _key_groups(text: str, position: int, name: str) -> Iterator[tuple[int, int]]:
    """Where the keys are: after optional arguments, for volumes after another group, or again."""
    plural = _PLURAL.match(name)
    volume = _VOLUME.match(name)
    while True:
        group = next_group(text, position)
        if group and volume:
            group = next_group(text, group[1] + 1)
        if group is None:
            return
        yield group
        if not plural:
            return
        position = group[1] + 1


def _hide(match: re.Match[str]) -> str:
    return blank(match[0])
