"""Written names to name-parts, and what is left whole."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks.model import Name
from citeworks.normalize.names import is_collective, normalize_names, parse_name
from citeworks.normalize.text import clean_text

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CITEWORKS_DATA", CHECKOUT.parent / "shared"))


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("Esin Durmus", "Durmus", "Esin"),
        ("Thomas I. Liao", "Liao", "Thomas I."),
        ("Liao, Thomas I.", "Liao", "Thomas I."),
        ("Noah D. Goodman", "Goodman", "Noah D."),
        ("Jan-Philipp Fränken", "Fränken", "Jan-Philipp"),
        ("Zac Hatfield-Dodds", "Hatfield-Dodds", "Zac"),
        ("Miles McCain", "McCain", "Miles"),
        ("Wai Tong Chung", "Chung", "Wai Tong"),
        ("D M Kaufman", "Kaufman", "D M"),
        ("Luc Van Gool", "Van Gool", "Luc"),
        ("Leendert Van Der Torre", "Van Der Torre", "Leendert"),
        ("Ursula Le Guin", "Le Guin", "Ursula"),
        ("José Ortega y Gasset", "Ortega y Gasset", "José"),
        ("Jean d'Alembert", "d'Alembert", "Jean"),
        ("Andrew W. Senior", "Senior", "Andrew W."),
        ("Nguyen Thi Vi", "Vi", "Nguyen Thi"),
        ("danah boyd", "boyd", "danah"),
        ("William H. Press", "Press", "William H."),
        ("Press, William H.", "Press", "William H."),
        ("On Amir", "Amir", "On"),
        ("  Esin\u00a0 Durmus , ", "Durmus", "Esin"),
        ("Jan-Philipp Fra\u0308nken", "Fränken", "Jan-Philipp"),
    ],
)
def test_family_and_given(text: str, family: str, given: str) -> None:
    assert parse_name(text) == Name(family, given)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Guido van Rossum", Name("Rossum", "Guido", "", "van")),
        ("van Rossum, Guido", Name("Rossum", "Guido", "", "van")),
        ("Jan van der Berg", Name("Berg", "Jan", "", "van der")),
        ("Guy Van den Broeck", Name("Van den Broeck", "Guy")),
        ("Berg, Jan van der", Name("Berg", "Jan", "van der")),
        ("María de los Angeles Morales Isla", Name("Angeles Morales Isla", "María", "", "de los")),
        ("J. van Der Horst", Name("Der Horst", "J.", "", "van")),
        ("van Gogh", Name("Gogh", "", "", "van")),
    ],
)
def test_particles(text: str, name: Name) -> None:
    assert parse_name(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("William Darity Jr.", Name("Darity", "William", suffix="Jr.")),
        ("Joseph J LaViola Jr", Name("LaViola", "Joseph J", suffix="Jr")),
        ("F. Stuart Chapin III", Name("Chapin", "F. Stuart", suffix="III")),
        ("William Darity, Jr.", Name("Darity", "William", suffix="Jr.")),
        ("Darity, Jr., William", Name("Darity", "William", suffix="Jr.")),
        ("Darity, William, Jr.", Name("Darity", "William", suffix="Jr.")),
    ],
)
def test_suffixes(text: str, name: Name) -> None:
    assert parse_name(text) == name


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [("王 小明", "王", "小明"), ("김 건유", "김", "건유"), ("王, 小明", "王", "小明")],
)
def test_scripts_that_put_the_family_first_stay_in_that_order(
    text: str, family: str, given: str
) -> None:
    assert parse_name(text) == Name(family, given, static_ordering=True)


@pytest.mark.parametrize(
    "text",
    [
        "BigScience Workshop",
        "Gemini Team",
        "LIGO Scientific Collaboration",
        "P D P Research Group",
        "1000 Genomes Project Consortium",
        "The White House",
        "World Health Organization",
        "University of California, Berkeley",
        "Acme Widgets, Inc.",
        "Cambridge University Press",
        "MIT Press",
        "J. Craig Venter Institute",
        "Google DeepMind",
        "BigScience Workshop, Jr.",
        "OpenAI",
        "DeepSeek-AI",
        "Plato",
        "王小明",
        "Smith, John, and, others",
        "Smith,",
        "Ivan Petrov1",
    ],
)
def test_collectives_and_what_gives_no_hint_stay_whole(text: str) -> None:
    assert parse_name(text) == Name(literal=text.strip(","))


def test_collectives_are_told_from_persons() -> None:
    assert is_collective("ATLAS Collaboration")
    assert not is_collective("Esin Durmus")


def test_only_unsplit_names_are_split() -> None:
    names = (Name(literal="Esin Durmus"), Name("Le  Cun", "Yann "), Name(), Name(literal=" "))
    assert normalize_names(names) == (Name("Durmus", "Esin"), Name("Le Cun", "Yann"))


def test_names_stay_whole_where_the_source_says_so() -> None:
    assert normalize_names((Name(literal="Jane  Street"),), split=False) == (
        Name(literal="Jane Street"),
    )


def test_a_literal_beside_parts_loses_nothing() -> None:
    name = Name("Durmus", "Esin", literal="E. Durmus")
    assert normalize_names((name,)) == (name,)


@given(st.text(max_size=40) | st.text("abJ., -'vandeIV王ß", max_size=30))
def test_no_letter_of_a_name_is_lost_or_invented(text: str) -> None:
    def letters(written: str) -> list[str]:
        return sorted(character for character in written if character.isalnum())

    assert letters(str(parse_name(text))) == letters(clean_text(text))


@given(st.text(max_size=40) | st.text("abJ., -'vandeIV王ß", max_size=30))
def test_splitting_a_list_again_changes_nothing(text: str) -> None:
    names = normalize_names((Name(literal=text),))
    assert normalize_names(names) == names


def test_every_author_of_the_known_papers_is_split_as_their_records_have_it() -> None:
    facts = DATA / "http" / "seed" / "facts.json"
    if not facts.is_file():
        pytest.skip(f"no facts at {facts} (set CITEWORKS_DATA)")
    authors = [
        author for item in json.loads(facts.read_bytes())["items"] for author in item["author"]
    ]
    assert len(authors) > 300
    wrong = []
    for author in authors:
        expected = (author.get("family", ""), author.get("given", ""), author.get("literal", ""))
        written = " ".join(part for part in (expected[1], expected[0], expected[2]) if part)
        name = parse_name(written)
        family = " ".join(part for part in (name.non_dropping_particle, name.family) if part)
        if (family, name.given, name.literal) != expected:
            wrong.append((expected, name))
    assert wrong == []
