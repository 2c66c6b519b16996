"""Unicode characters as LaTeX and back: the tables, and the only door to pylatexenc.

Knows single characters, combining marks, runs of super- and subscripts, and what in TeX is
special. Refuses to know markup, mathematics and fields: those are cut out before a text comes
here (`citeworks.bibtex.richtext`, `citeworks.bibtex.decode`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SPECIALS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    "\u00a0": "~",
}
"""What TeX reads as something else, or prints as something else in its oldest font encoding."""

ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0323": "d",
    "\u0327": "c",
    "\u0328": "k",
    "\u0331": "b",
    "\u0332": "b",
}
"""Combining marks and the accent commands that LaTeX's kernel has for them."""

OWN = {
    "\u2013": "--",
    "\u2014": "---",
    "\u2010": "-",
    "\u2011": "-",
    "\u00ad": r"\-",
    "\u2009": r"\,",
    "\u202f": r"\,",
    "\u2002": r"{\enspace}",
    "\u2003": r"{\quad}",
    "\u200b": r"\hspace{0pt}",
    "\u2026": r"{\ldots}",
    "\u2212": r"\ensuremath{-}",
    "\u02bb": r"{\textquoteleft}",
    "\u02bc": r"{\textquoteright}",
    "\u2032": r"\ensuremath{'}",
    "\u2033": r"\ensuremath{''}",
    "\u0131": r"{\i}",
    "\u0237": r"{\j}",
    "\u00b5": r"{\ensuremath{\mu}}",
    "\u2192": r"\ensuremath{\rightarrow}",
    "\u2190": r"\ensuremath{\leftarrow}",
    "\u2191": r"\ensuremath{\uparrow}",
    "\u2193": r"\ensuremath{\downarrow}",
    "\u00d7": r"\ensuremath{\times}",
    "\u00f7": r"\ensuremath{\div}",
    "\u00b1": r"\ensuremath{\pm}",
    "\u00ac": r"\ensuremath{\neg}",
    "\u00b7": r"\ensuremath{\cdot}",
    "\u00bd": r"\ensuremath{\frac{1}{2}}",
    "\u00bc": r"\ensuremath{\frac{1}{4}}",
    "\u00be": r"\ensuremath{\frac{3}{4}}",
    "\u00a1": r"{\textexclamdown}",
    "\u00bf": r"{\textquestiondown}",
    "\u025b": r"\ensuremath{\varepsilon}",
    "\u03d2": r"\ensuremath{\Upsilon}",
    "\u266d": r"\ensuremath{\flat}",
    "\u266e": r"\ensuremath{\natural}",
    "\u266f": r"\ensuremath{\sharp}",
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\u2116": "No.",
    "\u2103": r"\ensuremath{^\circ}C",
    **dict.fromkeys("\u200c\u200d\u200e\u200f\u2060\ufeff", ""),
    **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", ""),
}
"""Characters that pylatexenc has no rule for, or one that needs a package or reads badly."""

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", "0123456789+-=()ni")
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", "0123456789+-=()")

_SPECIAL = re.compile(r"[\\{}$&%#_^~<>|`\u00a0]|--+|'{2,}|[?!](?=`)")
_SIGNS = re.compile(r"[\\{}$&%#_^~<>|`\u00a0'?!-]+")
_SUSPECT = re.compile(r"[\\{}$&%#_^~<>|`\u00a0]")
_MARK = re.compile(r"[\u0300-\u036f]")
_EASY = (
    r"(?P<super>[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ]+)"
    r"|(?P<sub>[₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎]+)"
    r"|(?P<special>[\\{}$&%#_^~<>|`\u00a0]|[-\u2013\u2014]{2,}|'{2,}|[?!](?=`))"
    r"|(?P<other>[^\x00-\x7f])"
)
_RUN = re.compile(r"[^\x00-\x20\"()*+,./0-9:;=@A-Z\[\]a-z\x7f]++")
"""Signs of which some are written otherwise: the search for one set of signs is quick."""
_MARKED = re.compile(r"(?P<marked>[^\W\d_][\u0300-\u036f]+)|" + _EASY)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SPACES = re.compile(r" {2,}")
_MOST_MARKS = 16
"""No letter of any language has more; decorated text may have thousands."""
_NEEDS_PACKAGE = frozenset(
    """
    ding textipa fontencoding tone mathscr textglotstop texthvlig textnrleg textphi textschwa
    textturnk textfrac udots rightangle quarternote recorder DownArrowUpArrow VDash allequal
    approxnotequal arrowwaveleft arrowwaveright clockoint clwintegral dblarrowupdown estimates
    forcesextra hermitconjmatrix homothetic image lazysinv notgreaterless notlessgreater nument
    original precedesnotsimilar rightanglearc sqrint starequal surfintegral tildetrpl truestate
    varperspcorrespond verymuchgreater verymuchless volintegral
    """.split()
)
"""Commands in pylatexenc's table that LaTeX with amsmath and amssymb does not have."""
_COMMAND_NAME = re.compile(r"\\([A-Za-z]+)")


def encode_unicode(text: str) -> str:
    """Escape what TeX would misread and leave every other character as it is."""
    if not _SUSPECT.search(text) and "--" not in text and "''" not in text:
        return text
    return _SIGNS.sub(lambda match: _SPECIAL.sub(_encode_special, match[0]), text)


def encode_ascii(text: str, missing: set[str] | None = None) -> str:
    """The text in ASCII; characters that LaTeX has no command for stay, and go into `missing`."""
    if text.isascii():
        return encode_unicode(text)
    text = unicodedata.normalize("NFC", text)
    lost = missing if missing is not None else set()
    if _MARK.search(text):
        return _encode_run(text, lost)
    return _RUN.sub(lambda match: _encode_known_run(match[0], lost), text)


def _encode_known_run(run: str, missing: set[str]) -> str:
    """Most runs are one letter, and the same few letters."""
    encoded, lost = _encode_short_run(run) if len(run) < 4 else (_encode_run(run, missing), ())
    missing.update(lost)
    return encoded


@lru_cache(maxsize=8192)
def _encode_short_run(run: str) -> tuple[str, frozenset[str]]:
    missing: set[str] = set()
    return _encode_run(run, missing), frozenset(missing)


def _encode_run(text: str, missing: set[str]) -> str:
    def replace(match: re.Match[str]) -> str:
        kind = match.lastgroup
        found = match[0]
        if kind == "special":
            return _encode_special(match)
        if kind == "super":
            return rf"\textsuperscript{{{found.translate(SUPERSCRIPTS)}}}"
        if kind == "sub":
            return rf"\textsubscript{{{found.translate(SUBSCRIPTS)}}}"
        encoded = _encode_marked(found) if kind == "marked" else encode_character(found)
        if encoded is None:
            missing.update(char for char in found if not char.isascii())
            return found
        return encoded

    return _MARKED.sub(replace, text)


def fold_spaces(text: str) -> str:
    """One line: control characters and runs of white space become single spaces."""
    if not text.isprintable() and _CONTROL.search(text):
        text = _CONTROL.sub(" ", text)
    return (_SPACES.sub(" ", text) if "  " in text else text).strip(" ")


@lru_cache(maxsize=8192)
def encode_character(char: str) -> str | None:
    """LaTeX for one character outside ASCII, or None if there is none that always works."""
    if char in OWN:
        return OWN[char]
    if char in ACCENTS:
        return f"{{\\{ACCENTS[char]}{{}}}}"
    decomposed = unicodedata.normalize("NFD", char)
    if len(decomposed) > 1 and all(mark in ACCENTS for mark in decomposed[1:]):
        return _encode_marked(decomposed)
    rule = character_rules().get(ord(char))
    if rule is None or not rule.isascii() or needs_package(rule):
        return None
    return rule if rule == "~" or len(rule) == 1 else f"{{{rule}}}"


def needs_package(rule: str) -> bool:
    """True if the LaTeX has a command that neither the kernel nor amsmath and amssymb have."""
    names = _COMMAND_NAME.findall(rule)
    return any(name in _NEEDS_PACKAGE or name.lower().startswith("cyr") for name in names)


@lru_cache(maxsize=1024)
def math_command(char: str) -> str:
    """The command for a character within a formula, ``""`` if there is none."""
    rule = encode_character(char) or ""
    rule = rule[1:-1] if rule.startswith("{") else rule
    found = re.fullmatch(r"\\ensuremath\{((?:[^{}]|\{[^{}]*\}|\{(?:\{[^{}]*\}|[^{}])*\})*)\}", rule)
    return found[1] if found else ""


@lru_cache(maxsize=1)
def character_rules() -> dict[int, str]:
    """pylatexenc's table from code point to LaTeX."""
    from pylatexenc.latexencode import get_builtin_uni2latex_dict

    rules: dict[int, str] = get_builtin_uni2latex_dict()
    return rules


@lru_cache(maxsize=1)
def macro_characters() -> dict[str, str]:
    """pylatexenc's table from macro name to the character it prints."""
    from pylatexenc.latex2text import get_default_latex_context_db

    found: dict[str, str] = {}
    for spec in get_default_latex_context_db().iter_macro_specs():
        if isinstance(spec.simplify_repl, str) and "%" not in spec.simplify_repl:
            found.setdefault(spec.macroname, spec.simplify_repl)
    for code, rule in character_rules().items():
        match = re.fullmatch(r"(?:\\ensuremath\{)?\\([A-Za-z]+)\}?", rule)
        if match:
            found.setdefault(match[1], chr(code))
    return found


def _encode_special(match: re.Match[str]) -> str:
    found = match[0]
    if len(found) > 1:
        return "{}".join(OWN.get(char, char) for char in found)
    return SPECIALS.get(found, found + "{}")


def _encode_marked(text: str) -> str | None:
    """A base letter with combining marks as nested accent commands: ``{\\'{\\^e}}``."""
    decomposed = unicodedata.normalize("NFD", text)
    base, marks = decomposed[0], decomposed[1:]
    encoded = base if base.isascii() else encode_character(base)
    if encoded is None or len(marks) > _MOST_MARKS or any(mark not in ACCENTS for mark in marks):
        return None
    above = any(ACCENTS[mark] in "`'^~=u.\"vH" for mark in marks)
    encoded = rf"\{encoded}" if encoded in "ij" and above else encoded
    for index, mark in enumerate(marks):
        command = ACCENTS[mark]
        inner = f"{{{encoded}}}" if command.isalpha() and not index else encoded
        encoded = f"{{\\{command}{inner}}}"
    return encoded
