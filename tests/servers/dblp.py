"""DBLP: hits with their twins on CoRR, an author alone as a mapping, homonyms with numbers."""

from __future__ import annotations

from html import escape
from typing import Any

from .call import Call, Reply, json_reply
from .corpus import Corpus, Item, fold, full_names, is_preprint, year


def answer(corpus: Corpus, call: Call) -> Reply:
    """``/search/publ/api``."""
    if call.path != "/search/publ/api" or call.query.get("format") != "json":
        return Reply(b"<html>unknown</html>", 404, "text/html")
    query = call.query.get("q", "")
    wanted = fold(query)
    found = [each for each in corpus.search(query) if _is_here(each) and _has(each, wanted)]
    hits: dict[str, Any] = {"@total": str(len(found)), "@sent": str(len(found)), "@first": "0"}
    page = found[: call.number("h", 30)]
    if page:
        hits["hit"] = [
            {"@score": str(9 - n), "@id": str(n), "info": _info(e)} for n, e in enumerate(page)
        ]
    status = {"@code": "200", "text": "OK"}
    return json_reply({"result": {"query": query, "status": status, "hits": hits}})


def _is_here(item: Item) -> bool:
    return is_preprint(item) or bool(item["custom"].get("dblp"))


def _has(item: Item, wanted: list[str]) -> bool:
    """DBLP joins the words with AND and takes each as the beginning of one."""
    words = fold(f"{item['title']} {' '.join(full_names(item))}")
    return all(any(word.startswith(each) for word in words) for each in wanted)


def _info(item: Item) -> dict[str, Any]:
    names = [
        {"@pid": f"{index}/1", "text": f"{name} 0001" if index % 5 == 4 else name}
        for index, name in enumerate(full_names(item))
    ]
    info: dict[str, Any] = {"title": f"{escape(item['title'])}.", "year": str(year(item))}
    if names:
        info["authors"] = {"author": names[0] if len(names) == 1 else names}
    if is_preprint(item):
        arxiv = item["custom"]["arxiv"]
        return info | {
            "venue": "CoRR",
            "volume": f"abs/{arxiv}",
            "type": "Informal and Other Publications",
            "key": f"journals/corr/abs-{arxiv.replace('.', '-')}",
            "doi": f"10.48550/ARXIV.{arxiv}",
        }
    key = item["custom"]["dblp"]
    info |= {"venue": item["container-title"], "key": key,
             "type": "Conference and Workshop Papers" if key.startswith("conf/")
             else "Journal Articles"}  # fmt: skip
    if item.get("DOI"):
        info["doi"] = item["DOI"].upper()
    if item.get("page"):
        info["pages"] = item["page"]
    if item.get("URL"):
        info["ee"] = item["URL"]
    return info
