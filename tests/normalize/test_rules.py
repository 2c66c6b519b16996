"""The rules, one by one and in their order."""

from __future__ import annotations

from citeworks.model import Date, Name, Provenance, Record, Value
from citeworks.model.provenance import INFERRED, USER
from citeworks.normalize import rules
from citeworks.normalize.rules import RULES, normalize

LISTING = Provenance("listing", "listing.txt:1-3")


def article(source: Provenance = LISTING, /, **variables: Value) -> Record:
    named = {name.replace("_", "-"): value for name, value in variables.items()}
    return Record("", "article").with_values(named, source)


def test_texts_are_cleaned_and_empty_ones_dropped() -> None:
    record = rules.clean_texts(article(title=" A  b\n", publisher=" ", volume=3))
    assert record.variables == {"title": "A b", "volume": 3}
    assert record.provenance.keys() == record.variables.keys()


def test_a_note_keeps_its_lines() -> None:
    assert rules.clean_texts(article(note="a: b\nc: d")).text("note") == "a: b\nc: d"


def test_markup_in_titles_and_abstracts_becomes_rich_text() -> None:
    record = rules.rich_texts(
        article(title="*E. coli*", abstract=r"**Bold** $\ell_p$, O*NET", note="*a*")
    )
    assert record.text("title") == "<i>E. coli</i>"
    assert record.text("abstract") == r"<b>Bold</b> $\ell_p$, O*NET"
    assert record.text("note") == "*a*"


def test_unsplit_names_are_split_and_empty_lists_dropped() -> None:
    record = rules.names(article(author=(Name(literal="Esin Durmus"),), editor=(Name(),)))
    assert record.names() == (Name("Durmus", "Esin"),)
    assert "editor" not in record.variables
    assert record.provenance == {"author": LISTING}


def test_a_name_that_a_person_or_a_bibliography_left_whole_stays_whole() -> None:
    for source in (USER, "bibtex", "csl-json", "crossref"):
        record = rules.names(article(Provenance(source), author=(Name(literal="Jane Street"),)))
        assert record.names() == (Name(literal="Jane Street"),)


def test_dates_are_read_and_empty_ones_dropped() -> None:
    record = rules.dates(article(issued=Date(literal="28 June 2023"), accessed=Date()))
    assert record.variables == {"issued": Date((2023, 6, 28))}


def test_identifiers_are_canonical() -> None:
    record = rules.identifiers(article(DOI="https://doi.org/10.1/ABC", ISBN="0-262-03384-4"))
    assert record.text("DOI") == "https://doi.org/10.1/ABC"
    assert record.text("ISBN") == "9780262033848"
    assert rules.identifiers(article(DOI="doi:10.1145/ABC")).text("DOI") == "10.1145/abc"


def test_an_address_that_only_says_the_doi_is_not_kept_beside_it() -> None:
    url = Provenance("crossref")
    record = article(title="A").with_values({"URL": "https://doi.org/10.1145/ABC"}, url)
    moved = rules.identifiers(record)
    assert moved.variables == {"title": "A", "DOI": "10.1145/abc"}
    assert moved.provenance["DOI"] == url


def test_an_address_that_says_another_doi_is_kept() -> None:
    record = rules.identifiers(article(DOI="10.1145/abc", URL="https://doi.org/10.1145/def"))
    assert record.text("URL") == "https://doi.org/10.1145/def"


def test_a_preprint_is_published_by_arxiv_under_its_number() -> None:
    record = normalize(article(URL="https://arxiv.org/abs/2306.16388v1"))
    assert record.custom["arxiv"] == "2306.16388"
    assert record.text("publisher") == "arXiv"
    assert record.text("number") == "arXiv:2306.16388"
    assert record.provenance["number"] == Provenance(INFERRED)


def test_an_arxiv_class_alone_gives_the_publisher_only() -> None:
    record = normalize(article(title="A").with_custom(arxiv_class="cs.CL"))
    assert record.text("publisher") == "arXiv"
    assert "number" not in record.variables


def test_what_is_stated_is_not_replaced_by_what_is_inferred() -> None:
    record = normalize(article(publisher="OSF", number="7").with_custom(arxiv="2306.16388"))
    assert (record.text("publisher"), record.text("number")) == ("OSF", "7")


def test_a_published_paper_is_not_published_by_arxiv() -> None:
    record = Record("", "paper-conference").with_values(
        {"DOI": "10.48550/arXiv.2306.16388"}, LISTING
    )
    assert normalize(record).custom["arxiv"] == "2306.16388"
    assert "publisher" not in normalize(record).variables


def test_links_of_an_abstract_are_kept_beside_those_that_are_known() -> None:
    record = article(abstract="At https://a.org/x_y. And (https://b.org).")
    assert normalize(record).custom["links"] == ["https://a.org/x_y", "https://b.org"]
    assert "URL" not in normalize(record).variables
    known = normalize(record.with_custom(links=["https://c.org", "https://b.org"]))
    assert known.custom["links"] == ["https://c.org", "https://b.org", "https://a.org/x_y"]


def test_a_type_that_csl_lacks_is_kept_aside() -> None:
    record = normalize(Record("", "unpublished", {"title": "A"}))
    assert (record.type, record.custom["type"]) == ("document", "unpublished")


def test_capitals_and_wording_stay() -> None:
    title = "BLASTNet: capabilities,and principles(e.g. CVaR) -- iPhone"
    assert normalize(article(title=title)).text("title") == title


def test_the_rules_do_not_touch_a_record_that_is_in_order() -> None:
    record = article(title="A", author=(Name("Durmus", "Esin"),), issued=Date((2023,)))
    for rule in RULES:
        assert rule(record) is record
