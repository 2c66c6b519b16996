"""The styles that the project brings: valid CSL 1.0.2, complete, true to their names."""

from __future__ import annotations

import warnings
from pathlib import Path

import citeproc
import pytest
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    Locator,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from lxml import etree

from citeworks.csl_json import item_from_record
from citeworks.model import Date, Name, Record
from citeworks.render.engines import ENGINES, load_renderer
from citeworks.render.styles import load_style, own_styles_folder

CSL = "{http://purl.org/net/xbiblio/csl}"
SCHEMA = Path(citeproc.__file__).parent / "data/schema/schemas/styles/csl.rng"
OWN = sorted(own_styles_folder().glob("*.csl"))

ARTICLE = Record(
    "older",
    "article-journal",
    {
        "title": "On the Measurement of Rivers",
        "author": (Name("Lovelace", "Ada Mary"), Name("Hopper", "Grace"), Name("Noether", "Emmy")),
        "issued": Date((2019, 3)),
        "container-title": "Journal of Hydrography",
        "volume": "12",
        "issue": "3",
        "page": "100-117",
        "DOI": "10.1000/rivers",
    },
)
BOOK = Record(
    "newer",
    "book",
    {
        "title": "Bridges",
        "author": (Name("Brunel", "Isambard Kingdom"),),
        "issued": Date((2021,)),
        "publisher": "Clifton Press",
    },
)
UNDATED = Record("undated", "webpage", {"title": "Notes on Fog", "URL": "https://example.org/fog"})


by_engine = pytest.mark.parametrize("engine", ENGINES)


def bibliography(engine: str, style: str, *records: Record, output: str = "text") -> list[str]:
    return [
        text
        for _, text in load_renderer(engine, load_style(style), "", output).bibliography(records)
    ]


@pytest.fixture(scope="module")
def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMA))


def test_the_project_brings_two_styles() -> None:
    assert [path.stem for path in OWN] == ["citeworks-cv", "citeworks-note"]


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_style_is_valid_csl(path: Path, schema: etree.RelaxNG) -> None:
    assert schema.validate(etree.parse(path)), schema.error_log


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_info_block_is_complete(path: Path) -> None:
    info = etree.parse(path).getroot().find(f"{CSL}info")
    for name in (
        "title",
        "title-short",
        "id",
        "author",
        "category",
        "summary",
        "updated",
        "rights",
    ):
        assert info.find(f"{CSL}{name}") is not None, name
    assert info.findtext(f"{CSL}id").endswith(f":{path.stem}")


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_every_macro_is_defined_and_used(path: Path) -> None:
    root = etree.parse(path).getroot()
    defined = [each.get("name") for each in root.iter(f"{CSL}macro")]
    used = {each.get("macro") for each in root.iter() if each.get("macro")}
    assert len(defined) == len(set(defined))
    assert set(defined) == used


@by_engine
def test_cv_lists_the_newest_first_and_the_undated_last(engine: str) -> None:
    made = load_renderer(engine, load_style("citeworks-cv"), "", "text").bibliography(
        [ARTICLE, UNDATED, BOOK]
    )
    assert [key for key, _ in made] == ["newer", "older", "undated"]


@by_engine
def test_cv_sorts_by_the_whole_date_and_not_by_the_month(engine: str) -> None:
    dated = [
        Record(f"{year}-{month}", "article", {"title": "T", "issued": Date((year, month, 20))})
        for year, month in ((2022, 12), (2026, 1), (2022, 2), (2024, 5))
    ]
    made = load_renderer(engine, load_style("citeworks-cv"), "", "text").bibliography(dated)
    assert [key for key, _ in made] == ["2026-1", "2024-5", "2022-12", "2022-2"]


@by_engine
def test_cv_formats_an_article_a_book_and_a_page(engine: str) -> None:
    assert bibliography(engine, "citeworks-cv", ARTICLE, BOOK, UNDATED) == [
        "2021. I. K. Brunel. Bridges. Clifton Press.",
        "2019. A. M. Lovelace, G. Hopper, and E. Noether. On the Measurement of Rivers."
        " Journal of Hydrography 12(3):100–117. https://doi.org/10.1000/rivers",
        "N.d. Notes on Fog. https://example.org/fog",
    ]


@by_engine
def test_cv_sets_the_titles_of_books_and_journals_in_italics(engine: str) -> None:
    book, article = bibliography(engine, "citeworks-cv", BOOK, ARTICLE, output="html")
    assert "<i>Bridges</i>" in book
    assert "<i>Journal of Hydrography</i>" in article
    assert "Rivers</i>" not in article


@by_engine
def test_cv_names_every_author(engine: str) -> None:
    many = tuple(Name(f"Family{letter}", letter) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    crowd = Record("crowd", "article", {"title": "T", "author": many, "issued": Date((2020,))})
    (text,) = bibliography(engine, "citeworks-cv", crowd)
    assert all(name.family in text for name in many)
    assert "et al" not in text


@by_engine
def test_note_bibliography_is_sorted_by_name(engine: str) -> None:
    book, article = bibliography(engine, "citeworks-note", ARTICLE, BOOK)
    assert book == "Brunel, I. K., Bridges (Clifton Press, 2021)."
    # The locale wants the comma inside the quotation marks; citeproc-py leaves it outside.
    assert article.replace("”,", ",”") == (
        "Lovelace, A. M., G. Hopper, and E. Noether, “On the Measurement of Rivers,” Journal of"
        " Hydrography 12.3 (2019), pp. 100–17, doi:10.1000/rivers."
    )


def footnotes(*cited: tuple[Record, str]) -> list[str]:
    """The notes that citeproc-py makes of these records and page locators, in this order."""
    items = {record.key: {**item_from_record(record), "id": record.key} for record, _ in cited}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        style = CitationStylesStyle(str(own_styles_folder() / "citeworks-note.csl"), validate=False)
        made = CitationStylesBibliography(
            style, CiteProcJSON(list(items.values())), formatter.plain
        )
        notes = [
            Citation(
                [CitationItem(record.key, **({"locator": Locator("page", page)} if page else {}))]
            )
            for record, page in cited
        ]
        for note in notes:
            made.register(note)
        return [str(made.cite(note, lambda item: None)) for note in notes]


def test_first_note_is_in_full() -> None:
    assert footnotes((BOOK, "")) == ["I. K. Brunel, Bridges (Clifton Press, 2021)."]


def test_same_work_again_is_ibid() -> None:
    assert footnotes((BOOK, ""), (BOOK, ""))[1] == "Ibid."


def test_same_work_at_a_page_is_ibid_with_the_page() -> None:
    assert footnotes((BOOK, ""), (BOOK, "12"))[1] == "Ibid., p. 12."


def test_work_cited_before_another_comes_in_short_form() -> None:
    assert footnotes((BOOK, ""), (ARTICLE, ""), (BOOK, ""))[2].startswith("Brunel, Bridges")
