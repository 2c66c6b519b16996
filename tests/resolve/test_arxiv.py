"""arXiv's query API: batches, poison, empty pages, searches, and what entries say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from citeworks.errors import BadResponse, NotFound, SourceError
from citeworks.http import Response
from citeworks.model import Identifier, Name
from citeworks.model.identifier import parse_arxiv
from citeworks.resolve.arxiv import BATCH, parse, parse_page, queries, withdrawals
from citeworks.resolve.interface import PUBLISHED, Found, Link, Notice
from citeworks.resolve.sources import Sources
from resolve_support import record
from servers import MetadataServer
from sources_support import response


def arxiv(*values: str) -> list[Identifier]:
    return [Identifier("arxiv", value) for value in values]


def recorded(shared_data: Path, name: str) -> Response:
    (path,) = (shared_data / "http/recorded/arxiv").glob(f"{name}_*.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    return response("arxiv", told["body"], told["status_code"])


def test_an_entry_is_a_preprint_with_all_its_authors(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    (identifier,) = arxiv("2108.07258")
    found = sources["arxiv"].resolve([identifier])[identifier]
    assert isinstance(found, Found)
    assert found.record.type == "article"
    assert len(found.record.names()) == 114
    assert str(found.record.date()) == "2021-08-16"
    assert found.record.text("DOI") == "10.48550/arxiv.2108.07258"
    assert found.record.custom["arxiv-class"] == "cs.LG"
    assert found.identifiers[0] == identifier
    locators = {origin.locator for origin in found.record.provenance.values()}
    assert locators == {"arXiv:2108.07258"}
    assert found.record.provenance.keys() == found.record.variables.keys()
    assert metadata_server.url not in repr(found)


def test_a_published_doi_is_a_link(sources: Sources) -> None:
    (identifier,) = arxiv("2406.07814")
    found = sources["arxiv"].resolve([identifier])[identifier]
    assert found.linked(PUBLISHED) == (Identifier("doi", "10.1145/3630106.3658979"),)


def test_all_are_asked_for_at_once_and_known_afterwards(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    wanted = arxiv(*metadata_server.corpus.preprints)
    answers = sources["arxiv"].resolve(wanted)
    assert all(isinstance(each, Found) for each in answers.values())
    for identifier, found in answers.items():
        assert found.record.custom["arxiv"] == identifier.value
    sources["arxiv"].resolve(wanted)
    sources["arxiv"].resolve(wanted[::2])
    assert len(metadata_server.log) == 1
    assert metadata_server.log[0].query["max_results"] == str(len(wanted))


def test_a_missing_identifier_is_no_other_ones_answer(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    first, missing, last = arxiv("2306.16388", "2401.00001", "1911.01546")
    answers = sources["arxiv"].resolve([missing, last, first])
    assert isinstance(answers[missing], NotFound)
    assert answers[first].record.text("title").startswith("Towards Measuring")
    assert answers[last].record.text("title").startswith("Being Optimistic")
    sources["arxiv"].resolve([missing])
    assert len(metadata_server.log) == 1


def test_malformed_identifiers_are_never_sent(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    bad = [*arxiv("abc", "2306.163", "9999.99999", "2306.16388v1"), Identifier("pmid", "1")]
    assert not any(sources["arxiv"].supports(each) for each in bad)
    answers = sources["arxiv"].resolve([*bad, *arxiv("2306.16388")])
    assert sum(isinstance(each, NotFound) for each in answers.values()) == len(bad)
    assert [each.query["id_list"] for each in metadata_server.log] == ["2306.16388"]


def test_arxivs_own_doi_is_an_arxiv_identifier(sources: Sources) -> None:
    doi = Identifier("doi", "10.48550/arxiv.2306.16388")
    assert sources["arxiv"].supports(doi)
    assert sources["arxiv"].resolve([doi])[doi].record.custom["arxiv"] == "2306.16388"
    assert not sources["arxiv"].supports(Identifier("doi", "10.1145/3630106.3658979"))


@pytest.mark.parametrize(("kind", "most"), [("poison", 2), ("silent-poison", 15)])
def test_an_identifier_that_poisons_its_batch_is_taken_out(
    sources: Sources, metadata_server: MetadataServer, kind: str, most: int
) -> None:
    metadata_server.fault("arxiv", kind, where="2304.08486", to="2304.08486")
    wanted = arxiv(*metadata_server.corpus.preprints)
    answers = sources["arxiv"].resolve(wanted)
    failed = [each.value for each in wanted if not isinstance(answers[each], Found)]
    assert failed == ["2304.08486"]
    assert len(metadata_server.log) <= most


def test_a_service_that_refuses_everything_is_not_asked_for_ever(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    metadata_server.fault("arxiv", "400")
    answers = sources["arxiv"].resolve(arxiv(*(f"2401.{n:05d}" for n in range(1, 101))))
    assert not any(isinstance(each, Found | NotFound) for each in answers.values())
    assert len(metadata_server.log) <= 45


def test_an_empty_page_that_should_not_be_empty_is_asked_for_again(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    metadata_server.fault("arxiv", "empty", times=2)
    (identifier,) = arxiv("2306.16388")
    assert isinstance(sources["arxiv"].resolve([identifier])[identifier], Found)
    assert len(metadata_server.log) == 3


def test_an_empty_page_for_ever_is_a_failure_and_not_kept(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    metadata_server.fault("arxiv", "empty")
    (identifier,) = arxiv("2306.16388")
    assert isinstance(sources["arxiv"].resolve([identifier])[identifier], BadResponse)
    metadata_server.heal()
    assert isinstance(sources["arxiv"].resolve([identifier])[identifier], Found)


@pytest.mark.parametrize("kind", ["html", "entities", "truncated", "500", "429", "down"])
def test_a_fault_that_passes_is_survived(
    sources: Sources, metadata_server: MetadataServer, kind: str
) -> None:
    metadata_server.fault("arxiv", kind, times=1)
    (identifier,) = arxiv("2306.16388")
    assert isinstance(sources["arxiv"].resolve([identifier])[identifier], Found)


def test_a_source_that_is_down_gives_errors_as_answers(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    metadata_server.fault("arxiv", "503")
    answers = sources["arxiv"].resolve(arxiv("2306.16388", "1911.01546"))
    assert all(
        isinstance(each, SourceError) and not isinstance(each, NotFound)
        for each in answers.values()
    )


def test_more_than_a_batch_is_sent_in_batches(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    many = arxiv(*(f"2401.{number:05d}" for number in range(1, 2 * BATCH + 2)))
    answers = sources["arxiv"].resolve(many)
    assert len(answers) == len(many)
    sizes = [len(each.query["id_list"].split(",")) for each in metadata_server.log]
    assert sizes == [BATCH, BATCH, 1]


@pytest.mark.parametrize(
    "title",
    [
        "Operationalising the Definition of General Purpose AI Systems: Assessing Four Approaches",
        "Sycophancy to Subterfuge: Investigating Reward-Tampering in Large Language Models",
        "Clio: Privacy-Preserving Insights into Real-World AI Use",
        "On the Opportunities and Risks of Foundation Models",
    ],
)
def test_titles_with_operators_in_them_are_found(sources: Sources, title: str) -> None:
    found = sources["arxiv"].search(record(title, "", ""))
    assert found[0].record.text("title").startswith(title[:20])


def test_a_search_falls_back_to_words_and_then_to_the_day(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    wanted = record(
        "Studying Large Model Generalization with Influence Functions", "Roger Grosse", "2023-08-07"
    )
    assert sources["arxiv"].search(wanted)
    assert len(metadata_server.log) == 2
    metadata_server.forget()
    unknown = record("Nothing Like It Was Ever Written", "Nobody Atall", "2023-08-07")
    assert sources["arxiv"].search(unknown) == ()
    said = [each.query["search_query"] for each in metadata_server.log]
    assert "submittedDate:[202308050000 TO 202308092359]" in said[2]
    assert len(said) == 4


def test_queries_hold_no_operators_of_the_title() -> None:
    wanted = record(
        r"$\alpha$-Rényi: Zero-Shot (Re)use of \emph{Big} “Models” AND the OR", "Ana O'Neil", ""
    )
    for query in queries(wanted):
        inside = query.replace(" AND ", " ").replace("ti:", "").replace("all:", "")
        assert not set(inside.replace("au:", "").replace('"', "")) & set("-:()$\\“'")
    assert list(queries(record("形式手法", "", ""))) == []
    assert list(queries(record("", "Somebody", ""))) == []


def test_recorded_answers_are_read(shared_data: Path) -> None:
    assert parse_page(recorded(shared_data, "id_0000.0000")).entries == {}
    mixed = parse_page(recorded(shared_data, "id_0808.05394_1707.08567"))
    assert list(mixed.entries) == ["1707.08567"]
    error = parse_page(recorded(shared_data, "id_abc"))
    assert (error.is_error, error.culprit) == (True, "abc")
    old = parse_page(recorded(shared_data, "id_astro-ph"))
    assert list(old.entries) == ["astro-ph/0601001"]


def test_names_in_a_wrong_encoding_are_repaired(shared_data: Path) -> None:
    page = parse_page(recorded(shared_data, "id_1707.08567"))
    names = parse(page.entries["1707.08567"]).record.names()
    assert Name("Wübben", "Dirk") in names
    assert Name("With", "Peter H. N.", non_dropping_particle="de") in names


def test_an_old_error_with_status_200_is_an_error() -> None:
    body = (
        "<feed><entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_x</id>"
        "<title>Error</title><summary>incorrect id format for x</summary></entry></feed>"
    )
    assert parse_page(response("arxiv", body)).culprit == "x"


def test_a_title_0_is_a_title(sources: Sources) -> None:
    (identifier,) = arxiv("1808.00001")
    assert sources["arxiv"].resolve([identifier])[identifier].record.text("title") == "0"


@pytest.mark.parametrize(
    "body", ["", "<html></html>", "<feed>", '<!DOCTYPE feed [<!ENTITY a "b">]><feed>&a;</feed>']
)
def test_what_is_no_feed_is_refused(body: str) -> None:
    with pytest.raises(BadResponse):
        parse_page(response("arxiv", body))


def test_a_link_to_itself_is_no_published_version() -> None:
    now = datetime.now(UTC)
    body = (
        '<feed xmlns:arxiv="http://arxiv.org/schemas/atom"><entry>'
        "<id>http://arxiv.org/abs/2306.16388v2</id><title>A  \n title</title>"
        "<arxiv:doi>{}</arxiv:doi></entry></feed>"
    )
    for doi, links in (
        ("10.48550/arXiv.2306.16388", ()),
        ("10.1145/1.2", (Link(PUBLISHED, Identifier("doi", "10.1145/1.2")),)),
        ("nonsense", ()),
    ):
        page = parse_page(response("arxiv", body.format(doi)))
        found = parse(page.entries["2306.16388"], now)
        assert found.links == links
        assert found.record.text("title") == "A title"


RENAMED = "2307.77777"


def test_the_first_version_has_its_own_title_and_is_kept_apart(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    (latest,), first = arxiv(RENAMED), Identifier("arxiv-version", f"{RENAMED}v1")
    gone = Identifier("arxiv-version", f"{RENAMED}v7")
    for _ in range(2):
        answers = sources["arxiv"].resolve([first, latest, gone])
        assert list(answers) == [first, latest, gone]
        assert answers[first].record.text("title").startswith("Do Words Drift?")
        assert answers[first].record.custom["arxiv-version"] == 1
        assert answers[latest].record.text("title").startswith("Lanterns on a River")
        assert answers[latest].record.custom["arxiv-version"] == 2
        assert isinstance(answers[gone], NotFound)
    asked = [each.query["id_list"] for each in metadata_server.log]
    assert asked == [RENAMED, f"{RENAMED}v1,{RENAMED}v7"]


@pytest.mark.parametrize(
    "value", ["v1", "x v1", f"{RENAMED}v0", RENAMED, "abcv1", f"{RENAMED}v1,2"]
)
def test_a_malformed_version_is_never_sent(sources: Sources, value: str) -> None:
    assert not sources["arxiv"].supports(Identifier("arxiv-version", value))


@pytest.mark.parametrize("written", ["math.GT/0309136", "math/0309136", "math/0309136v1"])
def test_old_identifiers_are_asked_for_without_class_and_version(
    sources: Sources, metadata_server: MetadataServer, written: str
) -> None:
    (identifier,) = arxiv(parse_arxiv(written))
    found = sources["arxiv"].resolve([identifier])[identifier]
    assert found.record.text("title") == "Knots in Hollow Tori"
    assert found.record.text("DOI") == "10.48550/arxiv.math/0309136"
    assert [each.query["id_list"] for each in metadata_server.log] == ["math/0309136"]


@pytest.mark.parametrize("source", ["arxiv", "arxiv-oai"])
def test_a_withdrawn_paper_says_so(sources: Sources, source: str) -> None:
    (identifier,) = arxiv("1905.88888")
    found = sources[source].resolve([identifier])[identifier]
    assert found.notices == (Notice("withdrawal", date="2020-03-04"),)


@pytest.mark.parametrize(
    ("comment", "abstract", "is_withdrawn"),
    [
        ("This paper has been withdrawn by the author", "", True),
        ("", "This submission has been withdrawn by arXiv administrators due to a dispute", True),
        ("Withdrawn by the authors", "", True),
        ("12 pages. Accepted at X, withdrawn from Y", "We study withdrawn drugs.", False),
        ("", "Withdrawn drugs are studied.", False),
        ("", "This paper has been accepted.", False),
    ],
)
def test_only_what_says_so_itself_is_withdrawn(
    comment: str, abstract: str, is_withdrawn: bool
) -> None:
    assert bool(withdrawals(comment, abstract)) is is_withdrawn
