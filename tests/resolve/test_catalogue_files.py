"""Dumps in archives and folders, and dumps that mean harm: bounded, and nothing passes silently."""

from __future__ import annotations

import gzip
import io
import json
import resource
import subprocess
import sys
import tarfile
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from citeworks.errors import InputError
from citeworks.resolve.catalogue import Catalogue
from citeworks.resolve.catalogue_build import build
from citeworks.resolve.catalogue_files import files_in
from citeworks.resolve.catalogue_xml import LARGEST_ENTRY

Counts = tuple[int, int]
PART = 1 << 20


def work(number: int) -> dict[str, object]:
    title = f"Work number {number} of many"
    return {"DOI": f"10.1000/{number}", "type": "journal-article", "title": [title]}


def line(number: int) -> bytes:
    return json.dumps(work(number)).encode() + b"\n"


def counts(*paths: Path) -> Counts:
    """Works, and entries left out, of a catalogue of these files."""
    target = paths[0].parent / "catalogue.sqlite"
    with closing(Catalogue(build(paths, target).path)) as catalogue:
        return len(catalogue), sum(part.left_out for part in catalogue.parts())


def archive(path: Path, mode: str) -> Path:
    members = {
        "all/0.json.gz": gzip.compress(json.dumps({"items": [work(1), work(2)]}).encode()),
        "all/1.jsonl": line(3) + line(4) + b"broken\n",
        "all/readme.txt": b"not a dump",
        "../../outside.bib": b"@book{a, title = {A Book of Many Things}}\n",
    }
    with (
        gzip.open(path, "wb") if mode else path.open("wb") as out,
        tarfile.open(fileobj=cast(BinaryIO, out), mode="w") as file,
    ):
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            file.addfile(member, io.BytesIO(data))
    return path


@pytest.mark.parametrize("mode", ["", "gz"])
def test_an_archive_is_read_member_by_member(tmp_path: Path, mode: str) -> None:
    assert counts(archive(tmp_path / "works.tar", mode)) == (5, 1)


def test_a_cut_archive_is_named(tmp_path: Path) -> None:
    path = archive(tmp_path / "works.tar", "")
    path.write_bytes(path.read_bytes()[:1500])
    with pytest.raises(InputError, match="damaged or cut off"):
        counts(path)


def test_a_folder_stands_for_the_dumps_in_it(tmp_path: Path) -> None:
    inside = tmp_path / "dumps" / "more"
    inside.mkdir(parents=True)
    (inside / "b.jsonl").write_bytes(line(1))
    (tmp_path / "dumps" / "a.jsonl.gz").write_bytes(gzip.compress(line(2)))
    (inside / "notes.txt").write_text("no dump", encoding="utf-8")
    assert [each.name for each in files_in([tmp_path / "dumps"])] == ["a.jsonl.gz", "b.jsonl"]
    assert counts(tmp_path / "dumps") == (2, 0)


def test_a_folder_without_dumps_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no metadata dump"):
        files_in([tmp_path])


def test_a_byte_order_mark_costs_no_work(tmp_path: Path) -> None:
    path = tmp_path / "dump.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + line(1) + line(2))
    assert counts(path) == (2, 0)


def test_a_line_without_end_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "dump.jsonl"
    path.write_bytes(line(1) + b"x" * (LARGEST_ENTRY + 5) + b"\n" + line(2))
    assert counts(path) == (2, 1)


def test_xml_on_one_line_keeps_its_letters(tmp_path: Path) -> None:
    entry = (
        '<article key="a/{}"><author>J&uuml;rgen M&uuml;ller</author>'
        "<title>Gr&ouml;bner bases &amp; more, {}.</title></article>"
    )
    text = "".join(entry.format(number, number) for number in range(12_000))
    path = tmp_path / "dblp.xml"
    path.write_text(f'<?xml version="1.0"?><dblp>{text}</dblp>', encoding="utf-8")
    assert path.stat().st_size > PART
    assert counts(path) == (12_000, 0)
    with closing(Catalogue(tmp_path / "catalogue.sqlite")) as catalogue:
        stored = catalogue._db.execute("SELECT data FROM works").fetchall()
    assert {json.loads(data)["author"][0]["literal"] for (data,) in stored} == {"Jürgen Müller"}


def test_entities_declared_far_from_the_beginning_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "dblp.xml"
    path.write_text(
        f'<!DOCTYPE dblp [<!-- <dblp> {"x" * 70_000} --><!ENTITY a "aaaa">]><dblp></dblp>',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="entities"):
        counts(path)


def test_nothing_takes_the_place_of_a_catalogue(tmp_path: Path) -> None:
    full, empty = tmp_path / "full.jsonl", tmp_path / "empty.json"
    full.write_bytes(line(1))
    empty.write_text("[]", encoding="utf-8")
    assert counts(full) == (1, 0)
    with pytest.raises(InputError, match="no work"):
        counts(empty)
    with closing(Catalogue(tmp_path / "catalogue.sqlite")) as catalogue:
        assert len(catalogue) == 1


HEADS = {
    "jsonl": line(1) + b'{"title": "',
    "xml": b'<dblp><article key="a/b"><title>Work number 1 of many</title></article><article>',
    "bib": b"@book{a, title = {A Book of Many Things}}\n@book{b, title = {",
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HEADS)
def test_a_bomb_stays_small_in_memory(tmp_path: Path, kind: str) -> None:
    bomb = tmp_path / f"bomb.{kind}.gz"
    with gzip.open(bomb, "wb", compresslevel=1) as file:
        file.write(HEADS[kind])
        for _ in range(300):
            file.write(b"x" * PART)
    program = Path(sys.executable).with_name("cite")
    done = subprocess.run(
        [program, "catalogue", "build", bomb],
        env={"XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (700 * PART, 700 * PART)),
    )
    assert (done.returncode, "left out" in done.stderr) == (
        (2, False) if kind == "xml" else (0, True)
    )


def test_a_full_disk_leaves_the_old_catalogue_alone(tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_bytes(line(1))
    new.write_bytes(b"".join(map(line, range(60_000))))
    program = Path(sys.executable).with_name("cite")
    for dump, limit, code in ((old, resource.RLIM_INFINITY, 0), (new, 3 * PART, 4)):
        done = subprocess.run(
            [program, "catalogue", "build", dump],
            env={"XDG_CACHE_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=partial(
                resource.setrlimit, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY)
            ),
        )
        assert done.returncode == code, done.stderr
    assert not (tmp_path / "citeworks/catalogue.sqlite.partial").exists()
    with closing(Catalogue(tmp_path / "citeworks/catalogue.sqlite")) as catalogue:
        assert len(catalogue) == 1
