"""TeX formulas that LaTeX with amsmath and amssymb typesets without a complaint.

Knows which commands only typeset, what arguments they take, and the grammar of scripts and of
delimiters. Refuses everything else: what is no such formula is plain text to the writer.
"""

from __future__ import annotations

import re
from functools import lru_cache

from citeworks.bibtex.latex import character_rules, math_command, needs_package

_ARGUMENTS = {
    **dict.fromkeys("frac dfrac tfrac binom overset underset stackrel".split(), 2),
    **dict.fromkeys(
        """
        sqrt mathbf mathcal mathbb mathrm mathit mathsf mathtt mathfrak boldsymbol hat tilde bar
        vec dot ddot check breve acute grave mathring widehat widetilde overline underline
        overbrace underbrace pmod ensuremath overrightarrow overleftarrow
        """.split(),
        1,
    ),
}
_TEXTS = frozenset(
    """
    text textrm textit textbf textsc textsf texttt textnormal textup textmd mbox operatorname
    textsuperscript textsubscript
    """.split()
)
"""Commands whose argument is text, in which no sign of mathematics may stand."""

_BIG = frozenset(
    """
    sum prod coprod int oint bigcup bigcap bigoplus bigotimes bigwedge bigvee lim liminf limsup max
    min sup inf Pr det gcd injlim projlim
    """.split()
)
"""Operators that may say where their limits stand."""

_WIDE = _BIG | frozenset(
    """
    arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan
    tanh bmod quad qquad displaystyle textstyle scriptstyle rm it bf cal sf tt iff implies
    ldots cdots dots vdots ddots dotsb dotsc longrightarrow longleftarrow hookrightarrow models
    """.split()
)
"""What is no argument without braces: macros, and declarations."""

_PLAIN = _WIDE | frozenset(
    """
    prime colon le ge ne leq geq neq to gets land lor lnot neg emptyset setminus backslash lbrace
    rbrace lvert rvert lVert rVert langle rangle lfloor rfloor lceil rceil vert Vert mid nmid times
    div pm mp cdot ast star circ bullet infty partial nabla forall exists nexists in notin ni
    subset subseteq supset supseteq cup cap vee wedge oplus ominus otimes odot dagger ddagger ell
    hbar Re Im aleph wp sim simeq approx cong equiv propto ll gg prec succ preceq succeq perp
    parallel vdash dashv top bot angle triangle leftarrow rightarrow uparrow downarrow
    leftrightarrow Leftarrow Rightarrow Leftrightarrow mapsto rightharpoonup rightleftharpoons
    sharp flat natural surd lesssim gtrsim leqslant geqslant varepsilon vartheta varphi varrho
    varsigma varpi varkappa digamma alpha beta gamma delta epsilon zeta eta theta iota kappa lambda
    mu nu xi pi rho sigma tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma
    Upsilon Phi Psi Omega imath jmath varnothing square Box Diamond
    therefore because
    """.split()
)
_SCRIPTS = frozenset(
    "frac mathbf mathcal mathbb mathrm mathit mathsf mathtt mathfrak text textrm textit".split()
)
"""Commands with arguments that may stand as a script without braces round them."""

_SIZES = frozenset("big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr".split())
_DELIMITERS = frozenset(
    """
    langle rangle lvert rvert lVert rVert lfloor rfloor lceil rceil vert Vert uparrow downarrow
    lbrace rbrace backslash { } |
    """.split()
)
_MARKS = "^_'"
_SIGNS = frozenset(",;:!| {}_%&#-")
_TOKEN = re.compile(r"\\(?P<name>[A-Za-z]+|.)\s*|(?P<sign>[^\\\s])\s*", re.S)
_TEXT = re.compile(r"\{(?:[^\\{}$^_&#~%]|\\[,&%#_ ])*\}\s*")
_FORBIDDEN = re.compile(r"[#&%$~\x00-\x1f\x7f]")
_MAX_DEPTH = 20


class _Unfit(Exception):
    """The text is no formula of the kind that is known here."""


def is_typeset(formula: str) -> bool:
    """True for balanced mathematics, made of commands that only typeset, each with its arguments.

    Letters outside ASCII count if there is a command of mathematics for them.
    """
    if _FORBIDDEN.search(re.sub(r"\\[#&%]", "", formula)) or not _is_encodable(formula):
        return False
    reader = _Reader(formula.lstrip())
    try:
        reader.sequence(0, "")
    except _Unfit:
        return False
    return reader.position == len(reader.text)


def encode_formula(formula: str) -> str:
    """The formula with commands of mathematics for letters outside ASCII."""
    if formula.isascii():
        return formula
    return "".join(char if char.isascii() else f"{math_command(char)} " for char in formula)


def _is_encodable(formula: str) -> bool:
    return formula.isascii() or all(char.isascii() or math_command(char) for char in formula)


@lru_cache(maxsize=1)
def _symbols() -> frozenset[str]:
    """Commands for one character each, all of which are known to compile."""
    rules = (re.fullmatch(r"\\ensuremath\{\\([A-Za-z]+)\}", r) for r in character_rules().values())
    return _PLAIN | {rule[1] for rule in rules if rule and not needs_package(rule[0])}


def _is_narrow(name: str) -> bool:
    """True for a command that is an argument without braces."""
    return name in _symbols() and name not in _WIDE


class _Reader:
    """One pass over a formula; every method reads on from `position`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def sequence(self, depth: int, closer: str) -> None:
        """Atoms up to the closer: ``}``, a ``right``, or the end."""
        if depth > _MAX_DEPTH:
            raise _Unfit
        while self.position < len(self.text):
            name, sign = self._peek()
            if closer and closer == (sign or name) and (sign or name == "right"):
                return
            if sign == "}" or name == "right":
                raise _Unfit
            if not sign or sign not in _MARKS:
                self._atom(depth)
                if name in _BIG and self._peek()[0] in ("limits", "nolimits"):
                    self._next()
            self._scripts(depth)
        if closer:
            raise _Unfit

    def _peek(self) -> tuple[str, str]:
        match = _TOKEN.match(self.text, self.position)
        return (match["name"] or "", match["sign"] or "") if match else ("", "")

    def _next(self) -> tuple[str, str]:
        match = _TOKEN.match(self.text, self.position)
        if match is None:
            raise _Unfit
        self.position = match.end()
        return match["name"] or "", match["sign"] or ""

    def _atom(self, depth: int) -> None:
        name, sign = self._next()
        if sign == "{":
            self.sequence(depth + 1, "}")
            self._next()
        elif name == "left":
            self._delimiter()
            self.sequence(depth + 1, "right")
            self._next()
            self._delimiter()
        elif name in _SIZES:
            self._delimiter()
        elif name in _TEXTS:
            self._text()
        elif name in _ARGUMENTS:
            self._arguments(name, depth)
        elif name and not (name in _SIGNS or name in _symbols() or name == "not"):
            raise _Unfit

    def _arguments(self, name: str, depth: int) -> None:
        if name == "sqrt" and self.text.startswith("[", self.position):
            end = self.text.find("]", self.position)
            if not self.text[self.position + 1 : max(end, 0)].isalnum():
                raise _Unfit
            self.position = end + 1
        for _ in range(_ARGUMENTS[name]):
            self._argument(depth)

    def _argument(self, depth: int) -> None:
        """A group, or one sign that needs no argument itself."""
        name, sign = self._next()
        if sign == "{":
            self.sequence(depth + 1, "}")
            self._next()
        elif not (sign.isalnum() or (sign and sign in "+-*/=<>().,!|") or _is_narrow(name)):
            raise _Unfit

    def _text(self) -> None:
        match = _TEXT.match(self.text, self.position)
        if match is None or not match[0].isascii():
            raise _Unfit
        self.position = match.end()

    def _delimiter(self) -> None:
        name, sign = self._next()
        if name not in _DELIMITERS and not (sign and sign in "()[]|./<>"):
            raise _Unfit

    def _scripts(self, depth: int) -> None:
        """At most one subscript and one superscript, of which primes right before it are a part."""
        seen = last = ""
        while (sign := self._peek()[1]) and sign in _MARKS:
            name = "_" if sign == "_" else "^"
            if name in seen and last != "'":
                raise _Unfit
            self._next()
            if sign != "'":
                self._script(depth)
            seen, last = seen + name, sign

    def _script(self, depth: int) -> None:
        name, _ = self._peek()
        if name not in _SCRIPTS:
            self._argument(depth)
        else:
            self._atom(depth)
