"""The page, its machine-readable parts and its feed, from hostile records too."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from urllib.parse import parse_qs

import lxml.etree
import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeworks.model import Record
from citeworks.site import chart, feed, landing, page
from citeworks.site.page import Site
from citeworks.site.paper import Paper, papers_of
from citeworks.workflows.site import build
from site_support import HOSTILE, hostile_record, many, record

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = Site("Papers", "Of a lab", "https://example.org/papers/")


def page_of(*records: Record, site: Site = SITE) -> lxml.html.HtmlElement:
    files = dict(build(records, site))
    return lxml.html.document_fromstring(files["index.html"])


def papers(*records: Record) -> list[Paper]:
    return papers_of(records, {}, {})


def test_hostile_texts_are_shown_and_do_nothing() -> None:
    document = page_of(hostile_record(), record())
    assert [node.get("type") for node in document.iter("script")] == ["application/ld+json", None]
    assert list(document.iter("img")) == []
    assert not any(name.startswith("on") for node in document.iter() for name in node.attrib)
    targets = [node.get("href") for node in document.iter("a")]
    assert not any(target.lower().startswith(("javascript", "data")) for target in targets)
    assert "<script>alert(1)</script>" in document.get_element_by_id("papers").text_content()


def test_policy_allows_the_page_s_own_style_and_script_and_nothing_else() -> None:
    document = page_of(record())
    policy = document.xpath("//meta[@http-equiv='Content-Security-Policy']")[0].get("content")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        text = next(node for node in document.iter(tag) if node.get("type") is None).text
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert rules["default-src"] == "'none'"


def test_page_asks_nothing_of_any_other_server() -> None:
    document = page_of(*many(20))
    loaded = [node.get("src") for node in document.iter() if node.get("src")]
    loaded += [
        node.get("href") for node in document.iter("link") if node.get("rel") == "stylesheet"
    ]
    assert loaded == []


def test_ids_are_unique_and_every_inner_link_leads_to_one() -> None:
    document = page_of(*many(30), hostile_record())
    ids = [node.get("id") for node in document.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    inner = [node.get("href")[1:] for node in document.iter("a") if node.get("href")[0] == "#"]
    assert set(inner) <= set(ids)


def test_no_style_attribute_is_left_that_the_policy_would_refuse() -> None:
    small_caps = record(title='<span style="font-variant:small-caps;">Small</span> caps')
    document = page_of(small_caps)
    assert [node for node in document.iter() if node.get("style")] == []
    assert document.find_class("small-caps")[0].text_content() == "Small"


def test_json_ld_describes_every_paper() -> None:
    document = page_of(record(DOI="10.1000/x", container_title="A Journal"), hostile_record())
    data = json.loads(document.xpath("//script[@type='application/ld+json']/text()")[0])
    article = next(each for each in data["@graph"] if each["name"] == "A Title")
    assert article["@type"] == "ScholarlyArticle"
    assert article["sameAs"] == "https://doi.org/10.1000/x"
    assert article["datePublished"] == "2020-03-04"
    assert [author["familyName"] for author in article["author"]] == ["Smith", "Doe"]
    assert article["isPartOf"]["name"] == "A Journal"


def test_page_of_one_paper_carries_highwire_tags() -> None:
    (paper,) = papers(
        record(
            DOI="10.1000/x", container_title="A Journal", page="3-9", custom={"arxiv": "2306.16388"}
        )
    )
    document = lxml.html.document_fromstring(landing.dump(paper, SITE))
    tags = [(node.get("name"), node.get("content")) for node in document.iter("meta")]
    assert ("citation_title", "A Title") in tags
    assert [text for name, text in tags if name == "citation_author"] == [
        "Smith, Ann B.",
        "Doe, Joe",
    ]
    assert ("citation_publication_date", "2020/03/04") in tags
    assert ("citation_journal_title", "A Journal") in tags
    assert ("citation_firstpage", "3") in tags
    assert ("citation_lastpage", "9") in tags
    assert ("citation_doi", "10.1000/x") in tags
    assert ("citation_pdf_url", "https://arxiv.org/pdf/2306.16388") in tags


def test_list_offers_each_paper_to_reference_managers() -> None:
    document = page_of(record(DOI="10.1000/x", container_title="A Journal"))
    (span,) = document.find_class("Z3988")
    told = parse_qs(span.get("title"))
    assert told["rft.atitle"] == ["A Title"]
    assert told["rft.au"] == ["Smith, Ann B.", "Doe, Joe"]
    assert told["rft_id"] == ["info:doi/10.1000/x"]


def test_feed_is_atom_and_has_the_newest_first() -> None:
    records = [record("a", issued={"date-parts": [[2019]]}), record("b"), hostile_record()]
    root = lxml.etree.fromstring(feed.dump(papers(*records), SITE).encode())
    entries = root.findall(f"{ATOM}entry")
    updated = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert updated == sorted(updated, reverse=True)
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 3
    assert all(entry.find(f"{ATOM}author/{ATOM}name") is not None for entry in entries)


def test_chart_draws_every_dated_paper_and_tells_its_numbers() -> None:
    drawn = lxml.html.fragment_fromstring(chart.dump(papers(*many(120))))
    counted = sum(int(re.findall(r"\d+$", node.text)[0]) for node in drawn.iter("title"))
    assert counted == 120
    assert sum(int(cell.text or 0) for cell in drawn.iter("td")) == 120


def test_chart_needs_more_than_one_year() -> None:
    assert chart.dump(papers(record())) == ""


def test_same_library_gives_the_same_bytes() -> None:
    assert dict(build(many(12), SITE)) == dict(build(many(12), SITE))


@given(st.text(), st.text(), st.text())
@settings(max_examples=40, deadline=None)
def test_any_text_leaves_the_page_and_the_feed_whole(title: str, name: str, venue: str) -> None:
    found = papers(record(title=title, author=[{"literal": name}], container_title=venue))
    document = lxml.html.document_fromstring(page.dump(found, SITE))
    assert len(document.get_element_by_id("papers").findall(".//li")) == 1
    assert len(list(document.iter("script"))) == 2
    lxml.etree.fromstring(feed.dump(found, SITE).encode("utf-8", "backslashreplace"))


@pytest.mark.parametrize("output", ["quarto", "hugo"])
def test_front_matter_of_other_generators_means_what_it_says(output: str) -> None:
    for name, text in build([hostile_record(), record()], SITE, output=output):
        if not text.startswith("---\n"):
            continue
        head = text.split("---\n")[1]
        values = {
            line.partition(": ")[0]: json.loads(line.partition(": ")[2])
            for line in head.splitlines()
        }
        assert values["title"] in ("Papers", "A Title", HOSTILE), name
        assert "{{<" not in text
