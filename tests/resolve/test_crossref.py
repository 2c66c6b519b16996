"""Crossref: what publishers deposit, searches without noise, relations and notices."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from citeworks.errors import BadResponse, NotFound, RateLimited
from citeworks.model import Date, Identifier, Name
from citeworks.resolve.crossref import parse, parse_search, parse_work
from citeworks.resolve.interface import PREPRINT, PUBLISHED, Found, Link, Notice
from citeworks.resolve.sources import Sources
from resolve_support import record
from servers import MetadataServer
from sources_support import response


def doi(value: str) -> Identifier:
    return Identifier("doi", value)


def work(**fields: Any) -> Found:
    return parse({"DOI": "10.1000/x", "type": "journal-article", "title": ["A title"], **fields})


def test_a_work_has_its_venue_and_pages(sources: Sources, metadata_server: MetadataServer) -> None:
    wanted = doi("10.1609/aaai.v34i04.5870")
    found = sources["crossref"].resolve([wanted])[wanted]
    assert isinstance(found, Found)
    assert found.record.type == "article-journal"
    values = {name: found.record.text(name) for name in ("volume", "issue", "page", "DOI")}
    assert values == {"volume": "34", "issue": "04", "page": "4436-4443", "DOI": wanted.value}
    assert found.record.text("abstract").startswith("We study")
    assert {each.locator for each in found.record.provenance.values()} == {str(wanted)}
    assert "me@lab.org" not in repr(found)
    assert metadata_server.log[0].query["mailto"] == "me@lab.org"


def test_a_plain_text_404_is_an_answer_that_is_remembered(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    wanted = doi("10.9999/none")
    for _ in range(2):
        assert isinstance(sources["crossref"].resolve([wanted])[wanted], NotFound)
    assert len(metadata_server.log) == 1


@pytest.mark.parametrize("type_", ["text/plain", "application/json"])
def test_a_404_is_an_answer_whatever_its_label(type_: str) -> None:
    assert parse_work(response("crossref", "Resource not found.", 404, type_)) is None


def test_arxivs_dois_are_not_asked_for(sources: Sources) -> None:
    assert not sources["crossref"].supports(doi("10.48550/arxiv.2306.16388"))
    assert sources["crossref"].supports(doi("10.1145/3630106.3658979"))


def test_a_search_finds_works_and_no_components(sources: Sources) -> None:
    wanted = record("Being Optimistic to Be Conservative: Quickly Learning a CVaR Policy",
                    "Ramtin Keramati, Christoph Dann", "2020")  # fmt: skip
    found = sources["crossref"].search(wanted)
    assert found[0].record.text("DOI") == "10.1609/aaai.v34i04.5870"
    assert {each.record.type for each in found} <= {"article-journal", "paper-conference"}
    assert sources["crossref"].search(record("形式手法", "", "")) == ()


def test_a_search_without_hits_is_empty_and_remembered(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    for _ in range(2):
        assert not sources["crossref"].search(record("Zzyzx qwertz", "", ""))
    assert len(metadata_server.log) == 1


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"issued": {"date-parts": [[None]]}, "created": {"date-parts": [[2012, 5, 1]]}},
         Date((2012, 5, 1))),
        ({"issued": None, "published-online": {"date-parts": [[2012, 5]]}}, Date((2012, 5))),
        ({"issued": {"date-parts": [[2012, 13]]}}, Date((2012,))),
        ({"issued": {"date-parts": [[2011, 12, 30]]},
          "published-print": {"date-parts": [[2012, 2]]}}, Date((2012, 2))),
        ({"issued": {"date-parts": [[2012, 2, 3]]},
          "published-print": {"date-parts": [[2012]]}}, Date((2012, 2, 3))),
        ({"issued": {"date-parts": []}}, None),
        ({"issued": "2012"}, None),
        ({"issued": {"date-parts": [["2012", "02"]]}}, Date((2012, 2))),
    ],
)  # fmt: skip
def test_null_and_odd_dates_are_survived(dates: dict[str, Any], expected: Date | None) -> None:
    assert work(**dates).record.date() == expected


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"family": "Dann", "given": "Christoph"}, Name("Dann", "Christoph")),
        ({"family": "van der Berg", "given": "A. B."},
         Name("Berg", "A. B.", non_dropping_particle="van der")),
        ({"family": "King", "given": "M. L.", "suffix": "Jr."},
         Name("King", "M. L.", suffix="Jr.")),
        ({"name": "CMS Collaboration"}, Name(literal="CMS Collaboration")),
        ({"given": "Plato"}, Name(literal="Plato")),
        ({"family": "MÃ¼ller", "given": "J&amp;ouml;rg"}, Name("Müller", "Jörg")),
    ],
)  # fmt: skip
def test_names_of_all_kinds(person: dict[str, Any], name: Name) -> None:
    assert work(author=[person]).record.names() == (name,)


def test_an_et_al_among_the_authors_makes_the_list_incomplete(sources: Sources) -> None:
    wanted = doi("10.5555/decoy.4")
    found = sources["crossref"].resolve([wanted])[wanted]
    assert not found.is_complete
    assert [str(each) for each in found.record.names()] == ["Roger Grosse"]
    assert found.record.is_truncated()


@pytest.mark.parametrize(
    ("written", "title"),
    [
        (["Of <i>E. coli</i> &amp; H<sub>2</sub>O"], "Of <i>E. coli</i> & H<sub>2</sub>O"),
        (["Of &lt;i&gt;E. coli&lt;/i&gt;"], "Of <i>E. coli</i>"),
        (["Two\n  lines"], "Two lines"),
        (["A <jats:italic>B</jats:italic> <b>c</b>"], "A <i>B</i> <b>c</b>"),
        (["p < 0.05 &lt; q"], "p < 0.05 < q"),
        (['<mml:math><mml:mi>x</mml:mi></mml:math>-rays'], "x-rays"),
        (["", "Second"], "Second"),
        (["0"], "0"),
        ([], ""),
    ],
)  # fmt: skip
def test_titles_become_rich_text(written: list[str], title: str) -> None:
    assert work(title=written).record.text("title") == title


def test_several_titles_are_kept_beside_the_first() -> None:
    found = work(title=["One", "Deux"], subtitle=["The start"])
    assert found.record.text("title") == "One: The start"
    assert found.titles == ("One", "Deux")


def test_a_title_in_capitals_stays_and_is_marked(sources: Sources) -> None:
    wanted = doi("10.5555/caps.1")
    found = sources["crossref"].resolve([wanted])[wanted]
    assert found.record.text("title") == "ON THE SPECTRA OF LARGE RANDOM MATRICES & GRAPHS"
    assert found.record.custom["all-caps"] == ["title"]
    assert str(found.record.date()) == "2012"
    assert "all-caps" not in work(title=["NASA CERN"]).record.custom


def test_a_retraction_is_a_notice(sources: Sources) -> None:
    wanted = doi("10.5555/retracted.1")
    found = sources["crossref"].resolve([wanted])[wanted]
    assert found.notices == (Notice("retraction", doi("10.5555/notice.1"), "2021-03-04"),)


def test_a_title_that_says_retracted_is_a_notice_and_its_rest_a_title() -> None:
    found = work(title=["RETRACTED ARTICLE: A study of things"])
    assert found.notices == (Notice("retraction"),)
    assert found.titles == ("A study of things",)


def test_a_notice_names_what_it_is_about() -> None:
    found = work(**{"update-to": [{"DOI": "10.1000/OTHER", "type": "retraction"}]})
    assert found.record.custom["notice-for"] == ["10.1000/other"]
    assert found.notices == ()


def test_relations_are_links(sources: Sources) -> None:
    wanted = doi("10.5555/hasx.1")
    found = sources["crossref"].resolve([wanted])[wanted]
    assert found.links == (Link(PREPRINT, Identifier("arxiv", "2201.55555")),)
    preprint = work(relation={"is-preprint-of": {"id-type": "doi", "id": "10.2000/Y"}})
    assert preprint.links == (Link(PUBLISHED, doi("10.2000/y")),)


@pytest.mark.parametrize(
    "body",
    ["<html></html>", {}, {"message": None}, {"message": {"title": ["x"]}}, [], "null",
     {"message": {"items": None}}],
)  # fmt: skip
def test_what_is_no_work_is_refused(body: Any) -> None:
    with pytest.raises(BadResponse):
        parse_work(response("crossref", body))
    with pytest.raises(BadResponse):
        parse_search(response("crossref", body))


def test_odd_shapes_are_survived() -> None:
    found = work(
        title="A text", author={"family": "One", "given": "Only"}, ISSN="1234-5678", ISBN=[None],
        relation=[], event=[], editor=None, abstract=5, page=7, **{"container-title": None},
    )  # fmt: skip
    assert found.record.text("title") == "A text"
    assert found.record.names() == (Name("One", "Only"),)
    assert found.record.text("page") == "7"


def test_too_many_requests_say_for_how_long(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    metadata_server.fault("crossref", "429", retry_after=30)
    wanted = doi("10.5555/hasx.1")
    answer = sources["crossref"].resolve([wanted])[wanted]
    assert isinstance(answer, RateLimited)
    assert answer.retry_after == 30
    other = doi("10.1000/other")
    assert isinstance(sources["crossref"].resolve([other])[other], RateLimited)
    assert len(metadata_server.log) == 1


def test_recorded_works_are_read(shared_data: Path) -> None:
    path = shared_data / "http/recorded/refchecker_cache/crossref.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        works = [each for line in lines for each in json.loads(line) if isinstance(each, dict)]
    assert len(works) > 1000
    for each in works:
        found = parse(each)
        assert found.record.provenance.keys() == found.record.variables.keys()
        assert "<jats" not in found.record.text("abstract")
        assert found.record.text("DOI") == each["DOI"].lower()


def test_a_recorded_transform_and_404_are_read(shared_data: Path) -> None:
    folder = shared_data / "http/recorded/crossref"
    (told,) = json.loads((folder / "cr_abstract_not_found.json").read_text(encoding="utf-8"))
    assert parse_work(response("crossref", told["body"], int(told["status"]))) is None
    told = json.loads((folder / "test_works_with_one_id.json").read_text(encoding="utf-8"))[0]
    found = parse_work(response("crossref", told["body"], int(told["status"])))
    assert found is not None
    assert found.record.text("container-title")
