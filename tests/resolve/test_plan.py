"""What finds come to for one record, and what is asked next."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from citeworks.errors import NotFound, SourceError, Unavailable
from citeworks.model import Date, Identifier, Name, Provenance, Record, Value
from citeworks.resolve.case import Case, Question
from citeworks.resolve.interface import PREPRINT, PUBLISHED, Found, Link
from citeworks.resolve.plan import LINKED_BY, NAMES, SEARCH, STEPS
from citeworks.resolve.view import View

TITLE = "Quiet Lanterns over a Measured River of Words"
PEOPLE = (Name("Ashdown", "Ira"), Name("Belmonte", "Lea"), Name("Cho", "Min"))
WANTED = Record(
    "ashdown2022",
    "article",
    {"title": TITLE, "author": PEOPLE, "issued": Date((2022, 2, 24))},
    dict.fromkeys(("title", "author", "issued"), Provenance("listing", "list.txt:1-3")),
)
ARXIV_ID = Identifier("arxiv", "2202.01234")
CONFERENCE = Identifier("doi", "10.1000/conference.1")
JOURNAL = Identifier("doi", "10.1000/journal.1")


def find(
    source: str,
    *identifiers: Identifier,
    kind: str = "paper-conference",
    title: str = TITLE,
    venue: str = "",
    date: Date | None = None,
    links: tuple[Link, ...] = (),
) -> Found:
    values: dict[str, Value] = {"title": title, "author": PEOPLE}
    values["issued"] = date or Date((2023,))
    if venue:
        values["container-title"] = venue
    for each in identifiers:
        if each.scheme == "doi":
            values["DOI"] = each.value
    record = Record("", kind, values, dict.fromkeys(values, Provenance(source)))
    return Found(source, record, identifiers, links)


PREPRINT_FOUND = find("arxiv", ARXIV_ID, kind="article", date=Date((2022, 2, 24)))
AT_CONFERENCE = find("crossref", CONFERENCE, venue="Proceedings of Rivers")
IN_JOURNAL = find("crossref", JOURNAL, kind="article-journal", venue="Journal of Rivers")


def linking(found: Found, *identifiers: Identifier) -> Found:
    return replace(found, links=tuple(Link(PUBLISHED, each) for each in identifiers))


def sources_of(*finds: Found) -> tuple[list[Found], list[Found], list[Found]]:
    view = View(WANTED, finds)
    return (
        [each.found for each in view.preprint],
        [each.found for each in view.published],
        [each.found for each in view.open],
    )


def test_every_step_gives_a_reason_and_every_linking_source_is_in_the_plan() -> None:
    assert all(step.why for step in STEPS)
    assert set(LINKED_BY) <= set(NAMES)


def test_a_preprint_and_its_published_version_are_told_apart() -> None:
    preprint, published, open_ = sources_of(PREPRINT_FOUND, AT_CONFERENCE)
    assert (preprint, published, open_) == ([PREPRINT_FOUND], [AT_CONFERENCE], [])


def test_two_versions_that_fit_equally_well_are_both_reported_and_neither_is_taken() -> None:
    preprint, published, open_ = sources_of(PREPRINT_FOUND, AT_CONFERENCE, IN_JOURNAL)
    assert preprint == [PREPRINT_FOUND]
    assert published == []
    assert {each.record.text("DOI") for each in open_} == {CONFERENCE.value, JOURNAL.value}


def test_a_link_decides_between_two_versions() -> None:
    linked = linking(PREPRINT_FOUND, JOURNAL)
    _, published, open_ = sources_of(linked, AT_CONFERENCE, IN_JOURNAL)
    assert published == [IN_JOURNAL]
    assert [each.record.text("DOI") for each in open_] in ([], [CONFERENCE.value])


def test_the_better_linking_source_decides_between_two_linked_versions() -> None:
    bridge = replace(
        find("semanticscholar", Identifier("s2", "1")),
        links=(Link(PREPRINT, ARXIV_ID), Link(PUBLISHED, CONFERENCE)),
    )
    linked = linking(PREPRINT_FOUND, JOURNAL)
    wanted = WANTED.with_custom(arxiv=ARXIV_ID.value)
    view = View(wanted, (linked, bridge, AT_CONFERENCE, IN_JOURNAL))
    assert [each.found for each in view.published] == [IN_JOURNAL]


def test_what_keeps_both_versions_in_one_record_describes_neither() -> None:
    bridge = replace(
        find("semanticscholar", Identifier("s2", "1"), kind="article-journal"),
        links=(Link(PREPRINT, ARXIV_ID), Link(PUBLISHED, CONFERENCE)),
    )
    preprint, published, _ = sources_of(PREPRINT_FOUND, bridge)
    assert (preprint, published) == ([PREPRINT_FOUND], [])
    assert CONFERENCE in View(WANTED, (PREPRINT_FOUND, bridge)).followed()


def test_a_doi_that_a_published_version_names_is_looked_up_and_joined_to_it() -> None:
    dblp = replace(
        find("dblp", Identifier("dblp", "conf/rivers/Ashdown23"), CONFERENCE, venue="Rivers"),
        links=(Link(PREPRINT, ARXIV_ID),),
    )
    workshop = find("crossref", CONFERENCE, venue="Rivers Workshop Proceedings")
    _, published, _ = sources_of(PREPRINT_FOUND, dblp, workshop)
    assert {each.source for each in published} == {"dblp", "crossref"}


def test_a_reprint_with_a_cut_author_list_is_not_the_published_version() -> None:
    reprint = replace(IN_JOURNAL, is_complete=False)
    _, published, open_ = sources_of(PREPRINT_FOUND, reprint)
    assert published == []
    assert open_ == [reprint]


def test_a_retitled_version_is_taken_where_who_knows_the_preprint_names_its_venue() -> None:
    people = (*PEOPLE, Name("Duarte", "Ana"), Name("Okafor", "Ngozi"))
    title = "Values on the River: Finding and Analyzing Words in Long Language Interactions"
    new = title.replace("Analyzing", "Mapping")

    def by_all(found: Found, title: str) -> Found:
        values = {**found.record.variables, "title": title, "author": people}
        return replace(found, record=replace(found.record, variables=values))

    wanted = WANTED.with_values({"title": title}, Provenance("listing"))
    preprint, retitled = by_all(PREPRINT_FOUND, title), by_all(AT_CONFERENCE, new)
    assert View(wanted, (preprint, retitled)).published == []
    bridge = by_all(find("semanticscholar", ARXIV_ID, kind="article", venue="Proc. Rivers"), title)
    elsewhere = by_all(find("semanticscholar", ARXIV_ID, kind="article", venue="Lakes"), title)
    assert View(wanted, (preprint, retitled, elsewhere)).published == []
    view = View(wanted, (preprint, retitled, bridge))
    assert [each.found for each in view.published] == [retitled]
    preprint = replace(preprint, record=preprint.record.with_custom(arxiv_comment="At Rivers 2023"))
    for other in (f"{title} 2", f"Toward {title}", title.replace("Analyzing", "Reanalyzing")):
        assert View(wanted, (preprint, by_all(AT_CONFERENCE, other))).published == []
    sequel = by_all(AT_CONFERENCE, f"{title} 2")
    assert View(wanted, (preprint, sequel)).published == []


def without_date(found: Found) -> Found:
    values = {k: v for k, v in found.record.variables.items() if k != "issued"}
    return replace(found, record=replace(found.record, variables=values))


def test_what_is_found_does_not_depend_on_who_answered_first() -> None:
    early = find("dblp", Identifier("dblp", "conf/rivers/A22"), venue="Rivers", date=Date((2022,)))
    late = find("dblp", Identifier("dblp", "conf/rivers/A24"), venue="Rivers", date=Date((2024,)))
    undated = without_date(find("openreview", Identifier("openreview", "Abc123"), venue="Rivers"))
    full = find("crossref", CONFERENCE, venue="Proceedings of Rivers")
    brief = find("crossref", CONFERENCE)
    bridge = replace(
        find("semanticscholar", Identifier("s2", "1")),
        links=(Link(PREPRINT, ARXIV_ID), Link(PUBLISHED, CONFERENCE)),
    )
    chance = random.Random(4)
    for finds in (
        [PREPRINT_FOUND, early, late, undated],
        [PREPRINT_FOUND, early, undated],
        [linking(PREPRINT_FOUND, Identifier("dblp", "conf/rivers/A24")), early, late, undated],
        [PREPRINT_FOUND, full, brief, IN_JOURNAL, undated],
        [linking(PREPRINT_FOUND, CONFERENCE), bridge, full, brief, IN_JOURNAL, undated, early],
    ):
        told = []
        for _ in range(12):
            chance.shuffle(finds)
            case = Case(WANTED)
            for each in finds:
                case.take(Question(each.source, wanted=WANTED), [each])
            told.append(case.findings())
        assert all(each == told[0] for each in told)


def test_what_fits_two_versions_belongs_to_neither() -> None:
    early = find("dblp", Identifier("dblp", "conf/rivers/A22"), venue="Rivers", date=Date((2022,)))
    late = find("dblp", Identifier("dblp", "conf/rivers/A24"), venue="Rivers", date=Date((2024,)))
    undated = without_date(find("openreview", Identifier("openreview", "Abc123"), venue="Rivers"))
    assert sources_of(PREPRINT_FOUND, early, late, undated)[1] == []
    linked = linking(PREPRINT_FOUND, Identifier("dblp", "conf/rivers/A24"))
    assert sources_of(linked, early, late, undated)[1] == [late]
    assert sources_of(PREPRINT_FOUND, early, undated)[1] == [undated, early]


def test_the_same_year_at_another_venue_is_another_version() -> None:
    forum = find("openreview", Identifier("openreview", "Abc123"), venue="ICLR 2023")
    other = find("dblp", Identifier("dblp", "conf/icml/A23"), venue="ICML")
    assert sources_of(PREPRINT_FOUND, forum, other)[1] == []
    same = find("dblp", Identifier("dblp", "conf/iclr/A23"), venue="ICLR")
    assert sources_of(PREPRINT_FOUND, forum, same)[1] == [forum, same]


@pytest.mark.parametrize("kind", ["article", "dataset", "thesis"])
def test_what_a_registrar_calls_no_publication_is_none_for_an_index(kind: str) -> None:
    index = replace(find("openalex", CONFERENCE, venue="Rivers"), links=(Link(PREPRINT, ARXIV_ID),))
    assert sources_of(PREPRINT_FOUND, index)[1] == [index]
    registered = find("crossref", CONFERENCE, kind=kind, venue="Rivers")
    assert sources_of(PREPRINT_FOUND, index, registered)[1] == []


class Known:
    """A source that can be asked for identifiers of some schemes, and searched."""

    batch_size = 10

    def __init__(self, *schemes: str) -> None:
        self.schemes = schemes

    def supports(self, identifier: Identifier) -> bool:
        return identifier.scheme in self.schemes

    def resolve(self, identifiers: object) -> object:
        raise AssertionError

    def search(self, wanted: Record) -> object:
        raise AssertionError


SOURCES = {
    "catalogue": Known("arxiv", "doi"),
    "arxiv": Known("arxiv"),
    "crossref": Known("doi"),
    "datacite": Known("arxiv"),
    "doi": Known("doi"),
    "semanticscholar": Known("arxiv", "doi"),
}


def next_of(case: Case) -> set[tuple[str, str]]:
    from citeworks.resolve.case import questions

    return {question.name for question in questions(case, SOURCES)}


def answer(case: Case, name: tuple[str, str], found: Found | None = None) -> None:
    from citeworks.resolve.case import questions

    (question,) = [each for each in questions(case, SOURCES) if each.name == name]
    if question.identifier is None:
        case.take(question, [found] if found else [])
    else:
        case.take(question, found or NotFound("no", source=question.source))


def test_this_machine_is_asked_before_the_network_and_identifiers_before_searches() -> None:
    case = Case(WANTED)
    assert next_of(case) == {("catalogue", SEARCH)}
    answer(case, ("catalogue", SEARCH))
    assert next_of(case) == {("arxiv", SEARCH)}
    answer(case, ("arxiv", SEARCH), PREPRINT_FOUND)
    assert next_of(case) == {("catalogue", "arxiv:2202.01234")}
    answer(case, ("catalogue", "arxiv:2202.01234"))
    assert next_of(case) >= {
        (source, "arxiv:2202.01234") for source in ("arxiv", "datacite", "semanticscholar")
    }


def test_what_an_answer_names_is_looked_up_in_turn() -> None:
    case = Case(WANTED.with_custom(arxiv=ARXIV_ID.value))
    answer(case, ("catalogue", "arxiv:2202.01234"))
    answer(case, ("arxiv", "arxiv:2202.01234"), linking(PREPRINT_FOUND, CONFERENCE))
    answer(case, ("catalogue", "doi:10.1000/conference.1"))
    assert ("crossref", "doi:10.1000/conference.1") in next_of(case)


def test_doi_org_is_asked_for_what_no_registrar_knows() -> None:
    record = Record("a", "document", {"DOI": CONFERENCE.value})
    case, name = Case(record), "doi:10.1000/conference.1"
    answer(case, ("catalogue", name))
    assert ("doi", name) not in next_of(case)
    answer(case, ("crossref", name))
    assert ("doi", name) in next_of(case)


def test_a_source_that_failed_is_not_heard_and_asked_no_more() -> None:
    case = Case(WANTED.with_custom(arxiv=ARXIV_ID.value))
    question = Question("arxiv", ARXIV_ID)
    case.take(question, Unavailable("down", source="arxiv"))
    assert question.name not in next_of(case)
    assert "arxiv" not in case.findings().heard
    assert set(case.failed) == {"arxiv"}


@pytest.mark.parametrize("order", [1, -1])
def test_in_which_order_answers_came_makes_no_difference(order: int) -> None:
    finds = [PREPRINT_FOUND, AT_CONFERENCE, replace(PREPRINT_FOUND, source="datacite")][::order]
    case = Case(WANTED)
    for found in finds:
        case.take(Question(found.source, wanted=WANTED), [found])
    assert [each.source for each in case.findings().preprint] == ["arxiv", "datacite"]


def test_of_two_preprints_that_fit_the_one_of_the_day_is_taken_and_without_one_neither() -> None:
    other = Identifier("arxiv", "2206.00001")
    earlier = replace(
        PREPRINT_FOUND,
        identifiers=(other,),
        record=PREPRINT_FOUND.record.with_values(
            {"issued": Date((2022, 6, 1))}, Provenance("arxiv")
        ),
    )
    preprint, _, open_ = sources_of(PREPRINT_FOUND, earlier)
    assert preprint == [PREPRINT_FOUND]
    assert earlier not in open_
    undated = WANTED.with_values({"issued": Date((2022,))}, Provenance("listing"))
    assert View(undated, (PREPRINT_FOUND, earlier)).preprint == []


def test_a_workshop_version_that_only_an_aggregator_links_is_not_the_published_one() -> None:
    workshop = find("crossref", CONFERENCE, venue="Rivers Workshop Proceedings")
    merged = replace(
        find("openalex", CONFERENCE, venue="Rivers Workshop Proceedings"),
        links=(Link(PREPRINT, ARXIV_ID),),
    )
    _, published, _ = sources_of(PREPRINT_FOUND, merged, workshop)
    assert published == []


class Everything(Known):
    """A source that is asked for whatever there is."""

    def supports(self, identifier: Identifier) -> bool:
        return True


def asked_next(case: Case, *names: str) -> set[str]:
    from citeworks.resolve.case import questions

    sources = {name: Everything() for name in names}
    return {str(question.identifier or "") for question in questions(case, sources)}


def judged_with(found: Found) -> Case:
    case = Case(WANTED)
    case.take(Question(found.source, wanted=WANTED), [found])
    return case


RENAMED = find("arxiv", ARXIV_ID, kind="article", title="Oars", date=Date((2022, 2, 24)))
FIRST = Identifier("arxiv-version", "2202.01234v1")


def test_of_a_paper_by_the_same_people_of_the_same_day_the_first_title_is_asked() -> None:
    case = judged_with(RENAMED)
    assert case.view.preprint == []
    assert str(FIRST) in asked_next(case, "arxiv")
    case.take(Question("arxiv", FIRST), find("arxiv", ARXIV_ID, kind="article"))
    assert [each.found.record.text("title") for each in case.view.preprint] == ["Oars"]
    assert case.view.preprint[0].found.titles == (TITLE,)
    other = replace(RENAMED, source="datacite")  # what comes later has the title too
    case.take(Question("datacite", ARXIV_ID), other)
    assert len(case.view.preprint) == 2


def test_what_is_linked_with_a_preprint_has_not_its_first_title() -> None:
    case = judged_with(PREPRINT_FOUND)
    case.take(Question("arxiv", FIRST), find("arxiv", ARXIV_ID, kind="article"))
    other = replace(
        find("crossref", JOURNAL, kind="article-journal", title="Of Terns in Autumn", venue="J"),
        links=(Link(PREPRINT, ARXIV_ID),),
    )
    case.take(Question("crossref", JOURNAL), other)
    assert case.view.published == []


def test_of_others_papers_of_other_days_and_of_only_versions_it_is_not_asked() -> None:
    def told(found: Found, **values: Value) -> Found:
        return replace(found, record=found.record.with_values(values, Provenance("arxiv")))

    strangers = told(RENAMED, author=(Name("Vale", "Nora"),))
    years_later = told(RENAMED, issued=Date((2024, 5, 6)))
    only = replace(RENAMED, record=RENAMED.record.with_custom(**{"arxiv-version": 1}))
    for each in (strangers, years_later, only, PREPRINT_FOUND):
        assert str(FIRST) not in asked_next(judged_with(each), "arxiv")


def test_arxivs_other_door_is_tried_while_the_first_is_shut_and_datacite_knows_nothing() -> None:
    doors = ("arxiv", "arxiv-oai", "datacite")
    name, missing = str(ARXIV_ID), NotFound("no", source="datacite")
    table: tuple[tuple[dict[str, Found | SourceError], bool], ...] = (
        ({"arxiv": Unavailable("down", source="arxiv"), "datacite": missing}, True),
        ({"arxiv": Unavailable("down", source="arxiv"), "datacite": PREPRINT_FOUND}, False),
        ({"arxiv": NotFound("no", source="arxiv"), "datacite": missing}, False),
    )
    for answers, is_asked in table:
        case = Case(WANTED.with_custom(arxiv=ARXIV_ID.value))
        for source, answer in answers.items():
            told = replace(answer, source=source) if isinstance(answer, Found) else answer
            case.take(Question(source, ARXIV_ID), told)
            case.take(Question(source, Identifier("doi", "10.48550/arxiv.2202.01234")), missing)
        assert (name in asked_next(case, *doors)) is is_asked
    assert name in asked_next(Case(WANTED.with_custom(arxiv=ARXIV_ID.value)), "arxiv-oai")


def test_who_only_remarks_on_a_published_version_makes_none_of_a_preprint() -> None:
    linked = linking(PREPRINT_FOUND, JOURNAL)
    remark = replace(find("unpaywall", JOURNAL, kind="document"), links=())
    assert sources_of(linked, remark)[1] == []
    assert sources_of(linked, remark, IN_JOURNAL)[1] == [IN_JOURNAL, remark]


def test_what_was_written_does_not_change_what_is_searched_for() -> None:
    title = TITLE.replace("Measured", "Measuring")
    new = WANTED.with_values(
        {"title": title, "author": PEOPLE[::-1]}, Provenance("crossref", "doi:x")
    ).with_custom(preprint="10.48550/arxiv.2202.01234", titles=[TITLE], arxiv=ARXIV_ID.value)
    sought = View(new, (PREPRINT_FOUND,)).sought
    assert (sought.text("title"), sought.names()) == (TITLE, PEOPLE)
    edited = new.with_values({"title": f"{title}!"}, Provenance("user"))
    assert View(edited, (PREPRINT_FOUND,)).sought.text("title") == f"{title}!"


def test_of_doubtful_finds_a_registrars_own_record_is_not_asked_of_it_again() -> None:
    doubtful = find("crossref", CONFERENCE, title=f"Erratum: {TITLE}")
    view = View(WANTED, (PREPRINT_FOUND, doubtful))
    assert [each.tier.name for each in view.verdict.judged if each.found is doubtful] == [
        "PROBABLE"
    ]
    assert CONFERENCE not in view.followed()
    assert CONFERENCE in View(WANTED, (PREPRINT_FOUND, replace(doubtful, source="dblp"))).followed()
