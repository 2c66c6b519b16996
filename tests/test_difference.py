"""Unified diffs: `patch` makes the new text of the old one, whatever the two are."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeworks.difference import unified_diff

NAMES = ("a", "a (new)")
LINES = st.lists(
    st.sampled_from([b"a\n", b"A\n", b"bb,\n", b"  bb\n", b"\n", b"c\x0bc\r\n", b"d\xff\n"])
)


def diff(old: bytes, new: bytes, window: int = 20_000) -> bytes:
    return b"".join(unified_diff([old[:5], old[5:]], [new], NAMES, window))


def applied(patch: bytes, old: bytes) -> bytes:
    """What the diff makes of a text; every line that it removes or keeps must be there."""
    *before, last = old.split(b"\n")
    source = [line + b"\n" for line in before] + ([last] if last else [])
    found: list[bytes] = []
    done = 0
    lines = patch.split(b"\n")[2:-1]
    for number, line in enumerate(lines):
        bare = lines[number + 1 : number + 2] == [b"\\ No newline at end of file"]
        text = line[1:] + (b"" if bare else b"\n")
        if line.startswith(b"@@"):
            place, _, count = line.split()[1][1:].partition(b",")
            start = int(place) - (count != b"0")
            assert start >= done
            found += source[done:start]
            done = start
        elif line[:1] in (b" ", b"-"):
            assert source[done] == text
            done += 1
        if line[:1] in (b" ", b"+"):
            found.append(text)
    return b"".join(found + source[done:])


@pytest.mark.parametrize("window", [2, 7, 20_000])
@given(
    old=LINES,
    new=LINES,
    ends=st.tuples(st.sampled_from([b"", b"z"]), st.sampled_from([b"", b"z", b"y"])),
)
@settings(deadline=None)
def test_a_diff_makes_the_new_text_of_the_old_one(
    window: int, old: list[bytes], new: list[bytes], ends: tuple[bytes, bytes]
) -> None:
    before, after = b"".join(old) + ends[0], b"".join(new) + ends[1]
    patch = diff(before, after, window)
    assert applied(patch, before) == after
    assert (patch == b"") == (before == after)


def test_like_lines_stand_beside_each_other() -> None:
    old = b"@Misc{k,\nTitle = {A},\n}\n\n@Misc{l,\nTitle = {B},\n}\n"
    new = b"@misc{k,\n  title = {A}\n}\n\n@misc{l,\n  title = {B}\n}\n"
    assert diff(old, new).decode() == (
        "--- a\n+++ a (new)\n@@ -1,7 +1,7 @@\n"
        "-@Misc{k,\n-Title = {A},\n+@misc{k,\n+  title = {A}\n }\n \n"
        "-@Misc{l,\n-Title = {B},\n+@misc{l,\n+  title = {B}\n }\n"
    )


def test_three_lines_are_shown_round_a_change_and_no_more() -> None:
    old = [b"%d\n" % number for number in range(30)]
    new = [*old[:9], b"new\n", *old[10:16], b"more\n", *old[16:27], b"last\n", *old[28:]]
    heads = [
        line
        for line in diff(b"".join(old), b"".join(new)).decode().splitlines()
        if line.startswith("@@")
    ]
    assert heads == ["@@ -7,13 +7,14 @@", "@@ -25,6 +26,6 @@"]


@pytest.mark.skipif(shutil.which("patch") is None, reason="patch is not installed")
@pytest.mark.parametrize("window", [50, 20_000])
def test_patch_takes_a_diff_with_many_hunks_and_moved_lines(tmp_path: Path, window: int) -> None:
    rng = random.Random(1)
    old = [b"line %d\n" % rng.randrange(3000) for _ in range(4000)]
    new = [line for line in old if rng.random() > 0.02]
    for _ in range(50):
        new.insert(rng.randrange(len(new)), new.pop(rng.randrange(len(new))))
    path = tmp_path / "text"
    path.write_bytes(b"".join(old))
    patch = diff(b"".join(old), b"".join(new), window)
    subprocess.run(["patch", "-s", str(path)], input=patch, check=True)
    assert path.read_bytes() == b"".join(new)
