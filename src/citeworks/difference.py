"""Two texts as a unified diff, in near linear time and, for texts in one order, little memory.

Lines that turn up once on either side hold the texts together (patience diff); they may differ in
case, white space and commas. What is between two of them is compared by itself. Refuses to know
what the lines say.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile
from tempfile import SpooledTemporaryFile

WINDOW = 20_000
"""Lines of either text that are compared with each other; a moved line is found within them."""

_MOST_WINDOWS = 8
_CONTEXT = 3
_FEW = 60
_DEPTH = 8
_IN_MEMORY = 4_000_000
_LOOSE = b" \t\r\n,"

Lines = Sequence[bytes]
Change = tuple[Lines, Lines]
"""Lines of the old text and those of the new one in their place; the same object twice if none
of them changes."""


def unified_diff(
    old: Iterable[bytes], new: Iterable[bytes], names: tuple[str, str], window: int = WINDOW
) -> Iterator[bytes]:
    """The lines of a unified diff, without any for equal texts.

    `old` and `new` are pieces of the texts, cut anywhere. `names` are those of the two texts.
    """
    head = "".join(f"{sign} {name}\n" for sign, name in zip(("---", "+++"), names, strict=True))
    for part in _hunks(_windows(_lines(old), _lines(new), window)):
        if head:
            yield head.encode("utf-8", "surrogateescape")
            head = ""
        yield part


def _lines(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The lines with their ends, of which only a line feed is one."""
    rest = b""
    for part in parts:
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            yield line + b"\n"
    if rest:
        yield rest


def _windows(old: Iterator[bytes], new: Iterator[bytes], window: int) -> Iterator[Change]:
    """Windows that slide over both texts, from one pair of like lines to another."""
    a: list[bytes] = []
    b: list[bytes] = []
    size = window
    while True:
        a += islice(old, max(0, size - len(a)))
        b += islice(new, max(0, size - len(b)))
        if len(a) < size and len(b) < size:
            yield from _aligned(a, b)
            return
        cut = (len(a), len(b)) if a == b else _cut(a, b)
        if cut == (0, 0) and size < _MOST_WINDOWS * window:
            size *= 2
            continue
        first, second = cut if cut != (0, 0) else (len(a), len(b))
        yield from _aligned(a[:first], b[:second])
        a, b, size = a[first:], b[second:], window


def _cut(a: Lines, b: Lines) -> tuple[int, int]:
    anchors = _anchors(a, b)
    return anchors[-1] if anchors else (0, 0)


def _aligned(a: Lines, b: Lines, depth: int = 0) -> Iterator[Change]:
    """The lines of both sides beside each other, from beginning to end."""
    if a == b:
        yield a, a
        return
    start = _common(a, b)
    head, a, b = a[:start], a[start:], b[start:]
    yield head, head
    end = _common(a[::-1], b[::-1])
    tail = a[len(a) - end :]
    yield from _changed(a[: len(a) - end], b[: len(b) - end], depth)
    yield tail, tail


def _changed(a: Lines, b: Lines, depth: int) -> Iterator[Change]:
    """The same for lines of which the first two and the last two differ."""
    anchors = _anchors(a, b) if a and b and depth < _DEPTH else []
    if not anchors:
        yield from _compared(a, b) if max(len(a), len(b)) <= _FEW else [(a, b)]
        return
    done = 0, 0
    for first, second in anchors:
        yield from _aligned(a[done[0] : first], b[done[1] : second], depth + 1)
        line, other = a[first : first + 1], b[second : second + 1]
        yield line, line if line == other else other
        done = first + 1, second + 1
    yield from _aligned(a[done[0] :], b[done[1] :], depth + 1)


def _compared(a: Lines, b: Lines) -> Iterator[Change]:
    """A few lines, compared each with each."""
    from difflib import SequenceMatcher

    for kind, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        lines = a[i1:i2]
        yield lines, lines if kind == "equal" else b[j1:j2]


def _common(a: Lines, b: Lines) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


def _anchors(a: Lines, b: Lines) -> list[tuple[int, int]]:
    """The places of like lines that are the only ones on their side, as many as rise in both."""
    there = _once(b)
    pairs = [(i, there[line]) for line, i in _once(a).items() if line in there]
    return _rising(pairs)


def _once(lines: Lines) -> dict[bytes, int]:
    loose = [line.lower().translate(None, _LOOSE) for line in lines]
    counts = Counter(loose)
    return {line: i for i, line in enumerate(loose) if counts[line] == 1 and len(line) > 1}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """A longest subsequence in which the second numbers rise; the first ones rise already."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, second) in enumerate(pairs):
        place = bisect_left(ends, second)
        before.append(last[place - 1] if place else -1)
        if place == len(ends):
            ends.append(second)
            last.append(number)
        else:
            ends[place], last[place] = second, number
    found = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _hunks(changes: Iterable[Change]) -> Iterator[bytes]:
    """The changes with the lines round them; a hunk too large for the memory is on the disk."""
    hunk: _Hunk | None = None
    around: deque[bytes] = deque(maxlen=_CONTEXT)
    following: list[bytes] = []
    places = [1, 1]
    for old, new in changes:
        if old is not new:
            if hunk is None:
                hunk = _Hunk((places[0] - len(around), places[1] - len(around)), around)
            hunk.keep(following)
            following = []
            hunk.change(old, new)
        elif hunk is not None:
            following += old[: 2 * _CONTEXT + 1]
            if len(following) > 2 * _CONTEXT:
                yield from hunk.close(following[:_CONTEXT])
                hunk, following = None, []
        around.extend(old[-_CONTEXT:] if old is new else ())
        if old is not new:
            around.clear()
        places = [places[0] + len(old), places[1] + len(new)]
    if hunk is not None:
        yield from hunk.close(following[:_CONTEXT])


class _Hunk:
    """Changed lines near to each other, with what is around them."""

    def __init__(self, places: tuple[int, int], before: Iterable[bytes]) -> None:
        self._places = places
        self._counts = [0, 0]
        self._removed: list[bytes] = []
        self._added: list[bytes] = []
        self._body = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        self._write(b" ", before, (1, 1))

    def change(self, old: Lines, new: Lines) -> None:
        """Lines removed and lines added; those of changes that touch come together."""
        self._removed += old
        self._added += new

    def keep(self, lines: Lines) -> None:
        """Lines that both texts have."""
        if lines:
            self._settle()
            self._write(b" ", lines, (1, 1))

    def close(self, after: Lines) -> Iterator[bytes]:
        """The hunk's text, once."""
        self.keep(after)
        self._settle()
        ranges = map(_range, self._places, self._counts)
        yield "@@ -{} +{} @@\n".format(*ranges).encode()
        with self._body:
            self._body.seek(0)
            yield from self._body

    def _settle(self) -> None:
        self._write(b"-", self._removed, (1, 0))
        self._write(b"+", self._added, (0, 1))
        self._removed, self._added = [], []

    def _write(self, sign: bytes, lines: Iterable[bytes], counted: tuple[int, int]) -> None:
        number = 0
        for line in lines:
            end = b"" if line.endswith(b"\n") else b"\n\\ No newline at end of file\n"
            self._body.write(sign + line + end)
            number += 1
        self._counts[0] += number * counted[0]
        self._counts[1] += number * counted[1]


def _range(place: int, count: int) -> str:
    """Where a hunk is; an empty stretch is named by the line before it."""
    if count == 1:
        return str(place)
    return f"{place if count else place - 1},{count}"
