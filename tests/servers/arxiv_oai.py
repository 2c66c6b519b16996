"""arXiv's OAI-PMH: GetRecord in the format ``arXiv``, the only one with split names."""

from __future__ import annotations

from html import escape

from .call import Call, Reply
from .corpus import Corpus, Item, abstract, iso

_FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-11-24T00:00:00Z</responseDate>
<request verb="GetRecord">https://oaipmh.arxiv.org/oai</request>
{}
</OAI-PMH>
"""


def answer(corpus: Corpus, call: Call) -> Reply:
    """``/oai``."""
    if call.path != "/oai":
        return Reply(b"Not Found", 404, "text/plain")
    if call.query.get("verb") != "GetRecord" or call.query.get("metadataPrefix") != "arXiv":
        return _xml('<error code="badArgument">unknown verb or prefix</error>')
    name = call.query.get("identifier", "").removeprefix("oai:arXiv.org:")
    item = corpus.preprints.get(name)
    if item is None:
        return _xml('<error code="idDoesNotExist">nothing under this identifier</error>')
    header = f"<header><identifier>oai:arXiv.org:{name}</identifier></header>"
    return _xml(
        f"<GetRecord><record>{header}<metadata>{_record(corpus, item)}</metadata></record>"
        "</GetRecord>"
    )


def _xml(text: str) -> Reply:
    return Reply(_FRAME.format(text).encode(), 200, "text/xml; charset=utf-8")


def _record(corpus: Corpus, item: Item) -> str:
    arxiv = item["custom"]["arxiv"]
    said = [e for e in corpus.versions(arxiv) if e["custom"].get("asserted") and e.get("DOI")]
    comment = next(iter(item["custom"].get("comments", ())), "")
    authors = "".join(
        f"<author><keyname>{escape(each['family'])}</keyname>"
        f"<forenames>{escape(each.get('given', ''))}</forenames></author>"
        for each in item["author"]
    )
    return (
        f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{arxiv}</id><created>{iso(item)}</created>'
        f"<updated>{item['custom'].get('updated', iso(item))[:10]}</updated>"
        f"<authors>{authors}</authors><title>{escape(item['title'])}</title>"
        f"<categories>{item['custom']['arxiv-class']} stat.ML</categories>"
        + (f"<comments>{escape(comment)}</comments>" if comment else "")
        + "".join(f"<doi>{escape(each['DOI'])}</doi>" for each in said)
        + f"<abstract>  {escape(abstract(item))}\n</abstract></arXiv>"
    )
