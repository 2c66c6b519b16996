"""The output tree: text runs and tagged nodes.

Knows nodes, flip-flopping and nested quotes; refuses to know any output
format. Later phases read tags: text is never parsed back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Format = tuple[tuple[str, str], ...]
Mark = tuple[str, str, str]
Token: TypeAlias = "str | Mark"  # noqa: S105
Out: TypeAlias = "str | Node"

OPEN, CLOSE, OPEN_QUOTE, CLOSE_QUOTE = "open", "close", "open-quote", "close-quote"
CLOSE_ELEMENT = "close-element"
"""The end of formatting that an element asks for, not the markup of a field."""


class Affix(str):
    """Text that a style puts around something."""

    __slots__ = ()


class Suffix(Affix):
    """Text that a style puts after something."""

    __slots__ = ()


class Delimiter(Affix):
    """Text that a style puts between parts."""

    __slots__ = ()


class Strict(Affix):
    """An affix on which a formatted text of its own closes: only the same mark merges with it."""

    __slots__ = ()


class Apart(Affix):
    """A prefix next to a formatted text of its own, whose marks stay."""

    __slots__ = ()


class Node:
    """Content with what surrounds it; `role` says what it is to later phases."""

    __slots__ = (
        "children",
        "data",
        "delimiter",
        "display",
        "dropped",
        "format",
        "is_leaf",
        "is_markup",
        "prefix",
        "quotes",
        "role",
        "suffix",
    )

    def __init__(
        self,
        children: list[Out],
        *,
        delimiter: str | None = "",
        prefix: str = "",
        suffix: str = "",
        format: Format = (),
        quotes: bool = False,
        display: str = "",
        role: str = "",
        data: object = None,
        is_markup: bool = False,
    ) -> None:
        self.children = children
        self.delimiter = delimiter
        self.prefix = prefix
        self.suffix = suffix
        self.format = format
        self.quotes = quotes
        self.display = display
        self.role = role
        self.data = data
        self.is_markup = is_markup
        self.is_leaf = False
        """True for a text element that stands directly among its siblings."""
        self.dropped = False


def is_empty(out: Out | None) -> bool:
    """True if nothing would be printed."""
    if out is None or isinstance(out, str):
        return not out
    return out.dropped or all(is_empty(child) for child in out.children)


def plain(out: Out | None, delimiter: str = "") -> str:
    """The text alone, with affixes and delimiters, without any formatting."""
    if out is None or isinstance(out, str):
        return out or ""
    if out.dropped:
        return ""
    if out.delimiter is not None:
        delimiter = out.delimiter
    parts = [text for child in out.children if (text := plain(child, delimiter))]
    if not parts:
        return ""
    return out.prefix + delimiter.join(parts) + out.suffix


def find(out: Out | None, test: Callable[[Node], bool]) -> Node | None:
    """The first node, in reading order, that passes the test."""
    if not isinstance(out, Node) or out.dropped:
        return None
    if test(out):
        return out
    for child in out.children:
        found = find(child, test)
        if found is not None:
            return found
    return None


def opening_term(out: Out | None) -> Node | None:
    """The term of a style that is printed first, a citation number apart; None if none is."""
    found = _opening(out, None)
    return found if isinstance(found, Node) else None


def _opening(out: Out | None, term: Node | None) -> Node | bool:
    """The term that begins, True if other text does, False if nothing is printed."""
    if out is None or isinstance(out, str):
        return (term or True) if out else False
    if out.dropped or out.role == "citation-number":
        return False
    if out.role == "text-term":
        term = out
    for child in out.children:
        found = _opening(child, term)
        if found:
            return found
    return False


def find_all(out: Out | None, role: str) -> list[Node]:
    """All nodes of a role, in reading order."""
    if not isinstance(out, Node) or out.dropped:
        return []
    if out.role == role:
        return [out]
    return [node for child in out.children for node in find_all(child, role)]


def copy(node: Node, children: list[Out]) -> Node:
    """The same node around other children."""
    new = Node(
        children,
        delimiter=node.delimiter,
        prefix=node.prefix,
        suffix=node.suffix,
        format=node.format,
        quotes=node.quotes,
        display=node.display,
        role=node.role,
        data=node.data,
        is_markup=node.is_markup,
    )
    new.dropped = node.dropped
    new.is_leaf = node.is_leaf
    return new


class _State:
    """What formatting is in force while a tree is flattened."""

    __slots__ = ("formats", "leaf_end", "quotes", "tokens")

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.leaf_end = -1
        self.formats: dict[str, str] = {}
        self.quotes: list[str] = []


def flatten(out: Out | None) -> list[Token]:
    """The tree as a sequence of text runs and marks; nested quotes and italics alternate."""
    state = _State()
    if out is not None:
        _flatten(out, state, "")
    return state.tokens


def _flatten(out: Out, state: _State, delimiter: str) -> bool:
    """Append the tokens of `out`; False (and nothing appended) if it prints nothing."""
    tokens = state.tokens
    if isinstance(out, str):
        if out:
            tokens.append(out)
        return bool(out)
    if out.dropped:
        return False
    start, leaf_end = len(tokens), state.leaf_end
    if out.format or out.quotes or out.display:
        printed = _flatten_marked(out, state, delimiter)
    else:
        if out.prefix:
            tokens.append(_prefix(out, state))
        printed = _flatten_children(out, state, delimiter)
        if printed and out.suffix:
            tokens.append(Suffix(out.suffix))
    if not printed:
        del tokens[start:]
        state.leaf_end = leaf_end
        return False
    state.leaf_end = len(tokens) if out.is_leaf and (out.format or out.suffix) else -1
    return True


def _flatten_marked(out: Node, state: _State, delimiter: str) -> bool:
    tokens = state.tokens
    closers = _open(out, state)
    printed = _flatten_children(out, state, delimiter)
    _restore(out, closers, state)
    tokens.extend(closers[0])
    if out.suffix:
        tokens.append(Strict(out.suffix) if out.is_leaf else Suffix(out.suffix))
    if out.display:
        tokens.append((CLOSE, "display", out.display))
    return printed


def _prefix(out: Node, state: _State) -> Affix:
    apart = state.leaf_end == len(state.tokens) and not isinstance(state.tokens[-1], str)
    return Apart(out.prefix) if apart else Affix(out.prefix)


def _flatten_children(out: Node, state: _State, delimiter: str) -> bool:
    tokens, printed = state.tokens, False
    if out.delimiter is not None:
        delimiter = out.delimiter
    for child in out.children:
        if printed and delimiter:
            strict = state.leaf_end == len(tokens)
            tokens.append(Strict(delimiter) if strict else Delimiter(delimiter))
            if not _flatten(child, state, delimiter):
                tokens.pop()
        elif _flatten(child, state, delimiter):
            printed = True
    return printed


Closers = tuple[list[Mark], dict[str, str]]


def _open(out: Node, state: _State) -> Closers:
    tokens, before = state.tokens, state.formats
    closers: list[Mark] = []
    if out.display:
        tokens.append((OPEN, "display", out.display))
    if out.prefix:
        tokens.append(_prefix(out, state))
    if out.quotes:
        level = "inner" if out.data == "inner" else "outer"
        if state.quotes:
            level = "outer" if state.quotes[-1] == "inner" else "inner"
        tokens.append((OPEN_QUOTE, level, ""))
        closers.append((CLOSE_QUOTE, level, ""))
        state.quotes.append(level)
    if out.format:
        state.formats = dict(before)
        for attribute, value in out.format:
            _open_format(out, attribute, value, state, closers)
    return closers, before


def _open_format(out: Node, attribute: str, value: str, state: _State, closers: list[Mark]) -> None:
    current = state.formats.get(attribute, _NEUTRAL.get(attribute, ""))
    closing = CLOSE if out.is_markup or attribute == "link" else CLOSE_ELEMENT
    if out.is_markup and attribute == "nodecor":
        for name, active in list(state.formats.items()):
            if active != _NEUTRAL.get(name, active):
                _push(name, _NEUTRAL[name], state, closers, CLOSE)
        return
    if value == current:
        if not out.is_markup or value == _NEUTRAL.get(attribute):
            if value != _NEUTRAL.get(attribute):
                _push(attribute, value, state, closers, closing)
            return
        value = _NEUTRAL[attribute]
    _push(attribute, value, state, closers, closing)


def _push(attribute: str, value: str, state: _State, closers: list[Mark], closing: str) -> None:
    state.formats[attribute] = value
    state.tokens.append((OPEN, attribute, value))
    closers.insert(0, (closing, attribute, value))


def _restore(out: Node, closers: Closers, state: _State) -> None:
    state.formats = closers[1]
    if out.quotes:
        state.quotes.pop()


_NEUTRAL = {
    "font-style": "normal",
    "font-variant": "normal",
    "font-weight": "normal",
    "text-decoration": "none",
    "vertical-align": "baseline",
}
