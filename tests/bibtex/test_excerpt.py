"""Some entries of a document, to the letter, with what they need and nothing else."""

from __future__ import annotations

import pytest

from citeworks.bibtex import loads
from citeworks.bibtex.excerpt import Contents
from citeworks.bibtex.stretches import Stretches

TEXT = """% a remark
@preamble{pre # { x}}
@string{pre = {P}}
@string{inner = {I}}
@string{outer = inner # { O}}
@string{unused = {U}}
@misc{a, note = outer, crossref = {B}}
@comment{kept nowhere}
@book{b, title = {Parent}, ids = {old, older}, xdata = {d}}
@xdata{d, publisher = {X}}
@misc{broken, title = {x
@misc{c, note = {alone}}
@misc{a, note = {the second a}}
"""


@pytest.mark.parametrize("window", [0, 40])
@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["a"], ["@preamble", "@string{pre", "@string{inner", "@string{outer", "@misc{a, note = o",
                 "@book{b", "@xdata{d"]),
        (["c"], ["@preamble", "@string{pre", "@misc{c"]),
        (["older", "nothing"], ["@preamble", "@string{pre", "@book{b", "@xdata{d"]),
        (["nothing"], []),
    ],
)  # fmt: skip
def test_what_entries_need_comes_along(window: int, keys: list[str], expected: list[str]) -> None:
    document = Stretches(TEXT.encode(), window=window) if window else loads(TEXT)
    found = Contents(document).excerpt(keys)
    lines = [line for line in found.splitlines() if line.startswith("@")]
    assert len(lines) == len(expected)
    assert all(map(str.startswith, lines, expected)), lines


@pytest.mark.parametrize("window", [0, 40])
def test_everything_and_what_is_unused(window: int) -> None:
    document = Stretches(TEXT.encode(), "x.bib", window=window) if window else loads(TEXT)
    contents = Contents(document)
    assert contents.unused(["a", "older"]) == ["c", "a"]
    assert set(contents.keys) == {"a", "b", "c", "d", "old", "older"}
    assert [error.code for error in contents.errors] == ["B003"]
    everything = contents.excerpt(None)
    assert "the second a" in everything
    assert "unused" not in everything
    assert everything == Contents(loads(TEXT)).excerpt(None)


FAMILY = """@book{grand, title = {Grand}}
@book{parent, title = {Parent}, crossref = {Grand}}
@book{last, title = {Last}}
@inbook{child, title = {Child}, crossref = {parent}}
@misc{other, title = {Other}}
@inbook{second, title = {Second}, crossref = {last}}
@inbook{third, title = {Third}, crossref = {end}}
@misc{more, title = {More}}
@book{end, title = {End}}
"""


@pytest.mark.parametrize("window", [0, 40])
def test_a_parent_comes_behind_its_children_and_the_rest_stays(window: int) -> None:
    document = Stretches(FAMILY.encode(), window=window) if window else loads(FAMILY)
    found = loads(Contents(document).excerpt(None))
    keys = [entry.key for entry in found.entries]
    assert keys == "child parent grand other second last third more end".split()


def test_entries_stay_where_a_macro_changes_its_meaning() -> None:
    text = "@string{x={a}}\n@book{p, title=x}\n@string{x={b}}\n@misc{c, title=x, crossref={p}}\n"
    assert Contents(loads(text)).excerpt(["c"]).replace("\n\n", "\n") == text


def test_entries_that_are_their_own_ancestors_are_all_there() -> None:
    text = "@misc{a, crossref={b}}\n@misc{b, crossref={a}}\n@misc{c, crossref={c}}\n"
    assert sorted(Contents(loads(text)).excerpt(["a", "c"]).splitlines()) == [
        *([""] * 2),
        *text.splitlines(),
    ]
