"""EndNote's XML: what the program writes, and what must not be let in."""

from __future__ import annotations

import pytest

from citeworks.errors import InputError
from citeworks.exchange.endnote_xml import dump, load
from citeworks.exchange.xml_tree import parse_xml
from citeworks.model import Date, Name, Record

STYLE = '<style face="normal" font="default" size="100%">'
ITALIC = STYLE.replace("normal", "italic")
TEXT = f"""<?xml version="1.0" encoding="UTF-8" ?>
<xml><records><record><database name="My.enl" path="C:\\My.enl">My.enl</database>
<source-app name="EndNote" version="20.1">EndNote</source-app><rec-number>12</rec-number>
<ref-type name="Journal Article">17</ref-type>
<contributors><authors><author>{STYLE}Smith, John</style></author>
<author>{STYLE}World Health Organization,</style></author></authors></contributors>
<titles><title>{STYLE}Growth of </style>{ITALIC}E. coli</style>{STYLE} &amp; more</style>
</title><secondary-title>{STYLE}Annals</style></secondary-title></titles>
<periodical><full-title>Annals</full-title><abbr-1>Ann.</abbr-1></periodical>
<pages>1-10</pages><volume>3</volume><number>2</number>
<keywords><keyword>one</keyword><keyword>two</keyword></keywords>
<dates><year>2020</year><pub-dates><date>Jun 28</date></pub-dates></dates>
<isbn>0317-8471</isbn><electronic-resource-num>10.1000/182</electronic-resource-num>
<urls><related-urls><url>https://example.org/a?b=1&amp;c=2</url></related-urls>
<pdf-urls><url>internal-pdf://x.pdf</url></pdf-urls></urls><custom1>mine</custom1>
</record><record><ref-type name="Odd Thing">99</ref-type></record></records></xml>
"""


def test_a_record_is_read() -> None:
    reading = load(TEXT, file="a.xml")
    [record] = reading.records
    assert record.type == "article-journal"
    assert record.names() == (Name("Smith", "John"), Name(literal="World Health Organization"))
    assert record.text("title") == "Growth of <i>E. coli</i> & more"
    assert record.date() == Date((2020, 6, 28))
    assert record.text("URL") == "https://example.org/a?b=1&c=2"
    assert (record.text("container-title"), record.text("container-title-short")) == (
        "Annals",
        "Ann.",
    )
    assert record.custom["endnote-xml"] == {
        "database": ["My.enl"],
        "source-app": ["EndNote"],
        "rec-number": ["12"],
        "urls/pdf-urls/url": ["internal-pdf://x.pdf"],
        "custom1": ["mine"],
    }
    assert [(issue.code, issue.location.line) for issue in reading.issues] == [
        ("X104", 16),
        ("X103", 16),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('<!DOCTYPE xml [<!ENTITY a "b">]>\n<xml><records/></xml>', 1),
        ('<?xml version="1.0"?>\n<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd">\n<xml/>', 2),
        ("<xml>&undefined;</xml>", 1),
        ("<xml>\n<records>\n</xml>", 3),
        ("<a>" * 101 + "</a>" * 101, 1),
        ('<?xml version="1.0" encoding="no-such"?><xml/>', 1),
        ("", 1),
    ],
)
def test_hostile_and_broken_xml_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(InputError) as caught:
        parse_xml(text.encode(), "a.xml")
    assert (caught.value.location.file, caught.value.location.line) == ("a.xml", line)
    assert caught.value.code == "X001"


def test_signs_of_xml_in_values_are_escaped() -> None:
    odd = Record("a<b", "book", {"title": "<i>A</b> & <script>", "publisher": "\x01]]> & <x>"})
    [record] = load(dump([odd])).records
    assert record.text("title") == "<i>A</b> & <script>"
    assert record.text("publisher") == "]]> & <x>"
    assert record.key == "a<b"
