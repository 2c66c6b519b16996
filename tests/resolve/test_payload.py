"""What all payloads have in common: markup, encodings, names, dates, provenance."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks.model import Date, Identifier, Name
from citeworks.resolve.datacite import parse as parse_datacite
from citeworks.resolve.interface import PUBLISHED, Link
from citeworks.resolve.payload import (
    abstract_text,
    complete_names,
    date_from_parts,
    date_from_text,
    doi,
    doi_path,
    first,
    is_all_caps,
    latex_text,
    make_found,
    name_from_parts,
    name_from_text,
    plain,
    repair,
    rich_text,
    version_of,
)
from citeworks.resolve.words import runs
from sources_support import NOW


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a < b and c > d", "a < b and c > d"),
        ("x &lt;sub&gt;2&lt;/sub&gt;", "x <sub>2</sub>"),
        ("&amp;lt;i&amp;gt;x&amp;lt;/i&amp;gt;", "<i>x</i>"),
        ("<jats:sc>ABC</jats:sc>", '<span style="font-variant:small-caps;">ABC</span>'),
        ("<script>alert(1)</script>T", "T"),
        ('<a href="javascript:x">link</a>', "link"),
        ('<img src=x onerror="y"/>T', "T"),
        ("<i class='x'>T</i>", "<i>T</i>"),
        ("<!-- c -->T<br/>U", "T U"),
        ("<!-- c T", "<!-- c T"),
        ("<SCRIPT>x</script >y</SCRIPT>T", "T"),
        ("<![CDATA[A & B]]>", "A & B"),
        ("<tex-math>\\alpha</tex-math><mml:math><mml:mi>α</mml:mi></mml:math>", "α"),
        ("AT&T and R&D", "AT&T and R&D"),
        ("$\\alpha$-Rényi", "$\\alpha$-Rényi"),
        (None, ""),
        (5, ""),
        (["x"], ""),
    ],
)
def test_markup_becomes_rich_text(markup: Any, text: str) -> None:
    assert rich_text(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<jats:title>Abstract</jats:title><jats:p>We do.</jats:p>", "We do."),
        ("Abstract: We do.", "We do."),
        ("ABSTRACT We do.", "We do."),
        ("Abstract machines are fun.", "Abstract machines are fun."),
        ("Abstract Interpretation is old.", "Abstract Interpretation is old."),
        ("<jats:p>One.</jats:p><jats:p>Two.</jats:p>", "One. Two."),
        ("<jats:sec><jats:title>Aim</jats:title><jats:p>X</jats:p></jats:sec>", "Aim X"),
    ],
)
def test_abstracts_lose_their_heading(markup: str, text: str) -> None:
    assert abstract_text(markup) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"Schr\"odinger", "Schrödinger"),
        (r"Poincar\'{e} and {\'E}cole", "Poincaré and École"),
        (r"{\L}ukasz, \v{C}ech, Erd\H{o}s", "Łukasz, Čech, Erdős"),
        (r"an \emph{E. coli} of ~10% -- \texttt{x}", r"an <i>E. coli</i> of ~10% -- \texttt{x}"),
        (r"{\it in vivo}", "<i>in vivo</i>"),
        (r"$\alpha$ and $\'e \emph{x}$", r"$\alpha$ and $\'e \emph{x}$"),
        (r"\'", r"\'"),
        ("plain ~ text -- it''s", "plain ~ text -- it''s"),
    ],
)
def test_arxivs_latex_is_decoded_and_its_mathematics_kept(written: str, text: str) -> None:
    assert latex_text(written) == text


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        ("WÃ¼bben", "Wübben"),
        ("Fränken", "Fränken"),
        ("LukoÅ¡iÅ«tÄ—", "Lukošiūtė"),
        ("itâ€™s", "it’s"),
        ("Ã", "Ã"),
        ("Ã b", "Ã b"),
        ("ÉÂ", "ÉÂ"),
        ("日本", "日本"),
    ],
)
def test_a_wrong_encoding_is_undone(broken: str, text: str) -> None:
    assert repair(broken) == text


@given(st.text(alphabet=st.characters(min_codepoint=0x100, max_codepoint=0x17F), max_size=20))
def test_what_was_read_wrongly_comes_back(text: str) -> None:
    wrong = "".join(
        bytes([byte]).decode("cp1252", "replace").replace("\ufffd", chr(byte))
        for byte in text.encode()
    )
    assert repair(wrong) == text


@given(st.text())
def test_no_text_breaks_the_readers(text: str) -> None:
    assert isinstance(rich_text(text), str)
    assert isinstance(abstract_text(text), str)
    assert plain(text) == plain(plain(text)) or "&" in text
    name_from_text(text)
    name_from_parts(text, text, text)
    date_from_text(text)
    doi(text)


@pytest.mark.parametrize(
    ("family", "given_name", "name"),
    [
        ("Goodman", "Noah D.", Name("Goodman", "Noah D.")),
        ("van der Sommen", "Fons", Name("Sommen", "Fons", non_dropping_particle="van der")),
        ("García Márquez", "Gabriel", Name("García Márquez", "Gabriel")),
        ("Press", "William H.", Name("Press", "William H.")),
        ("Li", "Yang 2", Name("Li", "Yang 2")),
        ("OpenAI", None, Name(literal="OpenAI")),
        ("", "", None),
        (None, None, None),
    ],
)
def test_names_in_parts(family: Any, given_name: Any, name: Name | None) -> None:
    assert name_from_parts(family, given_name) == name


def test_et_al_is_no_author() -> None:
    names, is_complete = complete_names([name_from_text("Ada Lovelace"), Name(literal="et al.")])
    assert (names, is_complete) == ((Name("Lovelace", "Ada"),), False)
    assert complete_names([None, Name("X", "Y")]) == ((Name("X", "Y"),), True)


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ({"date-parts": [[2024, 2, 30]]}, Date((2024, 2))),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": [[2024, None, 5]]}, Date((2024,))),
        ({"date-parts": [["2024", "6"]]}, Date((2024, 6))),
        ({"date-parts": [[2024, 6, 5, 7, 8]]}, Date((2024, 6, 5))),
        ({"date-parts": [[], [2024]]}, Date((2024,))),
        ({"date-parts": 5}, None),
        (None, None),
    ],
)
def test_dates_in_parts(value: Any, date: Date | None) -> None:
    assert date_from_parts(value) == date


def test_a_value_of_zero_says_something() -> None:
    assert first(["", "0"]) == "0"
    assert first([None, 0]) == 0
    assert first([]) is None
    assert plain(0) == "0"
    assert plain(True) == ""


def test_titles_of_few_words_are_not_capitals() -> None:
    assert is_all_caps("ON THE SPECTRA OF THINGS")
    assert not is_all_caps("GPT-4")
    assert not is_all_caps("BERT AND I")
    assert not is_all_caps("深層学習 の 研究 開発")


def test_versions_are_arxiv_identifiers_where_they_are_arxivs() -> None:
    assert version_of("https://arxiv.org/abs/2306.16388v2") == Identifier("arxiv", "2306.16388")
    assert version_of("10.48550/arXiv.2306.16388") == Identifier("arxiv", "2306.16388")
    assert version_of("https://doi.org/10.1000/X") == Identifier("doi", "10.1000/x")
    assert version_of("https://example.org") is None


def test_a_doi_does_not_climb_out_of_its_path() -> None:
    assert ".." not in doi_path("10.1000/../../etc").split("/")
    assert doi_path("10.1002/(sici)1097..2") == "10.1002/(sici)1097..2"


def test_every_value_says_where_it_came_from_and_empty_ones_are_left_out() -> None:
    own = Identifier("doi", "10.1000/x")
    found = make_found(
        "crossref", "doi:10.1000/x", NOW, "book", {"title": "T", "volume": "", "author": ()},
        identifiers=[own, None, own], links=[None, Link(PUBLISHED, own)], titles=["T", "U", ""],
    )  # fmt: skip
    assert found.record.variables == {"title": "T"}
    assert found.record.provenance["title"].retrieved == NOW
    assert (found.identifiers, found.links, found.titles) == ((own,), (), ("U",))


@pytest.mark.parametrize(
    "piece",
    ["<script>", "<!--", "<![CDATA[", "<a ", "<", "&lt;", "$", "\\emph{", "{\\it ", "\\'", "Ã",
     ", ", "<title> abstract "],
)  # fmt: skip
def test_reading_takes_no_more_than_its_length(piece: str) -> None:
    started = time.process_time()
    hostile = piece * (400_000 // len(piece))
    abstract_text(latex_text(hostile))
    plain(hostile)
    parse_datacite(
        {
            "relatedIdentifiers": [{"relationType": "IsVersionOf", "relatedIdentifier": hostile}],
            "doi": "10.48550/x",
        }
    )
    runs(hostile)
    assert time.process_time() - started < 10
