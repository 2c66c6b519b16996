"""Crossref: works by DOI, a bibliographic search, agencies, and what doi.org sends to.

A 404 is plain text, on ``/agency`` labelled JSON. arXiv's DOIs are not here. Searches also find
components and reviews. Every answer names the pool and its limits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .call import Call, Reply, json_reply
from .corpus import Corpus, Item, abstract

_TYPES = {
    "article-journal": "journal-article",
    "paper-conference": "proceedings-article",
    "book": "book",
    "article": "posted-content",
    "thesis": "dissertation",
    "dataset": "dataset",
    "chapter": "book-chapter",
    "report": "report",
    "review": "peer-review",
}
_SELECTABLE = frozenset(
    """
    DOI title author issued type container-title relation score update-to page volume issue abstract
    publisher subtitle published published-print published-online ISSN ISBN URL
    """.split()
)


def answer(corpus: Corpus, call: Call) -> Reply:
    """``/works``, ``/works/DOI``, ``/works/DOI/agency``, ``/works/DOI/transform``."""
    reply = _answer(corpus, call)
    polite = "mailto" in call.query or "mailto:" in call.headers.get("user-agent", "")
    pool, limit, concurrency = ("polite", "1000", "3") if polite else ("public", "500", "1")
    limits = {
        "x-api-pool": pool,
        "x-rate-limit-limit": limit,
        "x-rate-limit-interval": "1s",
        "x-concurrency-limit": concurrency,
    }
    return replace(reply, headers=limits)


def _answer(corpus: Corpus, call: Call) -> Reply:
    path = call.path.removeprefix("/v1").removeprefix("/works")
    if path == call.path:
        return _missing()
    if path in ("", "/"):
        return _search(corpus, call)
    doi = path.strip("/").lower()
    for end in ("/agency", "/transform"):
        head, found, _ = doi.partition(end)
        if found:
            return _agency(corpus, head) if end == "/agency" else _transform(corpus, head)
    item = corpus.by_doi.get(doi)
    if item is None:
        return _missing()
    return json_reply({"status": "ok", "message-type": "work", "message": work(item)})


def work(item: Item) -> dict[str, Any]:
    """One work as Crossref describes it."""
    custom = item["custom"]
    dates = {"date-parts": [[None]]} if custom.get("null-dates") else item["issued"]
    told: dict[str, Any] = {
        "DOI": item["DOI"],
        "type": custom.get("crossref-type") or _TYPES.get(item["type"], "other"),
        "title": [item["title"]],
        "author": [
            {"given": each.get("given", ""), "family": each["family"], "sequence": "additional",
             "affiliation": []}
            if each["family"] != "al."
            else {"name": "et al."}
            for each in item["author"]
        ],
        "container-title": [item["container-title"]],
        "issued": dates,
        "published-print": {"date-parts": [[None]]} if custom.get("null-dates") else None,
        "created": item["issued"],
        "publisher": item.get("publisher", "Publisher of " + item["container-title"]),
        "abstract": f"<jats:title>Abstract</jats:title><jats:p>{abstract(item)}</jats:p>",
        "URL": f"https://doi.org/{item['DOI']}",
        **{name: item[name] for name in ("page", "volume", "issue") if name in item},
    }  # fmt: skip
    if custom.get("updated-by"):
        told["updated-by"] = custom["updated-by"]
    if custom.get("update-to"):
        told["update-to"] = [{"DOI": custom["update-to"], "type": "correction"}]
    if custom.get("has-preprint"):
        preprint = {"id-type": "doi", "id": custom["has-preprint"], "asserted-by": "subject"}
        told["relation"] = {"has-preprint": [preprint]}
    return told


def _search(corpus: Corpus, call: Call) -> Reply:
    selected = call.query.get("select", "")
    wrong = [each for each in selected.split(",") if each and each not in _SELECTABLE]
    if wrong or call.number("rows", 20) > 1000:
        failure = {"type": "parameter-not-allowed", "value": ",".join(wrong), "message": "Invalid"}
        body = {"status": "failed", "message-type": "validation-failure", "message": [failure]}
        return json_reply(body, 400)
    text = call.query.get("query.bibliographic", call.query.get("query", ""))
    found = [each for each in corpus.search(text, preprints=False) if each.get("DOI")]
    works = [{**work(each), "score": 60.0 - rank} for rank, each in enumerate(found)]
    for index, each in enumerate(list(works[:2])):
        noise = {"DOI": f"{each['DOI']}/t{index}", "title": each["title"], "author": []}
        works.insert(0, {**noise, "type": ["component", "peer-review"][index], "score": 99.0})
    rows = works[: call.number("rows", 20)]
    if selected:
        rows = [{k: v for k, v in each.items() if k in selected.split(",")} for each in rows]
    message = {"total-results": len(works), "items": rows, "items-per-page": len(rows)}
    return json_reply({"status": "ok", "message-type": "work-list", "message": message})


def _agency(corpus: Corpus, doi: str) -> Reply:
    if doi not in corpus.by_doi:
        return Reply(b"Resource not found.", 404, "application/json;charset=utf-8")
    agency = {"DOI": doi, "agency": {"id": "crossref", "label": "Crossref"}}
    return json_reply({"status": "ok", "message-type": "work-agency", "message": agency})


def _transform(corpus: Corpus, doi: str) -> Reply:
    item = corpus.by_doi.get(doi)
    if item is None:
        return _missing()
    flat = work(item)
    flat |= {name: flat[name][0] for name in ("title", "container-title")}
    flat["type"] = item["type"]
    body = json_reply(flat)
    return Reply(body.body, 200, "application/vnd.citationstyles.csl+json")


def _missing() -> Reply:
    return Reply(b"Resource not found.", 404, "text/plain;charset=utf-8")
