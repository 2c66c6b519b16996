"""DBLP: hits with their twins on CoRR, an author alone as a mapping, homonyms with numbers."""

from __future__ import annotations

from html import escape
from typing import Any

from .call import Call, Reply, json_reply, text_reply
from .corpus import Corpus, Item, fold, full_names, is_preprint, year


def answer(corpus: Corpus, call: Call) -> Reply:
    """``/search/publ/api``, ``/rec/KEY.bib``."""
    if call.path.startswith("/rec/"):
        return _record(corpus, call.path.removeprefix("/rec/").removesuffix(".bib"))
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


def _record(corpus: Corpus, key: str) -> Reply:
    item = corpus.known_by("dblp", key)
    if item is None:
        return Reply(b"<html>404</html>", 404, "text/html")
    authors = " and\n               ".join(full_names(item))
    fields = {
        "author": authors,
        "title": item["title"],
        "booktitle" if key.startswith("conf/") else "journal": item["container-title"],
        "year": str(year(item)),
        "volume": item.get("volume", ""),
        "number": item.get("issue", ""),
        "pages": item.get("page", "").replace("-", "--"),
        "url": item.get("URL", ""),
        "doi": item.get("DOI", "").upper(),
        "biburl": f"https://dblp.org/rec/{key}.bib",
        "bibsource": "dblp computer science bibliography, https://dblp.org",
    }
    lines = [f"  {name:<12} = {{{value}}}" for name, value in fields.items() if value]
    kind = "inproceedings" if key.startswith("conf/") else "article"
    return text_reply(f"@{kind}{{DBLP:{key},\n" + ",\n".join(lines) + "\n}\n", 200, "text/x-bibtex")


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
