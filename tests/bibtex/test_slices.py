"""The bytes of an input piece by piece: the same bytes, or a refusal."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from citeworks.bibtex import loads, stretches, tidy
from citeworks.bibtex.slices import FileSlices
from citeworks.errors import ChangedOnDisk

DATA = bytes(range(256)) * 4


def test_a_file_gives_what_its_bytes_give(tmp_path: Path) -> None:
    path = tmp_path / "x.bib"
    path.write_bytes(DATA)
    told: list[tuple[int, int]] = []
    with path.open("rb") as file:
        slices = FileSlices(file, lambda done, total: told.append((done, total)))
        assert len(slices) == len(DATA)
        for part in (slice(None), slice(3, 9), slice(-5, None), slice(1000, 5000), slice(9, 3)):
            assert slices[part] == DATA[part]
    assert told[1] == (9, len(DATA))


def test_a_file_begins_where_it_was_read_to(tmp_path: Path) -> None:
    file = io.BytesIO(b"first line\nrest")
    file.readline()
    slices = FileSlices(file)
    assert (len(slices), slices[:], slices[1:3]) == (4, b"rest", b"es")


@pytest.mark.parametrize("change", ["longer", "other bytes"])
def test_a_file_that_another_program_writes_to_is_refused(tmp_path: Path, change: str) -> None:
    path = tmp_path / "x.bib"
    path.write_bytes(DATA)
    with path.open("rb") as file:
        slices = FileSlices(file)
        assert slices[:4] == DATA[:4]
        path.write_bytes(DATA + b"!" if change == "longer" else DATA[::-1])
        os.utime(path, ns=(0, 1_000_000_000))
        with pytest.raises(ChangedOnDisk, match=r"x\.bib was changed by another program"):
            slices[:4]


def test_a_large_pipe_is_read_once_and_gone_through_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "LARGE", 100)
    read, write = os.pipe()
    os.write(write, DATA)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        slices = stretches.slices_of(pipe)
    assert isinstance(slices, FileSlices)
    assert (slices[:], slices[10:20], slices[:]) == (DATA, DATA[10:20], DATA)


def test_a_small_input_is_read_at_once() -> None:
    assert stretches.slices_of(io.BytesIO(DATA)) == DATA


@pytest.mark.parametrize("before", ["", "text\n" * 200], ids=["at once", "behind a long text"])
def test_a_brace_that_is_never_closed_costs_its_entry_and_not_the_memory(
    monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    entries = "".join(f"@misc{{k{number}, note={{x}}}}\n" for number in range(1000))
    text = f"{before}@misc{{bad, note={{{{x}}\n{entries}@misc{{worse, note={{{{x}}\n{entries}"
    monkeypatch.setattr(stretches, "LARGE", 1)
    monkeypatch.setattr(stretches, "WINDOW", 300)
    monkeypatch.setattr(stretches, "LONGEST", 3000)
    whole = loads(text, file="x.bib")
    found = stretches.loads_lazily(text.encode(), file="x.bib")
    assert [str(each) for each in found.errors] == [str(each) for each in whole.errors]
    assert [
        (each.type, each.key, each.fields[0].pieces) for each in found.blocks if each.fields
    ] == [(each.type, each.key, each.fields[0].pieces) for each in whole.blocks if each.fields]
    assert max(len(each.text) for each in found.stretches) < 9000
    assert max(len(list(each.blocks)) for each in found.stretches) < 60
    assert tidy(found) == tidy(whole)
