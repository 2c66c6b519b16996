"""Styles by name and by path, dependent ones, renamed ones, and hostile ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeworks.errors import InputError, StyleError
from citeworks.render.styles import (
    MAX_STYLE_BYTES,
    RENAMED,
    Style,
    load_style,
    style_names,
    style_paths,
)

HEAD = '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0"'


def dependent(parent: str, locale: str = "", link: str = "") -> str:
    tag = link or f'<link href="http://www.zotero.org/styles/{parent}" rel="independent-parent"/>'
    attribute = f' default-locale="{locale}"' if locale else ""
    return f"{HEAD}{attribute}><info>{tag}</info></style>"


def write(folder: Path, text: str) -> str:
    path = folder / "mine.csl"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_an_independent_style_is_its_own_text() -> None:
    style = load_style("apa")
    assert style == Style("apa", style_paths()["apa"].read_text(encoding="utf-8"))


def test_an_independent_style_says_its_locale() -> None:
    assert load_style("din-1505-2").locale == "de-DE"


def test_a_dependent_style_is_its_parent_in_its_own_locale() -> None:
    style = load_style("acs-nano")
    assert style.name == "acs-nano"
    assert style.xml == load_style("american-chemical-society").xml
    assert style.locale == "en-US"


def test_a_dependent_style_without_a_locale_has_its_parents(tmp_path: Path) -> None:
    assert load_style(write(tmp_path, dependent("din-1505-2"))).locale == "de-DE"
    assert load_style(write(tmp_path, dependent("din-1505-2", "fr-FR"))).locale == "fr-FR"


@pytest.mark.parametrize(
    "link",
    [
        "<link rel='independent-parent' href='http://www.zotero.org/styles/apa'/>",
        '<link rel="independent-parent"\n  href="http://www.zotero.org/styles/apa/" />',
        '<link href = "https://example.org/apa" rel = "independent-parent"></link>',
        '<!-- <link rel="independent-parent" href="x/ieee"/> -->'
        '<link rel="independent-parent" href="x/apa"/>',
        '<link rel="template" href="x/ieee"/><link rel="independent-parent" href="x/apa"/>',
    ],
)
def test_the_parent_is_found_however_the_link_is_written(tmp_path: Path, link: str) -> None:
    assert load_style(write(tmp_path, dependent("", link=link))).xml == load_style("apa").xml


def test_a_parent_that_depends_in_its_turn_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StyleError, match="acs-nano"):
        load_style(write(tmp_path, dependent("acs-nano")))


def test_a_parent_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StyleError, match="unknown style 'nothing-like-this'"):
        load_style(write(tmp_path, dependent("nothing-like-this")))


@pytest.mark.parametrize("name", sorted(RENAMED))
def test_a_name_that_people_use_is_the_style_that_is_meant(name: str) -> None:
    expected = name if name in style_paths() else RENAMED[name]
    assert load_style(name).xml == load_style(expected).xml
    assert load_style(name.upper()).xml == load_style(expected).xml


def test_a_path_is_a_style(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "\ufeff" + load_style("apa").xml)
    assert load_style(path) == Style("mine", load_style("apa").xml)
    monkeypatch.chdir(tmp_path)
    assert load_style("mine.csl").name == "mine"


@pytest.mark.parametrize(
    "name", ["missing.csl", "no/such/style", ".", "..", "/", "a" * 5_000 + ".csl", "a\x00.csl"]
)
def test_a_path_without_a_style_file_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        load_style(name)


def test_an_unknown_style_is_refused_with_the_nearest() -> None:
    with pytest.raises(StyleError) as refused:
        load_style("natrue")
    assert "natrue" in refused.value.message
    assert "nature" in refused.value.hint


def test_a_name_like_nothing_gets_advice_all_the_same() -> None:
    with pytest.raises(StyleError) as refused:
        load_style("qqqqqqqqqqqqqqqqqqqqqq")
    assert refused.value.hint
    assert "did you mean" not in refused.value.hint


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE style [<!ENTITY x "xxxx">]>',
        '<!DOCTYPE style SYSTEM "file:///etc/passwd">',
        "<!doctype style>",
    ],
)
def test_a_document_type_is_refused_before_anything_reads_it(
    tmp_path: Path, declaration: str
) -> None:
    with pytest.raises(StyleError, match="document type"):
        load_style(write(tmp_path, declaration + load_style("apa").xml))
    with pytest.raises(StyleError, match="document type"):
        Style("mine", declaration)


def test_a_style_that_is_no_text_or_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.csl"
    path.write_bytes(b"\xff\xfe<\x00")
    with pytest.raises(StyleError, match="UTF-8"):
        load_style(str(path))
    path.write_bytes(b" " * (MAX_STYLE_BYTES + 1))
    with pytest.raises(StyleError, match="too large"):
        load_style(str(path))


@pytest.mark.parametrize("unit", ["<link ", "<!--", "<style ", "<link a", "<link rel='", "-"])
def test_a_hostile_megabyte_is_answered(tmp_path: Path, unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    assert load_style(write(tmp_path, text)).xml == text
    long = "<link " + unit.strip("<") * (1_000_000 // len(unit)) + ">"
    assert load_style(write(tmp_path, long)).xml == long


def test_every_style_at_hand_has_its_text() -> None:
    names = style_names()
    assert len(names) > 10_000
    for name in names[::50]:
        style = load_style(name)
        assert style.name == name
        assert "<citation" in style.xml
