"""A manuscript as a LaTeX document: markdown-it's tokens become commands, a table says which.

Text is escaped, so that nothing in it starts a command; what Markdown has and LaTeX lacks (raw
HTML) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from citeworks.render.manuscript import MARK, Manuscript, front_value

_PREAMBLE = r"""\documentclass{article}
\usepackage{iftex}
\ifPDFTeX\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\else\usepackage{fontspec}\fi
\usepackage{graphicx}
\usepackage[hidelinks]{hyperref}
"""
_REFERENCES = "\\begin{list}{}{\\leftmargin=2em\\itemindent=-2em\\itemsep=0.4em}\n%s\n\\end{list}\n"
_ESCAPES = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
}  # fmt: skip
_SPECIAL = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")
_URL_SPECIAL = re.compile(r"[%#&_{}\\^~$<>\"|`\s]")
_SECTIONS = ("section", "subsection", "subsubsection", "paragraph", "subparagraph", "subparagraph")

_MARKUP: dict[str, tuple[str, str]] = {
    "paragraph": ("", "\n\n"),
    "em": (r"\emph{", "}"),
    "strong": (r"\textbf{", "}"),
    "blockquote": ("\\begin{quote}\n", "\\end{quote}\n\n"),
    "bullet_list": ("\\begin{itemize}\n", "\\end{itemize}\n\n"),
    "ordered_list": ("\\begin{enumerate}\n", "\\end{enumerate}\n\n"),
    "list_item": ("\\item ", ""),
    "tr": ("", " \\\\\n"),
    "thead": ("", "\\hline\n"),
    "tbody": ("", ""),
    "table": ("", "\\end{tabular}\n\n"),
}
"""What stands for the opening and the closing token of each pair."""


def dump(manuscript: Manuscript) -> str:
    """The document, ready for pdflatex or lualatex."""
    title = front_value(manuscript.text, "title")
    body = manuscript.put_citations(_body(manuscript))
    heading = f"\\title{{{escape(title)}}}\n\\date{{}}\n" if title else ""
    make = "\\maketitle\n" if title else ""
    return f"{_PREAMBLE}{heading}\\begin{{document}}\n{make}{body}\\end{{document}}\n"


def escape(text: str) -> str:
    """The text with the characters that LaTeX reads written out."""
    return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], text)


def _body(manuscript: Manuscript) -> str:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
    parser.disable("footnote_tail")
    environment: dict[str, Any] = {}
    tokens = parser.parse(manuscript.body, environment)
    text = "".join(_Conversion(_footnotes(tokens)).convert(tokens))
    rows = "\n".join(f"\\item {entry}" for _, entry in manuscript.entries)
    bibliography = _REFERENCES % rows if rows else ""
    return text.replace(manuscript.bibliography_mark, bibliography)


def _footnotes(tokens: Sequence[Any]) -> dict[str, list[Any]]:
    """The tokens of each footnote by its name."""
    found: dict[str, list[Any]] = {}
    name = ""
    for token in tokens:
        if token.type == "footnote_reference_open":
            name = token.meta["label"]
            found[name] = []
        elif token.type == "footnote_reference_close":
            name = ""
        elif name:
            found[name].append(token)
    return found


class _Conversion:
    """Tokens to LaTeX; footnotes are put where they are called."""

    def __init__(self, footnotes: dict[str, list[Any]]) -> None:
        self._footnotes = footnotes
        self._hidden = False
        self._open: set[str] = set()
        self._cells = 0
        self._singles: dict[str, Callable[[Any], str]] = {
            "text": lambda token: escape(token.content),
            "softbreak": lambda token: "\n",
            "hardbreak": lambda token: "\\\\\n",
            "code_inline": lambda token: f"\\texttt{{{escape(token.content)}}}",
            "fence": _code,
            "code_block": _code,
            "hr": lambda token: "\\par\\noindent\\hrulefill\\par\n\n",
            "image": lambda token: f"\\emph{{{escape(token.content)}}}",
            "html_inline": lambda token: "",
            "html_block": lambda token: "",
        }

    def convert(self, tokens: Sequence[Any]) -> Iterator[str]:
        """The tokens one after the other."""
        for token in tokens:
            if token.type == "footnote_reference_open":
                self._hidden = True
            elif token.type == "footnote_reference_close":
                self._hidden = False
            elif not self._hidden:
                yield self._one(token)

    def _one(self, token: Any) -> str:
        if token.type == "inline":
            return "".join(self.convert(token.children or ()))
        if token.type in self._singles:
            return self._singles[token.type](token)
        kind, _, side = token.type.rpartition("_")
        if kind == "heading":
            return self._heading(token, side)
        if kind == "link":
            return _link(token) if side == "open" else "}"
        if kind in ("th", "td"):
            return self._cell(side)
        if kind in ("table", "tr") and side == "open":
            self._cells = 0
            return "\\begin{tabular}{%s}\n" % ("l" * 12) if kind == "table" else ""
        if token.type == "footnote_ref":
            return self._footnote(token)
        before, after = _MARKUP.get(kind, ("", ""))
        if kind == "paragraph" and token.hidden:
            return "\n" if side == "close" else ""
        return before if side == "open" else after

    def _heading(self, token: Any, side: str) -> str:
        level = int(token.tag[1])
        return f"\\{_SECTIONS[level - 1]}*{{" if side == "open" else "}\n\n"

    def _cell(self, side: str) -> str:
        if side == "close":
            return ""
        self._cells += 1
        return " & " if self._cells > 1 else ""

    def _footnote(self, token: Any) -> str:
        name = token.meta.get("label", "")
        if "tokens" in token.meta:  # an inline note
            return f"\\footnote{{{''.join(self.convert(token.meta['tokens']))}}}"
        if name not in self._footnotes or name in self._open:
            return ""
        self._open.add(name)
        inside = "".join(self.convert(self._footnotes[name])).strip()
        self._open.discard(name)
        return f"\\footnote{{{inside}}}"


def _code(token: Any) -> str:
    """Code line by line: a verbatim environment could be closed by what it holds."""
    lines = (escape(line).replace(" ", "~") for line in token.content.rstrip("\n").split("\n"))
    rows = " \\\\\n".join(f"\\mbox{{}}{line}" for line in lines)
    return f"\\begin{{flushleft}}\\ttfamily\n{rows}\n\\end{{flushleft}}\n\n"


def _link(token: Any) -> str:
    target = token.attrs.get("href", "")
    if not str(target).startswith(("http://", "https://", "mailto:", "#")) or MARK.search(target):
        return "{"
    safe = _URL_SPECIAL.sub(lambda match: _in_url(match[0]), str(target))
    return f"\\href{{{safe}}}{{"


def _in_url(sign: str) -> str:
    return f"\\{sign}" if sign in "%#&_" else "".join(f"\\%{byte:02X}" for byte in sign.encode())
