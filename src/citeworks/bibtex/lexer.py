"""A .bib text cut into blocks in one pass, with BibTeX's own rules and without losing a byte.

Knows the grammar of ``bibtex.web`` and how to go on after an error: a broken entry costs that
entry. Refuses to know what types, fields and values mean.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from functools import partial

from citeworks.bibtex.collector import without_collector
from citeworks.bibtex.entries import Block, Document, Field, Piece, Problem

_IDENTIFIER = r"[^\s\"#%'(),={}@\\\d][^\s\"#%'(),={}]*"
_HEAD = re.compile(rf"@\s*(?P<type>{_IDENTIFIER})\s*(?P<open>[{{(])")
_COMMENT_WORD = re.compile(r"@\s*comment(?![^\s\"#%'(),={}])", re.I)
_KEY = {"{": re.compile(r"\s*([^\s,}]*)\s*"), "(": re.compile(r"\s*([^\s,]*)\s*")}
_NAME = re.compile(rf"\s*({_IDENTIFIER})\s*=\s*")
_BRACED = re.compile(
    r"\{([^{}]*+(?:\{[^{}]*+(?:\{[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+\}[^{}]*+)*+\}[^{}]*+)*+)\}"
)
_QUOTED = re.compile(r'"([^{}"]*+(?:\{[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+\}[^{}"]*+)*+)"')
_QUICK_FIELD = re.compile(
    rf"({_IDENTIFIER})\s*+=\s*+"
    r"(?:\{([^{}]*+(?:\{[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+\}[^{}]*+)*+)\}"
    rf"|(\d++)|({_IDENTIFIER}))()\s*+(?:,\s*+|(?=\}}))"
)
"""A field whose value is one piece, with the comma or the closing brace that must follow."""
_WORD = re.compile(rf"(\d+)|({_IDENTIFIER})")
_HASH = re.compile(r"\s*#\s*")
_SPACE = re.compile(r"\s*")
_BRACE = re.compile(r"[{}]")
_BRACE_OR_QUOTE = re.compile(r'[{}"]')
_PERCENT_LINE = re.compile(r"\s*%[^\n]*\n?")
_NEXT_ENTRY = re.compile(rf"^[ \t]*@[ \t]*{_IDENTIFIER}\s*[{{(]", re.M)
_MAX_FAILURES = 32

_ENCODING_LINE = re.compile(rb"^%\s*Encoding:\s*([\w.-]+)", re.I | re.M)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


# Half the time of a run would go into the named tuples' own constructors.
_new_piece: Callable[[tuple[str, str]], Piece] = partial(tuple.__new__, Piece)
_new_field: Callable[[tuple[str, tuple[Piece, ...], int, int]], Field] = partial(
    tuple.__new__, Field
)


class _Broken(Exception):
    """The entry being read cannot be finished."""

    def __init__(self, offset: int, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(offset, code, message)


@without_collector
def loads(text: str | bytes, *, file: str = "") -> Document:
    """Cut a .bib text; bytes are decoded by their BOM, as UTF-8, or as the best 8-bit guess."""
    encoding, bom = "utf-8", b""
    if isinstance(text, bytes):
        text, encoding, bom = decode_bytes(text)
    return Document(text, tuple(Lexer(text).blocks()), file, encoding, bom)


def decode_bytes(data: bytes) -> tuple[str, str, bytes]:
    """Text, encoding and BOM; encoding the text again and putting the BOM before gives `data`."""
    for encoding, bom in encodings(data):
        text = _decode_exactly(data[len(bom) :], encoding)
        if text is not None:
            return text, encoding, bom
    raise AssertionError("Latin-1 decodes every byte")


def encodings(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The encodings that the bytes may be in, the most probable first, each with its BOM."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            yield encoding, bom
    if b"\0" in data[:2]:
        yield "utf-16-le" if data[1:2] == b"\0" else "utf-16-be", b""
    yield "utf-8", b""
    named = _ENCODING_LINE.search(data[:4096])
    if named:
        yield named[1].decode("ascii"), b""
    yield "cp1252", b""
    yield "latin-1", b""


def _decode_exactly(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
        return text if text.encode(encoding) == data else None
    except (UnicodeError, LookupError):
        return None


class Lexer:
    """One pass over one text, in which `failures` values were found to be unclosed before it."""

    def __init__(self, text: str, failures: int = 0) -> None:
        self.text = text
        self.failures = failures
        self.limit = len(text)
        self.starved = False
        """True once the text has ended within a block."""

    def blocks(self, start: int = 0) -> Iterator[Block]:
        """All blocks; their stretches follow each other without gaps."""
        text, done, position = self.text, start, start
        while (at := text.find("@", position)) >= 0:
            block = self._block(at)
            if block is None:
                position = at + 1
                continue
            if at > done:
                yield Block("text", done, at)
            yield block
            done = position = block.end
        if done < len(text):
            yield Block("text", done, len(text))

    def _block(self, at: int) -> Block | None:
        """The block that begins at an ``@``; None if BibTeX would only complain about it."""
        if _COMMENT_WORD.match(self.text, at):
            return self._comment(at)
        head = _HEAD.match(self.text, at)
        if not head:
            return None
        self.limit = len(self.text)
        if self.failures > _MAX_FAILURES:
            self.limit = self._next_entry(head.end())
        block = Block("entry", at, at, head["type"], delimiter=head["open"])
        try:
            self._read(block, head.end())
        except _Broken as broken:
            return self._give_up(block, broken.problem, head.end())
        return block

    def _read(self, block: Block, position: int) -> None:
        name = block.type.lower()
        if name == "string":
            block.kind = "string"
            self._read_string(block, position)
        elif name == "preamble":
            block.kind = "preamble"
            start = self._skip(position)
            pieces, position = self._value(block, start)
            block.fields.append(Field("", pieces, start, position))
            self._close(block, position)
        else:
            self._read_entry(block, position)

    def _read_string(self, block: Block, position: int) -> None:
        name = _NAME.match(self.text, position)
        if not name:
            raise _Broken(block.start, "B005", "@string without a name and a value")
        block.key = name[1]
        pieces, position = self._value(block, name.end())
        block.fields.append(Field(name[1], pieces, name.start(1), position))
        self._close(block, position)

    def _read_entry(self, block: Block, position: int) -> None:
        text = self.text
        key = _KEY[block.delimiter].match(text, position)
        assert key is not None  # noqa: S101 - the pattern matches the empty text
        block.key = key[1]
        position = key.end()
        closer = "}" if block.delimiter == "{" else ")"
        if "=" in block.key and text[position : position + 1] != ",":
            raise _Broken(block.start, "B002", f"@{block.type} without a citation key")
        comma = True
        if text[position : position + 1] == "," and block.delimiter == "{":
            position = self._quick_fields(block, self._skip(position + 1))
        while True:
            sign = text[position : position + 1]
            if sign == ",":
                comma = True
                position = self._skip(position + 1)
            elif sign == closer:
                block.end = position + 1
                return
            elif sign == "%":
                block.problems.append(Problem(position, "B006", "a % line inside an entry"))
                position = self._skip(_end_of(_PERCENT_LINE, text, position))
            else:
                position = self._field(block, position, comma)
                comma = False

    def _quick_fields(self, block: Block, position: int) -> int:
        """The fields as they nearly always are; the position of the first that is not so."""
        text, limit, fields = self.text, self.limit, block.fields
        while (found := _QUICK_FIELD.match(text, position, limit)) is not None:
            name, braced, digits, macro, _ = found.groups()
            if braced is not None:
                piece = _new_piece(("{", braced))
            else:
                piece = _new_piece(("0", digits) if digits else ("a", macro))
            fields.append(_new_field((name, (piece,), position, found.start(5))))
            position = found.end()
        return position

    def _field(self, block: Block, position: int, comma: bool) -> int:
        name = _NAME.match(self.text, position)
        if not name or position >= self.limit:
            raise _Broken(*self._why(block, position))
        if not comma:
            block.problems.append(
                Problem(name.start(1), "B004", f"no comma before field {name[1]!r}")
            )
        pieces, end = self._value(block, name.end())
        block.fields.append(Field(name[1], pieces, name.start(1), end))
        return self._skip(end)

    def _why(self, block: Block, position: int) -> tuple[int, str, str]:
        self.starved |= position >= len(self.text)
        if position >= self.limit or self.text[position] == "@":
            return block.start, "B003", f"unclosed brace in @{block.type}{{{block.key}}}"
        seen = self.text[position : position + 20].split("\n")[0]
        return position, "B002", f"a field was expected, not {seen!r}"

    def _value(self, block: Block, position: int) -> tuple[tuple[Piece, ...], int]:
        text = self.text
        braced = _BRACED.match(text, position)
        if braced:
            pieces, position = [Piece("{", braced[1])], braced.end()
        else:
            piece, position = self._piece(block, position)
            pieces = [piece]
        while (sign := _HASH.match(text, position)) is not None:
            piece, position = self._piece(block, sign.end())
            pieces.append(piece)
        return tuple(pieces), position

    def _piece(self, block: Block, position: int) -> tuple[Piece, int]:
        sign = self.text[position : position + 1]
        if sign == "{":
            end = self._end_of_braces(block, position)
            return Piece("{", self.text[position + 1 : end - 1]), end
        if sign == '"':
            end = self._end_of_quotes(block, position)
            return Piece('"', self.text[position + 1 : end - 1]), end
        word = _WORD.match(self.text, position)
        if not word or position >= self.limit:
            raise _Broken(*self._why(block, position))
        return Piece("0" if word[1] else "a", word[0]), word.end()

    def _end_of_braces(self, block: Block, position: int) -> int:
        quick = _BRACED.match(self.text, position, self.limit)
        if quick:
            return quick.end()
        depth = 0
        for match in _BRACE.finditer(self.text, position, self.limit):
            depth += 1 if match[0] == "{" else -1
            if not depth:
                return match.end()
        raise self._unclosed(block, "brace")

    def _end_of_quotes(self, block: Block, position: int) -> int:
        quick = _QUOTED.match(self.text, position, self.limit)
        if quick:
            return quick.end()
        depth = 0
        for match in _BRACE_OR_QUOTE.finditer(self.text, position + 1, self.limit):
            if match[0] == '"':
                if not depth:
                    return match.end()
            else:
                depth += 1 if match[0] == "{" else -1
                if depth < 0:
                    raise _Broken(match.start(), "B007", "an unbalanced } in a quoted value")
        raise self._unclosed(block, "quote")

    def _unclosed(self, block: Block, what: str) -> _Broken:
        self.failures += 1
        self.starved |= self.limit == len(self.text)
        return _Broken(block.start, "B003", f"unclosed {what} in @{block.type}{{{block.key}}}")

    def _close(self, block: Block, position: int) -> None:
        position = self._skip(position)
        closer = "}" if block.delimiter == "{" else ")"
        self.starved |= position >= len(self.text)
        if self.text[position : position + 1] != closer:
            raise _Broken(block.start, "B003", f"@{block.type} is not closed")
        block.end = position + 1

    def _give_up(self, block: Block, problem: Problem, after: int) -> Block:
        """A broken block up to the next line that looks like the beginning of an entry."""
        end = self._next_entry(after)
        kept = [*block.problems, problem]
        return Block("broken", block.start, end, block.type, block.key, problems=kept)

    def _next_entry(self, position: int) -> int:
        match = _NEXT_ENTRY.search(self.text, position)
        return match.start() if match else len(self.text)

    def _comment(self, at: int) -> Block:
        """``@comment{…}`` as a whole if its braces pair up, else to the end of the line."""
        word = _COMMENT_WORD.match(self.text, at)
        start = self._skip(word.end()) if word else at
        if self.text[start : start + 1] == "{":
            block = Block("comment", at, at)
            self.limit = len(self.text)
            if self.failures > _MAX_FAILURES:
                self.limit = self._next_entry(start)
            try:
                block.end = self._end_of_braces(block, start)
            except _Broken:
                pass
            else:
                return block
        end = self.text.find("\n", at)
        return Block("comment", at, end + 1 if end >= 0 else len(self.text))

    def _skip(self, position: int) -> int:
        return _end_of(_SPACE, self.text, position)


def _end_of(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position
