"""The catalogue: every kind of dump is read, kept and found again, and a killed build goes on."""

from __future__ import annotations

import datetime
import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from citeworks.errors import InputError, NotFound
from citeworks.model import Identifier
from citeworks.resolve.catalogue import Catalogue
from citeworks.resolve.catalogue_build import build
from citeworks.resolve.interface import PREPRINT, PUBLISHED, Found
from citeworks.resolve.match import Tier, judge
from citeworks.workflows.read import read_file
from resolve_support import record

ROOT = Path(__file__).parents[2]
Make = Callable[..., Catalogue]

ARXIV = {
    "id": "0704.0001",
    "authors_parsed": [["Bal\\'azs", "C.", ""], ["Berger", "E. L.", ""]],
    "title": "Calculation of prompt diphoton production\n  cross sections",
    "categories": "hep-ph hep-ex",
    "doi": "10.1103/PhysRevD.76.013009",
    "abstract": "Left out.",
    "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
}
CROSSREF = {
    "DOI": "10.1103/PHYSREVD.76.013009",
    "type": "journal-article",
    "title": ["Calculation of prompt diphoton production cross sections"],
    "author": [{"family": "Balázs", "given": "C.", "sequence": "first"}, {"name": "The Group"}],
    "issued": {"date-parts": [[None]]},
    "published-online": {"date-parts": [[2007, 7, 13]]},
    "container-title": ["Physical Review D"],
    "volume": "76",
    "relation": {"has-preprint": [{"id": "10.48550/arXiv.0704.0001", "id-type": "doi"}]},
    "updated-by": [
        {"DOI": "10.1103/notice", "type": "correction", "updated": {"date-parts": [[2008, 1, 2]]}}
    ],
}
DATACITE = {
    "id": "10.48550/arxiv.0704.0001",
    "attributes": {
        "doi": "10.48550/arxiv.0704.0001",
        "titles": [{"title": "Calculation of prompt diphoton production cross sections"}],
        "creators": [{"familyName": "Balázs", "givenName": "C."}, {"name": "The Group"}],
        "publicationYear": 2007,
        "dates": [
            {"date": "2007-04-02T19:18:42Z", "dateType": "Submitted", "dateInformation": "v1"}
        ],
        "relatedIdentifiers": [
            {
                "relationType": "IsVersionOf",
                "relatedIdentifier": "10.1103/physrevd.76.013009",
                "relatedIdentifierType": "DOI",
            }
        ],
    },
}
CONFERENCE = {
    "title": "{MVSCRF:} Learning Multi-View Stereo With Conditional Random Fields",
    "author": "Youze Xue and Bj{\\\"{o}}rn E. Ottersten and Lu{\\'{\\i}}s Silva",
    "year": "2019",
    "key": "DBLP:conf/iccv/XueCWHYLB19",
    "src": "iccv2019-2",
    "doi": "10.1109/ICCV.2019\\_00441",
    "url": "https://doi.org/10.1109/ICCV.2019\\_00441",
}
CSL = {
    "id": "tamkin2022",
    "type": "paper-conference",
    "title": "Active Learning Helps Pretrained Models Learn the Intended Task",
    "author": [{"family": "Tamkin", "given": "Alex"}],
    "issued": {"date-parts": [[2022]]},
    "custom": {"arxiv": "2204.08491", "dblp": "conf/nips/TamkinNDMG22"},
}
DBLP = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE dblp SYSTEM "dblp.dtd">
<dblp>
<article key="journals/corr/abs-2306-16388" mdate="2024-01-01">
<author>J&uuml;rgen Schmidhuber 0002</author><title>World <i>Models</i> &amp; More.</title>
<year>2018</year><volume>abs/1803.10122</volume><journal>CoRR</journal>
<ee type="oa">https://arxiv.org/abs/1803.10122</ee>
</article>
<inproceedings key="conf/nips/HaS18">
<author>David Ha</author><author>J&uuml;rgen Schmidhuber</author>
<title>Recurrent World Models Facilitate Policy Evolution.</title><pages>2455-2467</pages>
<year>2018</year><booktitle>NeurIPS</booktitle><ee>https://doi.org/10.5555/3327144</ee>
</inproceedings>
<www key="homepages/h/DavidHa"><author>David Ha</author><title>Home Page</title></www>
</dblp>
"""
ACL = """<?xml version='1.0' encoding='UTF-8'?>
<collection id="2023.emnlp"><volume id="main"><meta>
<booktitle>Proceedings of the 2023 Conference on Empirical Methods</booktitle>
<publisher>Association for Computational Linguistics</publisher><year>2023</year></meta>
<paper id="198"><title><fixed-case>O</fixed-case>olong: What Makes Transfer Hard</title>
<author><first>Zhengxuan</first><last>Wu</last></author><pages>3280–3289</pages>
<doi>10.18653/v1/2023.emnlp-main.198</doi></paper></volume></collection>
"""
BIB = """@string{nips = "Advances in Neural Information Processing Systems"}
@inproceedings{a, title = {The {Lottery} Ticket}, author = {Frankle, Jonathan and others},
  booktitle = nips, year = 2019, doi = {10.1000/lottery}}
"""


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Build a catalogue of texts or JSON objects, one file for each."""
    opened: list[Catalogue] = []

    def make(*contents: object, packed: bool = False) -> Catalogue:
        files = []
        for number, content in enumerate(contents):
            path = tmp_path / f"dump{number}"
            text = content if isinstance(content, str) else json.dumps(content) + "\n"
            data = text.encode()
            path.write_bytes(gzip.compress(data) if packed else data)
            files.append(path)
        opened.append(Catalogue(build(files, tmp_path / "c" / "catalogue.sqlite").path))
        return opened[-1]

    yield make
    for catalogue in opened:
        catalogue.close()


def only(catalogue: Catalogue, scheme: str, value: str) -> Found:
    identifier = Identifier(scheme, value)
    answer = catalogue.resolve([identifier])[identifier]
    assert isinstance(answer, Found), answer
    return answer


def people(found: Found) -> list[str]:
    return [str(name) for name in found.record.names()]


def test_an_arxiv_snapshot(make: Make) -> None:
    found = only(make(ARXIV), "arxiv", "0704.0001")
    assert found.record.text("title") == "Calculation of prompt diphoton production cross sections"
    assert people(found) == ["C. Balázs", "E. L. Berger"]
    assert str(found.record.date()) == "2007-04-02"
    assert found.record.custom["arxiv-class"] == "hep-ph"
    assert not found.record.text("abstract")
    assert found.linked(PUBLISHED) == (Identifier("doi", "10.1103/physrevd.76.013009"),)
    origin = found.record.provenance["title"]
    assert (origin.source, origin.locator) == ("catalogue", "arxiv:0704.0001")


@pytest.mark.parametrize("shape", ["line", "items", "array"])
def test_crossref_works(make: Make, shape: str) -> None:
    text = {
        "line": json.dumps(CROSSREF),
        "items": json.dumps({"message": {"items": [CROSSREF]}}, indent=1),
        "array": json.dumps([CROSSREF]),
    }[shape]
    found = only(make(text), "doi", "10.1103/physrevd.76.013009")
    assert found.record.type == "article-journal"
    assert people(found) == ["C. Balázs", "The Group"]
    assert str(found.record.date()) == "2007-07-13"
    assert found.record.text("container-title") == "Physical Review D"
    assert found.linked(PREPRINT) == (Identifier("arxiv", "0704.0001"),)
    assert [(each.kind, each.date) for each in found.notices] == [("correction", "2008-01-02")]


def test_what_is_no_work_to_cite_is_left_out(make: Make) -> None:
    catalogue = make(json.dumps({**CROSSREF, "type": "component"}) + "\n" + json.dumps(CROSSREF))
    assert [(part.works, part.left_out) for part in catalogue.parts()] == [(1, 1)]


def test_datacite_records(make: Make) -> None:
    found = only(make(DATACITE), "doi", "10.48550/arXiv.0704.0001")
    assert people(found) == ["C. Balázs", "The Group"]
    assert str(found.record.date()) == "2007-04-02"
    assert found.linked(PUBLISHED) == (Identifier("doi", "10.1103/physrevd.76.013009"),)


def test_a_bibtex_collection(make: Make) -> None:
    found = only(make(CONFERENCE, packed=True), "dblp", "conf/iccv/XueCWHYLB19")
    assert people(found) == ["Youze Xue", "Björn E. Ottersten", "Luís Silva"]
    assert found.record.text("DOI") == "10.1109/iccv.2019_00441"
    assert "Computer Vision" in found.record.text("container-title")


def test_csl_json_whose_arxiv_number_is_the_preprints(make: Make) -> None:
    found = only(make([CSL]), "dblp", "conf/nips/TamkinNDMG22")
    assert found.linked(PREPRINT) == (Identifier("arxiv", "2204.08491"),)
    assert Identifier("arxiv", "2204.08491") not in found.identifiers


def test_dblp_xml(make: Make) -> None:
    catalogue = make(DBLP)
    preprint = only(catalogue, "arxiv", "1803.10122")
    assert preprint.record.text("title") == "World Models & More"
    assert people(preprint) == ["Jürgen Schmidhuber"]
    paper = only(catalogue, "dblp", "conf/nips/HaS18")
    assert (paper.record.type, paper.record.text("page")) == ("paper-conference", "2455-2467")
    assert len(catalogue) == 2


def test_acl_xml(make: Make) -> None:
    found = only(make(ACL), "acl", "2023.emnlp-main.198")
    assert found.record.text("title") == "Oolong: What Makes Transfer Hard"
    assert found.record.text("page") == "3280-3289"
    assert found.record.text("container-title").startswith("Proceedings of the 2023")


def test_bibtex(make: Make) -> None:
    found = only(make(BIB), "doi", "10.1000/lottery")
    assert found.record.text("container-title").startswith("Advances in Neural")
    assert people(found) == ["Jonathan Frankle"]
    assert not found.is_complete


def test_a_table_of_related_dois_links_works_of_other_files(make: Make) -> None:
    table = "filename,doi,related_doi\nx.json,10.48550/arxiv.1803.10122,10.5555/3327144\n"
    catalogue = make(DBLP, table)
    assert only(catalogue, "doi", "10.5555/3327144").linked(PREPRINT)
    versions = catalogue.search(record("World Models & More", "Juergen Schmidhuber", "2018"))
    assert {each.record.type for each in versions} == {"article", "paper-conference"}


@pytest.mark.parametrize(
    "content",
    ["a text\nof words\n", '{"some": "object"}\n', "<html></html>", "<dblp>\n<article", "[1, 2"],
)
def test_what_is_no_dump_is_refused(make: Make, content: str) -> None:
    with pytest.raises(InputError):
        make(content)


def test_xml_with_entities_of_its_own_is_refused(make: Make) -> None:
    bomb = '<?xml version="1.0"?>\n<!DOCTYPE dblp [<!ENTITY a "aaaa">]>\n<dblp></dblp>'
    with pytest.raises(InputError, match="entities"):
        make(bomb)


def test_a_damaged_packed_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(json.dumps(CONFERENCE).encode() * 50)[:-9])
    with pytest.raises(InputError, match=r"damaged or cut off"):
        build([path], tmp_path / "catalogue.sqlite")


def test_an_unknown_identifier_is_not_found(make: Make) -> None:
    identifier = Identifier("doi", "10.1000/nothing")
    assert isinstance(make(CSL).resolve([identifier])[identifier], NotFound)


def test_a_retitled_paper_is_found_by_its_rarest_words(make: Make) -> None:
    catalogue = make([CSL])
    wanted = record("Active Learning Helps Pretrained Models Learn Intended Tasks", "Alex Tamkin")
    assert [each.record.text("title") for each in catalogue.search(wanted)] == [CSL["title"]]


def test_titles_with_any_two_of_the_three_rarest_words_are_found(make: Make) -> None:
    title = "Large studies of {} and {} with {} in networks of the north".format
    with_two = [title("zebra", "yarrow", "quartz"), title("zebra", "quartz", "xylem")]
    with_two += [title("quartz", "yarrow", "xylem")]
    known = [*with_two, title("zebra", "quartz", "walnut")]
    catalogue = make("".join(json.dumps(CONFERENCE | {"title": each}) + "\n" for each in known))
    wanted = record(title("zebra", "yarrow", "xylem"), "Somebody Else")
    assert {each.record.text("title") for each in catalogue.search(wanted)} == {*with_two}


def test_the_shipped_catalogue_knows_the_sample(tmp_path: Path) -> None:
    path = build([ROOT / "bib/catalogue.jsonl"], tmp_path / "catalogue.sqlite").path
    with (ROOT / "bib/listing.txt").open("rb") as file:
        listed = read_file(file, name="listing.txt", as_of=datetime.date(2026, 6, 30)).records
    assert len(listed) == 31
    with closing(Catalogue(path)) as catalogue:
        for wanted in listed:
            verdict = judge(wanted, catalogue.search(wanted))
            assert verdict.tier is Tier.STRONG, wanted
            assert verdict.chosen is not None
            assert verdict.chosen.found.record.custom.get("arxiv"), wanted


def test_no_paper_of_the_shipped_catalogue_is_left_out(make: Make) -> None:
    written = (ROOT / "bib" / "catalogue.jsonl").read_text(encoding="utf-8")
    with closing(make(written)) as catalogue:
        assert [part.left_out for part in catalogue.parts()] == [0]
        assert len(catalogue) == len(written.splitlines())


def lines(count: int) -> str:
    return "".join(
        json.dumps(CONFERENCE | {"title": f"Work number {n} of many", "key": f"DBLP:conf/x/{n}"})
        + "\n"
        for n in range(count)
    )


def test_a_build_that_was_killed_goes_on(tmp_path: Path) -> None:
    dump, target = tmp_path / "dump.jsonl", tmp_path / "cache/citeworks/catalogue.sqlite"
    dump.write_text(lines(30_000), encoding="utf-8")
    partial = target.with_name("catalogue.sqlite.partial")
    program = Path(sys.executable).with_name("cite")
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    process = subprocess.Popen([program, "catalogue", "build", dump], env=environment)
    while not (partial.exists() and partial.stat().st_size > 4_000_000):
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not target.exists()
    assert build([dump], target).resumed
    with closing(Catalogue(target)) as catalogue:
        assert len(catalogue) == 30_000
        assert (
            only(catalogue, "dblp", "conf/x/29999").record.text("title").endswith("29999 of many")
        )
        wanted = record("Work number 14142 of many", "Youze Xue", "2019")
        assert len(catalogue.search(wanted)) == 1
    assert sorted(path.name for path in target.parent.iterdir()) == [
        "catalogue.sqlite",
        "catalogue.sqlite.partial.lock",
    ]


def test_a_new_build_replaces_the_old_one_unless_it_is_to_add(tmp_path: Path) -> None:
    target = tmp_path / "catalogue.sqlite"
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text(lines(3), encoding="utf-8")
    second.write_text(json.dumps([CSL]), encoding="utf-8")
    for files, keep, works in [
        ([first], False, 3),
        ([second], True, 4),
        ([second], True, 4),
        ([second], False, 1),
    ]:
        build(files, target, keep=keep)
        with closing(Catalogue(target)) as catalogue:
            assert len(catalogue) == works
        with closing(sqlite3.connect(target)) as db:  # or each look-up would merge several indexes
            assert db.execute("SELECT count(DISTINCT segid) FROM words_idx").fetchone() == (1,)


def test_a_file_that_has_changed_cannot_be_added_again(tmp_path: Path) -> None:
    target, dump = tmp_path / "catalogue.sqlite", tmp_path / "dump"
    dump.write_text(lines(3), encoding="utf-8")
    build([dump], target)
    dump.write_text(lines(4), encoding="utf-8")
    with pytest.raises(InputError, match="has changed"):
        build([dump], target, keep=True)
