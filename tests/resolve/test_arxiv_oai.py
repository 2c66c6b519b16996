"""arXiv's OAI-PMH: names in parts, and the ways in which it says that there is nothing."""

from __future__ import annotations

import pytest

from citeworks.errors import BadResponse, NotFound
from citeworks.model import Date, Identifier, Name
from citeworks.resolve.arxiv_oai import parse_record
from citeworks.resolve.interface import PUBLISHED
from citeworks.resolve.sources import Sources
from sources_support import response

RECORD = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><header/>
<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>0806.4129</id><created>2008-06-25</created>
<updated>2014-12-12</updated><authors><author>
<keyname>da Rocha</keyname><forenames>Roldao</forenames></author>
<author><keyname>Rodrigues</keyname><forenames>Waldyr A.</forenames><suffix>Jr</suffix>
</author></authors><title>Some
  title</title><categories>math-ph math.MP</categories><comments>9 pages</comments>
<journal-ref>AIP Conf.Proc.1316:466-477,2010</journal-ref><doi>10.1063/1.3536454</doi>
<abstract>  We show. </abstract></arXiv></metadata></record></GetRecord></OAI-PMH>"""


def test_a_record_has_names_in_parts_and_the_first_day() -> None:
    found = parse_record(response("arxiv-oai", RECORD))
    assert found is not None
    assert found.record.names() == (
        Name("Rocha", "Roldao", non_dropping_particle="da"),
        Name("Rodrigues", "Waldyr A.", suffix="Jr"),
    )
    assert found.record.date() == Date((2008, 6, 25))
    assert found.record.text("title") == "Some title"
    assert found.record.custom["arxiv-class"] == "math-ph"
    assert found.record.custom["arxiv-journal-ref"].startswith("AIP Conf.Proc.")
    assert found.linked(PUBLISHED) == (Identifier("doi", "10.1063/1.3536454"),)


@pytest.mark.parametrize(
    "inside",
    [
        '<error code="idDoesNotExist">none</error>',
        '<error code="noRecordsMatch">none</error>',
        '<GetRecord><record><header status="deleted"/></record></GetRecord>',
    ],
)
def test_nothing_is_said_in_several_ways(inside: str) -> None:
    text = RECORD[: RECORD.index("<GetRecord>")] + inside + "</OAI-PMH>"
    assert parse_record(response("arxiv-oai", text)) is None


@pytest.mark.parametrize(
    "text",
    ["", "<html/>", "<OAI-PMH/>", '<OAI-PMH><error code="badArgument">x</error></OAI-PMH>',
     '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><OAI-PMH>&b;</OAI-PMH>'],
)  # fmt: skip
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(BadResponse):
        parse_record(response("arxiv-oai", text))


def test_the_source_is_asked_by_identifier(sources: Sources) -> None:
    known, unknown = Identifier("arxiv", "2312.03689"), Identifier("arxiv", "2401.00001")
    answers = sources["arxiv-oai"].resolve([known, unknown])
    assert answers[known].record.text("title").startswith("Evaluating and Mitigating")
    assert isinstance(answers[unknown], NotFound)
