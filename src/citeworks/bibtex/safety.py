"""What keeps a LaTeX value that is passed on as it is from harming the document it ends up in.

Knows TeX's primitives that read, write, run or redefine. Refuses to judge any other command.
"""

from __future__ import annotations

import re

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
_STRAY_PERCENT = re.compile(r"(?<!\\)((?:\\\\)*)%")


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
