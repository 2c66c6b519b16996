"""References made from papers: right ones in all their legitimate forms, and fabricated ones.

Knows how people write names, venues, years and identifiers, and how references are invented. Each
kind is a function of a paper, a source of chance and the other papers; it gives the fields of a
BibTeX entry, or None where the paper does not lend itself to it.
"""

from __future__ import annotations

import datetime
import random
import re
import unicodedata
from collections.abc import Callable, Sequence

from benchmarks.written_venues import WRITTEN
from citeworks.model import Name, Record
from citeworks.resolve.venues import VENUES, venue_id

TODAY = datetime.date(2026, 6, 30)

_SHORT = {title: short for short, title, _ in VENUES}

Fields = dict[str, str]
Papers = Sequence[Record]
Make = Callable[[Record, random.Random, Papers], Fields | None]


def _year(paper: Record) -> int:
    date = paper.date()
    return date.year or 0 if date else 0


def _fields(paper: Record, **other: str) -> Fields:
    """The reference as it should be, with other fields; an empty one is left out."""
    date = paper.date()
    fields = {
        "title": paper.text("title"),
        "author": _people(paper.names()),
        "booktitle": paper.text("container-title"),
        "year": str(date.year) if date else "",
        "doi": paper.text("DOI"),
    }
    if paper.type == "article-journal":
        fields["journal"] = fields.pop("booktitle")
        other = {"journal" if name == "booktitle" else name: v for name, v in other.items()}
    return {name: value for name, value in (fields | other).items() if value}


def _people(names: Sequence[Name], spell: Callable[[Name], str] = str) -> str:
    return " and ".join(spell(name) for name in names)


def _last(name: Name) -> str:
    return " ".join(filter(None, (name.non_dropping_particle, name.family))) or name.literal


def _initials(name: Name) -> str:
    letters = " ".join(f"{part[0]}." for part in re.split(r"[\s-]+", name.given) if part)
    return f"{_last(name)}, {letters}" if letters else _last(name)


def _no_middle(name: Name) -> str:
    return f"{name.given.split(' ')[0]} {_last(name)}" if name.given else _last(name)


def _with_middle(name: Name) -> str:
    return f"{name.given} Q. {_last(name)}" if " " not in name.given else str(name)


def _family_first(name: Name) -> str:
    return f"{_last(name)} {name.given}" if " " not in name.given + _last(name) else str(name)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _german(text: str) -> str:
    for letter, spelled in zip("äöüøå", "ae oe ue oe aa".split(), strict=True):
        text = text.replace(letter, spelled)
    return text


def _latex(text: str) -> str:
    signs = {"\u0301": "'", "\u0300": "`", "\u0308": '"', "\u0302": "^", "\u0303": "~"}
    decomposed = unicodedata.normalize("NFD", text)
    return re.sub(
        "(.)([\u0301\u0300\u0308\u0302\u0303])",
        lambda found: f"{{\\{signs[found[2]]}{found[1]}}}",
        decomposed,
    )


def _respelled(spell: Callable[[Name], str]) -> Make:
    return lambda paper, chance, papers: _fields(paper, author=_people(paper.names(), spell))


def _rewritten(write: Callable[[str], str]) -> Make:
    def make(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
        people = _people(paper.names())
        return _fields(paper, author=write(people)) if write(people) != people else None

    return make


def _cut(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    names = paper.names()
    kept = chance.choice([1, 2, 3, 6, 10])
    if len(names) <= kept:
        return None
    return _fields(paper, author=_people(names[:kept]) + " and others")


def _reordered(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    names = list(paper.names())
    return _fields(paper, author=_people(chance.sample(names, len(names))))


def _other_venue_name(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    forms = WRITTEN.get(_SHORT.get(paper.text("container-title"), ""))
    if not forms:
        return None
    form, year = chance.choice(forms.split("|")), _year(paper)
    form = form.replace("YYYY", str(year)).replace("YY", f"{year % 100:02d}")
    return _fields(paper, booktitle=form)


def _as_preprint(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    if _year(paper) < 2010:
        return None
    year = _year(paper) - chance.choice([0, 0, 1, 1, 2])
    number = f"{year % 100:02d}{chance.randrange(1, 13):02d}.{chance.randrange(20000):05d}"
    form = chance.choice(["arXiv preprint arXiv:{}", "arXiv", "CoRR, abs/{}", "ArXiv, abs/{}", ""])
    doi = chance.choice(["", f"10.48550/arXiv.{number}"])
    return _fields(paper, booktitle=form.format(number), year=str(year), doi=doi)


def _with_arxiv_doi(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    if _year(paper) < 2010:
        return None
    number = f"{(_year(paper) - chance.choice([0, 1, 1, 2, -1])) % 100:02d}"
    return _fields(paper, doi=f"10.48550/arXiv.{number}{chance.randrange(1, 13):02d}.12345")


_LATER = (
    "Mach. Learn.|J. Mach. Learn. Res.|IEEE Trans. Pattern Anal. Mach. Intell.|Neurocomputing"
    "|Artif. Intell.|Trans. Mach. Learn. Res.|Pattern Recognit.|SIAM J. Comput.|J. ACM|Int. J."
    " Comput. Vis.|Neural Networks|IEEE Access|Knowl. Based Syst.|VLDB J.|Inf. Sci.|Algorithmica"
)


def _later_in_a_journal(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    if paper.type == "article-journal":
        return None
    year = str(_year(paper) + chance.choice([0, 1, 1, 2, 2, 3]))
    doi = chance.choice(["", "10.1007/s10994-022-06153-4", "10.1016/j.artint.2022.103695"])
    return _fields(paper, booktitle=chance.choice(_LATER.split("|")), year=year, doi=doi)


def _numbered_names(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    """Namesakes as DBLP tells them apart."""
    names = [str(name) for name in paper.names()]
    names[chance.randrange(len(names))] += f" {chance.randrange(1, 99):04d}"
    return _fields(paper, author=" and ".join(names))


def _doi_slip(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    """A digit of the DOI is another one."""
    doi = paper.text("DOI")
    if not doi or not doi[-1].isdigit():
        return None
    return _fields(paper, doi=doi[:-1] + str((int(doi[-1]) + chance.randrange(1, 10)) % 10))


def _next_year(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    return _fields(paper, year=str(_year(paper) + chance.choice([-1, 1])))


def _other_doi_form(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    doi = paper.text("DOI")
    forms = ["https://doi.org/{}", "doi:{}", "http://dx.doi.org/{}", "https://doi.org/{} ", "{}."]
    form = chance.choice(forms)
    return _fields(paper, doi=form.format(chance.choice([doi, doi.upper()]))) if doi else None


def _repository_doi(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    """A copy in a repository, or the DOI that a digital library made up for its own use."""
    forms = "10.5555/35407{}|10.5281/zenodo.{}|10.3929/ethz-b-000{}|10.17863/cam.{}|10.1184/r1/{}"
    if paper.text("DOI"):
        return None
    return _fields(
        paper, doi=chance.choice(forms.split("|")).format(chance.randrange(10**5, 10**6))
    )


def _title_case(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    title = paper.text("title")
    forms = [title.upper(), title.lower(), title.capitalize(), title.title(), f"{title}."]
    forms += [title.replace(": ", " - "), title.replace("-", " "), f"{{{title}}}"]
    forms += [title.replace(" and ", r" \& "), re.sub(r"\b([A-Z]{2,})\b", r"{\1}", title)]
    return _fields(paper, title=chance.choice(forms))


def _title_slip(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    title = paper.text("title")
    at = chance.randrange(3, len(title))
    return _fields(paper, title=title[:at] + title[at + 1 :])


def _bare(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    names = chance.sample(["year", "booktitle", "doi", "author"], 2)
    return _fields(paper, **dict.fromkeys(names, ""))


def _as_it_is(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    return _fields(paper)


RIGHT: dict[str, Make] = {
    "as it is": _as_it_is,
    "initials": _respelled(_initials),
    "no middle names": _respelled(_no_middle),
    "a middle initial more": _respelled(_with_middle),
    "family name first": _respelled(_family_first),
    "no accents": _rewritten(_plain),
    "ue for ü": _rewritten(_german),
    "LaTeX accents": _rewritten(_latex),
    "hyphens as spaces": _rewritten(lambda people: people.replace("-", " ")),
    "no hyphens": _rewritten(lambda people: re.sub(r"-(\w)", lambda m: m[1].lower(), people)),
    "capitals": _rewritten(lambda people: people.upper().replace(" AND ", " and ")),
    "and others": _cut,
    "another order": _reordered,
    "the venue's other names": _other_venue_name,
    "as a preprint": _as_preprint,
    "with arXiv's DOI": _with_arxiv_doi,
    "a year beside": _next_year,
    "another form of the DOI": _other_doi_form,
    "a repository's DOI": _repository_doi,
    "a digit of the DOI wrong": _doi_slip,
    "later in a journal": _later_in_a_journal,
    "DBLP's numbers of namesakes": _numbered_names,
    "another case of the title": _title_case,
    "a letter of the title lost": _title_slip,
    "two fields lacking": _bare,
    "not in it": _as_it_is,
    "not in it, other venue name": _other_venue_name,
    "not in it, as a preprint": _as_preprint,
    "not in it, initials": _respelled(_initials),
}
"""References that are right. All but the last need the paper itself to be recognised."""


def _other(paper: Record, chance: random.Random, papers: Papers) -> Record:
    while True:
        other = chance.choice(papers)
        if other.text("title") != paper.text("title"):
            return other


_GIVEN = (
    "Priya Marco Olga James Mei Elena Patrick Amir Rachel Kenji Tomoko Ilia Daphne Ekin".split()
)
_FAMILY = (
    "Chatterjee Bianchi Sokolova Wright Okonkwo Fischer Vasquez Murphy Rezaei Thompson Moreira"
).split()


def _strangers(chance: random.Random, count: int) -> str:
    return " and ".join(f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}" for _ in range(count))


def _other_people(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    return _fields(paper, author=_people(_other(paper, chance, papers).names()))


def _one_more(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    return _fields(paper, author=f"{_people(paper.names())} and {_strangers(chance, 1)}")


def _one_exchanged(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    names = [str(name) for name in paper.names()]
    names[chance.randrange(len(names))] = _strangers(chance, 1)
    return _fields(paper, author=" and ".join(names))


def _first_exchanged(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    names = [str(name) for name in paper.names()]
    return _fields(paper, author=" and ".join([_strangers(chance, 1), *names[1:]]))


def _some_left_out(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    names = paper.names()
    if len(names) < 4:
        return None
    return _fields(paper, author=_people([*names[:2], *names[-1:]]))


def _other_venue(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    own = venue_id(paper.text("container-title"))
    venues = [short for short, _, _ in VENUES if short not in (own, "arxiv") and len(short) > 2]
    return _fields(paper, booktitle=chance.choice(venues).upper(), doi="")


def _no_venue(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    kinds = "Symposium on|International Conference on|Workshop on|Journal of|Transactions on"
    topics = (
        "Neural Scaling Laws|Emergent Reasoning|Causal Agents|Memory Networks|Robust Adaptation"
    )
    name = f"{chance.choice(kinds.split('|'))} {chance.choice(topics.split('|'))}"
    return _fields(paper, booktitle=name)


def _other_year(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    year = _year(paper) + chance.choice([-5, -4, -3, -2, 2, 3])
    return _fields(paper, year=str(year)) if year <= TODAY.year else None


def _future(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    return _fields(paper, year=str(TODAY.year + chance.randrange(2, 9)))


def _invented_doi(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    ending = "".join(chance.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(5))
    prefix = chance.choice(["7777", "88880", "99997", "47281", "60715", "93105", "5432"])
    return _fields(paper, doi=f"10.{prefix}/{ending}.{chance.randrange(10**4, 10**6)}")


def _doi_of_another(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    other = _other(paper, chance, papers)
    apart = venue_id(other.text("container-title")) != venue_id(paper.text("container-title"))
    return _fields(paper, doi=other.text("DOI")) if other.text("DOI") and apart else None


def _mixed(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    other = _other(paper, chance, papers)
    return _fields(other, title=paper.text("title"))


def _word_exchanged(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    words = paper.text("title").split()
    words[chance.randrange(len(words))] = chance.choice(
        ["Improved", "Novel", "Efficient", "Robust"]
    )
    return _fields(paper, title=" ".join(words))


def _word_and_people(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    fields = _word_exchanged(paper, chance, papers)
    return fields and fields | {"author": _strangers(chance, 3), "doi": ""}


def _title_invented(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    return _fields(paper, title=_blend(paper, chance, papers), doi="")


def _title_invented_with_doi(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    return _fields(paper, title=_blend(paper, chance, papers)) if paper.text("DOI") else None


def _blend(paper: Record, chance: random.Random, papers: Papers) -> str:
    """The beginning of one title and the end of another."""
    first, second = (_other(paper, chance, papers).text("title").split() for _ in range(2))
    return " ".join([*first[: len(first) // 2 + 1], *second[len(second) // 2 :]])


def _nobody(paper: Record, chance: random.Random, papers: Papers) -> Fields | None:
    return _fields(paper, author=chance.choice(["John Doe and Jane Smith", "First Author"]))


FABRICATED: dict[str, Make] = {
    "another paper's people": _other_people,
    "one person more": _one_more,
    "one person exchanged": _one_exchanged,
    "first person exchanged": _first_exchanged,
    "people left out": _some_left_out,
    "people nobody is called": _nobody,
    "another venue": _other_venue,
    "a venue that is none": _no_venue,
    "another year": _other_year,
    "a year to come": _future,
    "an invented DOI": _invented_doi,
    "another paper's DOI": _doi_of_another,
    "title in another paper's place": _mixed,
    "a word exchanged": _word_exchanged,
    "a word and all people": _word_and_people,
    "an invented title": _title_invented,
    "an invented title, a real DOI": _title_invented_with_doi,
}
"""References that are fabricated. An invented title without a DOI is what no catalogue reveals."""
