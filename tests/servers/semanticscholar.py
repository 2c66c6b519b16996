"""Semantic Scholar: one paper for all versions, with everybody's identifiers for it.

The batch gives null in place of what it does not know; a search without hits has no ``data``; given
names are often initials; the venue may be the published version's and the year the preprint's.
"""

from __future__ import annotations

import json
from typing import Any

from .call import Call, Reply, json_reply
from .corpus import Corpus, Item, abstract, digest, full_names, iso, year

_FIELDS = frozenset(
    """
    paperId corpusId title abstract venue publicationVenue year publicationDate publicationTypes
    journal externalIds authors url
    """.split()
)
_GRAPH = "/graph/v1/paper"


def answer(corpus: Corpus, call: Call) -> Reply:
    """``/graph/v1/paper/…``: batch, search/match, search, one paper."""
    if not call.path.startswith(_GRAPH):
        return json_reply({"error": "Not found"}, 404)
    fields = [each for each in call.query.get("fields", "title").split(",") if each]
    unknown = [each for each in fields if each.partition(".")[0] not in _FIELDS]
    if unknown:
        error = f"Unrecognized or unsupported fields: [{', '.join(unknown)}]"
        return json_reply({"error": error}, 400)
    path = call.path.removeprefix(_GRAPH)
    if path == "/batch":
        ids = json.loads(call.body or b"{}").get("ids", [])
        if not ids or len(ids) > 500:
            return json_reply({"error": "No valid paper ids given"}, 400)
        return json_reply([_selected(_known(corpus, each), fields) for each in ids])
    if path.startswith("/search"):
        return _search(corpus, call, fields, match=path == "/search/match")
    paper = _known(corpus, path.strip("/"))
    if paper is None:
        return json_reply({"error": f"Paper with id {path.strip('/')} not found"}, 404)
    return json_reply(_selected(paper, fields))


def _search(corpus: Corpus, call: Call, fields: list[str], *, match: bool) -> Reply:
    found = corpus.search(call.query.get("query", ""))
    papers = [_selected(_paper(corpus, each), fields) for each in found]
    if match:
        if not papers:
            return json_reply({"error": "Title match not found"}, 404)
        return json_reply({"data": [{**(papers[0] or {}), "matchScore": 109.55098}]})
    if not papers:
        return json_reply({"total": 0, "offset": 0})
    return json_reply(
        {"total": len(papers), "offset": 0, "data": papers[: call.number("limit", 100)]}
    )


def _known(corpus: Corpus, name: str) -> dict[str, Any] | None:
    scheme, _, value = name.partition(":")
    item: Item | None = None
    if scheme == "ARXIV":
        item = corpus.preprints.get(value)
    elif scheme == "DOI":
        doi = value.lower()
        item = corpus.by_doi.get(doi) or corpus.preprints.get(doi.removeprefix("10.48550/arxiv."))
    elif scheme == "ACL":
        item = corpus.known_by("acl", value)
    return _paper(corpus, item) if item else None


def _paper(corpus: Corpus, item: Item) -> dict[str, Any]:
    arxiv = item["custom"].get("arxiv", "")
    versions = corpus.versions(arxiv) or ([item] if item not in corpus.preprints.values() else [])
    published = versions[0] if versions else {}
    told = corpus.preprints.get(arxiv, item)
    custom = published.get("custom", {})
    external = {
        "ArXiv": arxiv,
        "DOI": published.get("DOI") or (f"10.48550/arXiv.{arxiv}" if arxiv else None),
        "DBLP": custom.get("dblp")
        or (f"journals/corr/abs-{arxiv.replace('.', '-')}" if arxiv else None),
        "ACL": custom.get("acl"),
        "CorpusId": int(digest(told, 7), 16),
    }
    return {
        "paperId": digest(told),
        "corpusId": external["CorpusId"],
        "title": told["title"],
        "abstract": abstract(told) if published else None,
        "venue": published.get("container-title", "arXiv.org"),
        "publicationVenue": None,
        "year": year(told),
        "publicationDate": iso(told) if len(iso(told)) == 10 else None,
        "publicationTypes": None,
        "journal": None,
        "externalIds": {name: value for name, value in external.items() if value},
        "authors": [{"authorId": None, "name": _abbreviated(name)} for name in full_names(told)],
    }


def _abbreviated(name: str) -> str:
    given, _, family = name.rpartition(" ")
    return f"{given[:1]}. {family}" if len(given) > 9 else name


def _selected(paper: dict[str, Any] | None, fields: list[str]) -> dict[str, Any] | None:
    if paper is None:
        return None
    wanted = {"paperId", *(each.partition(".")[0] for each in fields)}
    return {name: value for name, value in paper.items() if name in wanted}
