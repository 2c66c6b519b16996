"""What keeps values that are passed on as they are from harming the document they end up in.

Knows TeX's primitives that read, write, run or redefine. Refuses to judge any other command.
"""

from __future__ import annotations

import re

from citeworks.bibtex.fields import VERBATIM
from citeworks.bibtex.richtext import is_balanced

_DANGEROUS = """
    input include InputIfFileExists openin openout read readline write immediate closein closeout
    special csname endcsname catcode def edef gdef xdef let futurelet expandafter newcommand
    renewcommand providecommand newenvironment renewenvironment begingroup endgroup bgroup egroup
    directlua luadirect latelua luaexec ShellEscape jobname verbatiminput lstinputlisting usepackage
    RequirePackage documentclass includegraphics includepdf end endinput scantokens everypar
    everyjob everymath output afterassignment aftergroup makeatletter uppercase lowercase loop
    repeat batchmode scrollmode nonstopmode pdfobj pdffilemoddate pdffilesize pdffiledump
    pdfshellescape primitive begin errmessage message typeout newread newwrite global long outer
    chardef mathchardef countdef toksdef loadclass bibliography addbibresource
""".split()
_COMMAND = re.compile(
    r"\\(" + "|".join(sorted(_DANGEROUS, key=len, reverse=True)) + r")(?![A-Za-z])|\\write\d*", re.I
)
_BACKSLASH = re.compile(r"\\([^A-Za-z])?")
_PATHS = frozenset("file pdf local-url bdsk-file-1 bdsk-file-2".split())
_STRAY_PERCENT = re.compile(r"(?<!\\)((?:\\\\)*)%")


def safe_field(name: str, text: str) -> str:
    """Paths are never typeset, so that only their braces matter."""
    if name in _PATHS and is_balanced(text):
        return text
    return safe_verbatim(text) if name in VERBATIM else neutralise(text)


def safe_verbatim(value: str) -> str:
    """Data as it is, except for what could end the value or call TeX: that is percent-encoded."""
    if "\\" in value or "^^" in value:
        value = _BACKSLASH.sub(lambda match: match[0] if match[1] else "%5C", value)
        value = value.replace("^^", "%5E%5E")
    if is_balanced(value) and not value.endswith("\\"):
        return value
    return value.replace("{", "%7B").replace("}", "%7D")


def neutralise(value: str) -> str:
    """The LaTeX value with dangerous commands spelled out as text, and its braces balanced."""
    if "\\" in value or "^^" in value:
        value = _COMMAND.sub(lambda match: r"\textbackslash{}" + match[0][1:], value)
        value = value.replace("^^", r"\textasciicircum{}\textasciicircum{}")
    if "%" in value:
        value = _STRAY_PERCENT.sub(r"\1\\%", value)
    return value if is_balanced(value) else _drop_unpaired(value)


def _drop_unpaired(value: str) -> str:
    """Replace the braces that have no partner by commands that print them."""
    unpaired: list[int] = []
    closing: set[int] = set()
    for match in re.finditer(r"[{}]", value):
        if match[0] == "{":
            unpaired.append(match.start())
        elif unpaired:
            unpaired.pop()
        else:
            closing.add(match.start())
    names = dict.fromkeys(unpaired, r"\textbraceleft ") | dict.fromkeys(
        closing, r"\textbraceright "
    )
    out, done = [], 0
    for position in sorted(names):
        before = position - (value[position - 1 : position] == "\\")
        out.append(value[done:before] + names[position])
        done = position + 1
    return "".join(out) + value[done:]
