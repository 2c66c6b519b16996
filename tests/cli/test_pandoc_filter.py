"""``pandoc --filter cite-filter`` with the real pandoc, beside ``pandoc --citeproc``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pypandoc
import pytest

from citeworks.csl_json import dump
from citeworks.render.styles import style_paths
from site_support import record

FILTER = Path(sys.executable).with_name("cite-filter")
RECORDS = [
    record("smith2020", title="Deep Nets", container_title="Journal of Nets", volume="3"),
    record("roe2021", title="Trees", author=[{"family": "Roe", "given": "Zoe"}], type="book",
           publisher="Press", issued={"date-parts": [[2021]]}),
    record("roe2021a", title="Forests", author=[{"family": "Roe", "given": "Zoe"}], type="book",
           publisher="Press", issued={"date-parts": [[2021]]}),
    record("many2019", title="Crowds", issued={"date-parts": [[2019]]},
           author=[{"family": f"Fam{n}", "given": f"Giv{n}"} for n in "abcdefgh"]),
]  # fmt: skip

DOCUMENTS = {
    "groups": "A [see @smith2020, pp. 3-5; also @many2019, chap. 2]. B [@roe2021; @roe2021a].\n",
    "in-text": "As @smith2020 says, and @many2019 [p. 4], and [-@smith2020] again.\n",
    "suffixes": "A [@smith2020, 33 and *passim*; *cf.* @roe2021, fig. 2, for more].\n",
    "footnotes": "A.[^1] B [@smith2020].\n\n[^1]: In a note, @roe2021 and [@many2019].\n",
    "lists": "- One [@smith2020]\n- Two [@roe2021, 5]\n\n> Quote [@smith2020, 6].\n",
}
NO_LOCATORS = ("groups", "nature")
"""The style prints no locators; pandoc adds them all the same."""
PLAIN_STYLES = ("apa", "chicago-author-date", "modern-language-association", "ieee", "nature")

Pandoc = Callable[..., str]

pytestmark = pytest.mark.slow


@pytest.fixture
def pandoc(folder: Path, home: Mapping[str, str]) -> Pandoc:
    (folder / "refs.json").write_text(dump(RECORDS), encoding="utf-8")

    def run(text: str, *arguments: str, **environment: str) -> str:
        path = os.pathsep.join([str(FILTER.parent), os.environ["PATH"]])
        done = subprocess.run(
            [pypandoc.get_pandoc_path(), "--columns=1000", "--bibliography=refs.json", *arguments],
            input=text, cwd=folder, env={**home, "PATH": path, **environment},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def words(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


@pytest.mark.parametrize("style", PLAIN_STYLES)
@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_citations_are_those_of_pandoc_s_own_processor(
    pandoc: Pandoc, name: str, style: str
) -> None:
    text = DOCUMENTS[name]
    if (name, style) == NO_LOCATORS:
        text = text.replace(", chap. 2", "")
    arguments = ("-t", "plain", "-M", "suppress-bibliography")
    ours = pandoc(text, "--filter", "cite-filter", *arguments, CITE_STYLE=style)
    theirs = pandoc(text, "--citeproc", "--csl", str(style_paths()[style]), *arguments)
    assert words(ours) == words(theirs)


def test_note_style_makes_footnotes_behind_the_punctuation(pandoc: Pandoc) -> None:
    text = "A [see @smith2020]. As @smith2020, who [@roe2021, 5], said.[^1]\n\n[^1]: @roe2021.\n"
    shown = pandoc(
        text, "--filter", "cite-filter", "-t", "plain", CITE_STYLE="chicago-notes-bibliography"
    )
    body, *rest = shown.split("\n\n")
    assert body == "A.[1] As Smith and Doe,[2] who,[3] said.[4]"
    assert any(part.startswith("[1] See Ann B. Smith and Joe Doe, ") for part in rest)


def test_bibliography_stands_where_pandoc_puts_it(pandoc: Pandoc) -> None:
    text = "A [@smith2020].\n\n::: {#refs}\n:::\n\nAfter.\n"
    tree = json.loads(pandoc(text, "--filter", "cite-filter", "-t", "json"))
    assert [block["t"] for block in tree["blocks"]] == ["Para", "Div", "Para"]
    (entry,) = tree["blocks"][1]["c"][1]
    assert entry["c"][0][:2] == ["ref-smith2020", ["csl-entry"]]


def test_html_links_and_emphasis_survive(pandoc: Pandoc) -> None:
    html = pandoc("A [@smith2020].\n", "--filter", "cite-filter", "-t", "html", CITE_STYLE="apa")
    assert "<em>Journal of Nets</em>" in html
    assert re.search(r'<div id="refs" class="references csl-bib-body', html)


def test_metadata_chooses_style_language_and_uncited_records(pandoc: Pandoc) -> None:
    text = "---\ncsl: apa\nlang: de-DE\nnocite: '@*'\n---\nA [@smith2020].\n"
    shown = pandoc(text, "--filter", "cite-filter", "-t", "plain")
    assert "A (Smith & Doe, 2020)." in shown
    assert "Crowds" in shown


def test_unknown_key_stays_visible(pandoc: Pandoc) -> None:
    assert "A nope?." in pandoc("A [@nope].\n", "--filter", "cite-filter", "-t", "plain")


def test_what_is_no_tree_is_refused(home: Mapping[str, str], folder: Path) -> None:
    for junk in ("", "[]", "{}", "no json"):
        done = subprocess.run(
            [FILTER], input=junk, cwd=folder, env=dict(home),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert "pandoc --filter cite-filter" in done.stderr
        assert done.stdout == ""
