"""LaTeX texts as CSL rich text: accents and symbols as Unicode, markup as tags, mathematics kept.

Knows the commands that turn up in bibliographies. What it does not know it leaves as it stands,
and names in `unknown`; it runs nothing and expands nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from citeworks.bibtex.latex import ACCENTS, macro_characters
from citeworks.bibtex.protection import CLOSE, OPEN, resolve_marks
from citeworks.bibtex.richtext import SOURCE

_SUSPECT = re.compile(r"[\\{}$~`]")
_MARKUP = {
    "emph": "i",
    "textit": "i",
    "textsl": "i",
    "mkbibemph": "i",
    "textbf": "b",
    "mkbibbold": "b",
    "textsc": "sc",
    "textsuperscript": "sup",
    "mkbibsuperscript": "sup",
    "textsubscript": "sub",
    "mkbibsubscript": "sub",
}
_TOKEN = re.compile(
    r"(?P<text>[^\\{}$~`'!?-]++(?:(?:'(?!')|-(?!-)|[!?](?!`))[^\\{}$~`'!?-]*+)*+)"
    rf"|(?P<markup>\\(?P<name>{'|'.join(_MARKUP)})\{{(?P<inner>[^\\{{}}$~`'!?-]++)\}})"
    r"|(?P<command>\\(?:[A-Za-z]+\*?|[^A-Za-z]|\Z))"
    r"|\{(?P<word>[^\\{}$~`'!?-]*+)\}|(?P<open>\{)|(?P<close>\})|(?P<math>\$\$?)|(?P<tie>~)"
    r"|(?P<ligature>---?|``|''|`|!`|\?`)"
    r"|(?P<sign>['!?-])",
    re.S,
)
_ACCENTED = re.compile(r"""(?<!\\)\{\\([`'^"~=.])(?:\{?([A-Za-z])\}?|\{?\\([ij])\}?)\}""")
_SIGN = re.compile(r"\{(3[2-9]|[4-9]\d|1[01]\d|12[0-6])\}")
_FORMULA = re.compile(r"\$[^$]+\$")
_MAX_DEPTH = 60
_MARKS = {command: mark for mark, command in reversed(ACCENTS.items())} | {"t": "\u0361"}
_DECLARATIONS = {"em": "i", "it": "i", "itshape": "i", "sl": "i", "bf": "b", "bfseries": "b"}
_DECLARATIONS |= {"sc": "sc", "scshape": "sc"}
_SILENT = frozenset(
    "rm rmfamily sf sffamily tt ttfamily upshape mdseries normalfont relax protect / small".split()
)
_PLAIN = frozenset(
    """
    text textrm textsf texttt textnormal textup textmd mbox hbox uppercase url path nolinkurl
    ensuremath mathrm mkbibacro lowercase
    """.split()
)
_LIGATURES = {"--": "–", "---": "—", "``": "“", "''": "”", "`": "‘", "!`": "¡", "?`": "¿"}
_OWN = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textasciigrave": "`",
    "textasciicircum": "^",
    "textasciitilde": "~",
    "textquotedbl": '"',
    "textquotesingle": "'",
    "textunderscore": "_",
    "textdollar": "$",
    "textpercent": "%",
    "textendash": "–",
    "textemdash": "—",
    "textperiodcentered": "·",
    "textexclamdown": "¡",
    "textquestiondown": "¿",
    "ldots": "…",
    "dots": "…",
    "slash": "/",
    "enspace": "\u2002",
    "quad": "\u2003",
    "i": "ı",
    "j": "ȷ",
    "aa": "å",
    "AA": "Å",
    "ss": "ß",
    "rightarrow": "→",
    "leftarrow": "←",
    "uparrow": "↑",
    "downarrow": "↓",
    "times": "×",
    "div": "÷",
    "pm": "±",
    "neg": "¬",
    "cdot": "·",
    "mu": "μ",
    "TeX": "TeX",
    "LaTeX": "LaTeX",
    "BibTeX": "BibTeX",
    " ": " ",
    "\n": " ",
    ",": "\u2009",
    ";": "\u2009",
    ":": "\u2009",
    "!": "",
    "-": "\u00ad",
    "\\": " ",
    "@": "",
    **{char: char for char in "&%$#_{}"},
}
_FRACTIONS = {"\\frac{1}{2}": "½", "\\frac{1}{4}": "¼", "\\frac{3}{4}": "¾"}
_FORMULAS = {"-": "−", "'": "′", "''": "″", "^\\circ": "°", "<": "<", ">": ">", "=": "="}


def decode_latex(
    value: str,
    *,
    title: bool = False,
    every_capital: bool = False,
    unknown: set[str] | None = None,
) -> str:
    """The value as CSL rich text; in a `title` braces round capitals become ``nocase``.

    Not those braces that the writer puts round such capitals anyway; with `every_capital` it
    does so in any word.
    """
    if value.isalnum() or not _has_latex(value):
        return value
    if "{\\" in value:
        value = _ACCENTED.sub(_compose, value)
        if not _has_latex(value):
            return value
    title = title and OPEN not in value and CLOSE not in value
    decoder = _Decoder(value, title, unknown if unknown is not None else set())
    text = decoder.sequence(0, closing="")
    if title:
        text = resolve_marks(text.strip(" "), every_capital=every_capital)
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip(" ")


def _has_latex(value: str) -> bool:
    return bool(_SUSPECT.search(value)) or "--" in value or "''" in value


def _compose(match: re.Match[str]) -> str:
    """``{\\"a}``, by far the most frequent LaTeX in bibliographies, at once."""
    return _composed(match[0], match[1], match[2] or match[3])


@lru_cache(maxsize=1024)
def _composed(found: str, accent: str, letter: str) -> str:
    if (found.count("{"), found.count("}")) not in ((1, 1), (2, 2)):
        return found
    return unicodedata.normalize("NFC", letter + _MARKS[accent])


class _Decoder:
    """One pass over one value."""

    def __init__(self, value: str, title: bool, unknown: set[str]) -> None:
        self.value = value
        self.position = 0
        self.title = title
        self.unknown = unknown

    def sequence(self, depth: int, *, closing: str) -> str:
        """Decode up to the closing brace of this level, or to the end."""
        out: list[str] = []
        ends: list[str] = []
        value, next_token = self.value, _TOKEN.match
        while (match := next_token(value, self.position)) is not None:
            kind, found = match.lastgroup, match[0]
            self.position = match.end()
            if kind == "text" or kind == "sign":
                out.append(found)
            elif kind == "markup":
                out.append(_marked_up(match["name"], match["inner"]))
            elif kind == "close":
                if closing:
                    break
            elif kind == "word":
                whole = match.start() == 0 and self.position == len(value)
                out.append(self._grouped(match["word"], whole, depth))
            elif kind == "command" and found[1:] in _DECLARATIONS:
                self._eat_space()
                name = _DECLARATIONS[found[1:]]
                out.append(SOURCE[name])
                ends.insert(0, _end_tag(name))
            else:
                out.append(self._token(str(kind), found, depth))
        return "".join(out + ends)

    def _token(self, kind: str, found: str, depth: int) -> str:
        if kind == "command":
            return self._command(found[1:], depth)
        if kind == "open":
            return self._group(depth)
        if kind == "math":
            return self._math(found)
        return "\u00a0" if kind == "tie" else _LIGATURES[found]

    def _group(self, depth: int) -> str:
        start = self.position
        if depth >= _MAX_DEPTH:
            return self._skip_group(start)
        special = self.value.startswith("\\", start)
        doubled = self.value.startswith("{", start)
        inner = self.sequence(depth + 1, closing="}")
        if special:
            return inner
        whole = depth == 0 and start == 1 and self.position == len(self.value)
        if not self.title or whole or depth > 1:
            return inner
        if doubled and inner.startswith(OPEN) and inner.find(CLOSE) == len(inner) - 1:
            return f"{SOURCE['nocase']}{inner[1:-1]}</span>"
        if "<span" in inner or OPEN in inner or _FORMULA.fullmatch(inner):
            return inner
        return self._grouped(inner, whole, depth)

    def _grouped(self, inner: str, whole: bool, depth: int) -> str:
        """What stood in braces; in a title the braces of a part that has capitals are marked."""
        if not self.title or whole or depth > 1 or inner == inner.lower():
            return inner
        return f"{OPEN}{inner}{CLOSE}"

    def _skip_group(self, start: int) -> str:
        depth = 1
        for match in re.compile(r"[{}]").finditer(self.value, start):
            depth += 1 if match[0] == "{" else -1
            if not depth:
                self.position = match.end()
                return self.value[start : match.start()].replace("{", "").replace("}", "")
        self.position = len(self.value)
        return self.value[start:].replace("{", "").replace("}", "")

    def _math(self, fence: str) -> str:
        end = self.value.find(fence, self.position)
        while end > 0 and self.value[end - 1] == "\\":
            end = self.value.find(fence, end + 1)
        if end < 0:
            return fence
        formula = self.value[self.position : end].strip()
        self.position = end + len(fence)
        return f"${formula}$" if formula else ""

    def _command(self, name: str, depth: int) -> str:
        if name.isalpha() or name.endswith("*"):
            self._eat_space()
        if name in _MARKS and (not name.isalpha() or self._has_argument(name)):
            return self._accent(_MARKS[name], depth)
        if name in _MARKUP and self.value.startswith("{", self.position):
            inner = self._argument(depth)
            return _marked_up(name, inner) if inner else ""
        if name == "ensuremath":
            return self._ensuremath()
        if name in ("(", "["):
            return self._math("\\)" if name == "(" else "\\]")
        if name in _PLAIN:
            return self._argument(depth)
        return self._symbol(name, depth)

    def _symbol(self, name: str, depth: int) -> str:
        if name in _SILENT:
            return ""
        if name == "hspace" and self.value.startswith("{0pt}", self.position):
            self.position += len("{0pt}")
            return "\u200b"
        if name == "symbol" and (sign := _SIGN.match(self.value, self.position)):
            self.position = sign.end()
            return chr(int(sign[1]))
        if name == "enquote" and self.value.startswith("{", self.position):
            return f"“{self._argument(depth)}”"
        if name == "href" and self.value.startswith("{", self.position):
            address, text = self._raw_argument(), self._argument(depth)
            return text if text == address else f"{text} ({address})"
        found = _OWN.get(name) or symbols().get(name)
        if found is None and name not in _OWN:
            return self._leave(name)
        if self.value.startswith("{}", self.position):
            self.position += 2
        return found or ""

    def _leave(self, name: str) -> str:
        """An unknown command as it stands, with the groups that follow it at once."""
        self.unknown.add(f"\\{name}")
        out = f"\\{name}"
        while self.value.startswith("{", self.position):
            out += "{" + self._raw_argument() + "}"
        spaced = self.value[self.position - 1 : self.position].isspace()
        return out + " " if spaced else out

    def _ensuremath(self) -> str:
        formula = self._raw_argument().strip()
        known = _FORMULAS.get(formula) or _FRACTIONS.get(formula)
        if known:
            return known
        if re.fullmatch(r"\\[A-Za-z]+", formula):
            found = _OWN.get(formula[1:]) or symbols().get(formula[1:])
            if found:
                return found
        return _math_alphabets().get(formula) or f"${formula}$"

    def _accent(self, mark: str, depth: int) -> str:
        self._eat_space()
        argument = self._argument(depth).replace("ı", "i").replace("ȷ", "j")
        if not argument:
            return _SPACING.get(mark, "")
        end = 1
        while end < len(argument) and unicodedata.combining(argument[end]):
            end += 1
        return unicodedata.normalize("NFC", argument[:end] + mark) + argument[end:]

    def _has_argument(self, name: str) -> bool:
        """False for names such as ``\\b`` that stand before nothing they could mark."""
        following = self.value[self.position : self.position + 1]
        return following == "{" or following.isalpha() or following == "\\"

    def _argument(self, depth: int) -> str:
        """The next group or character, decoded, with no protection of its own."""
        if self.position >= len(self.value):
            return ""
        if self.value[self.position] == "{":
            self.position += 1
            if depth >= _MAX_DEPTH:
                return self._skip_group(self.position)
            title, self.title = self.title, False
            inner = self.sequence(depth + 1, closing="}")
            self.title = title
            return inner
        match = re.compile(r"\\(?:[A-Za-z]+|.)|[^}]").match(self.value, self.position)
        if not match:
            return ""
        self.position = match.end()
        if not match[0].startswith("\\"):
            return match[0]
        return self._command(match[0][1:], depth + 1) if depth < _MAX_DEPTH else match[0]

    def _raw_argument(self) -> str:
        if not self.value.startswith("{", self.position):
            return ""
        start, level = self.position + 1, 0
        for match in re.compile(r"[{}]").finditer(self.value, self.position):
            level += 1 if match[0] == "{" else -1
            if not level:
                self.position = match.end()
                return self.value[start : match.start()]
        self.position = len(self.value)
        return self.value[start:]

    def _eat_space(self) -> None:
        while self.value[self.position : self.position + 1] in (" ", "\n", "\t"):
            self.position += 1


_SPACING = {"\u0302": "^", "\u0303": "~", "\u0301": "´", "\u0300": "`", "\u0308": "¨"}


def _marked_up(command: str, inner: str) -> str:
    name = _MARKUP[command]
    return f"{SOURCE[name]}{inner}{_end_tag(name)}"


def _end_tag(name: str) -> str:
    return "</span>" if name in ("sc", "nocase") else f"</{name}>"


@lru_cache(maxsize=1)
def symbols() -> dict[str, str]:
    """Commands that print one character."""
    unwanted = {"input", "include", "today", "item", "cite", "footnote"}
    return {
        name: text
        for name, text in macro_characters().items()
        if name not in unwanted and text and not text.isspace() and "%" not in text
    }


@lru_cache(maxsize=1)
def _math_alphabets() -> dict[str, str]:
    """Formulas such as ``\\mathbb{R}`` that pylatexenc writes for one character."""
    from citeworks.bibtex.latex import character_rules

    found: dict[str, str] = {}
    for code, rule in character_rules().items():
        match = re.fullmatch(r"\\ensuremath\{(.+)\}", rule)
        if match:
            found.setdefault(match[1], chr(code))
    return found
