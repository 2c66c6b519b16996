"""OpenAlex: preprint and published version are often one work with several locations.

Lists of more than 100 authors are cut; an apostrophe or comma breaks a filter.
"""

from __future__ import annotations

import re
from typing import Any

from .call import Call, Reply, json_reply
from .corpus import Corpus, Item, abstract, digest, full_names, iso, year


def answer(corpus: Corpus, call: Call) -> Reply:
    """``/works``, ``/works/doi:DOI``."""
    if call.path.startswith("/works/"):
        name = re.sub(r"(?:doi:|https://doi\.org/)+", "", call.path.removeprefix("/works/"))
        found = _by_doi(corpus, name)
        return json_reply(found) if found else json_reply({"error": "Not found"}, 404)
    filter_ = call.query.get("filter", "")
    kind, _, value = filter_.partition(":")
    if "'" in filter_ or "," in filter_ or kind not in ("doi", "title.search"):
        return json_reply({"error": "Invalid query parameters error."}, 403)
    if kind == "doi":
        found_all = [work for doi in value.split("|") if (work := _by_doi(corpus, doi))]
        results = list({each["id"]: each for each in reversed(found_all)}.values())
    else:
        results = [_work(corpus, each) for each in _representatives(corpus, value)]
    page = results[: min(call.number("per_page", 25), 100)]
    return json_reply({"meta": {"count": len(results)}, "results": page})


def _representatives(corpus: Corpus, text: str) -> list[Item]:
    """What is found, a preprint by its published version."""
    known = [each for each in corpus.search(text) if each.get("DOI") or each["custom"].get("arxiv")]
    found = [_primary(corpus, each) for each in known]
    return list({str(each["id"]): each for each in found}.values())


def _primary(corpus: Corpus, item: Item) -> Item:
    versions = corpus.versions(item["custom"].get("arxiv", ""))
    return next((each for each in versions if each.get("DOI")), item)


def _by_doi(corpus: Corpus, doi: str) -> dict[str, Any] | None:
    doi = doi.lower()
    item = corpus.by_doi.get(doi) or corpus.preprints.get(doi.removeprefix("10.48550/arxiv."))
    return _work(corpus, _primary(corpus, item)) if item else None


_TYPES = {
    "thesis": "dissertation",
    "article": "preprint",
    "chapter": "book-chapter",
    "review": "peer-review",
    "document": "other",
    **{name: name for name in ("dataset", "book", "report")},
}


def _type(item: Item) -> str:
    """OpenAlex follows the registrar, and tells errata apart."""
    return "erratum" if item["custom"].get("update-to") else _TYPES.get(item["type"], "article")


def _work(corpus: Corpus, item: Item) -> dict[str, Any]:
    arxiv = item["custom"].get("arxiv", "")
    doi = item.get("DOI") or f"10.48550/arxiv.{arxiv}"
    names = full_names(item)
    venue = {"display_name": item.get("container-title"), "type": "conference"}
    own = {"landing_page_url": f"https://doi.org/{doi}", "version": "publishedVersion",
           "source": venue}  # fmt: skip
    preprint = {"landing_page_url": f"https://arxiv.org/abs/{arxiv}", "version": "submittedVersion",
                "source": {"display_name": "arXiv", "type": "repository"}}  # fmt: skip
    is_preprint = not item.get("container-title")
    locations = [preprint] if is_preprint else [own, *([preprint] if arxiv else [])]
    words: dict[str, list[int]] = {}
    for index, word in enumerate(abstract(item).split()):
        words.setdefault(word, []).append(index)
    return {
        "id": f"https://openalex.org/W{int(digest(item, 8), 16)}",
        "doi": f"https://doi.org/{doi}",
        "title": item["title"],
        "display_name": item["title"],
        "publication_year": year(item),
        "publication_date": (iso(item) + "-01-01")[:10],
        "type": "preprint" if is_preprint else _type(item),
        "is_retracted": bool(item["custom"].get("updated-by")),
        "authorships": [
            {"author": {"display_name": each}, "raw_author_name": each} for each in names[:100]
        ],
        **({"is_authors_truncated": True} if len(names) > 100 else {}),
        "primary_location": locations[0],
        "locations": locations,
        "biblio": {"volume": item.get("volume"), "issue": item.get("issue"),
                   "first_page": (item.get("page") or "").partition("-")[0] or None,
                   "last_page": (item.get("page") or "").partition("-")[2] or None},
        "abstract_inverted_index": words,
    }  # fmt: skip
