"""DataCite: arXiv's DOIs as JSON:API, with the published DOI that authors typed, or mistyped."""

from __future__ import annotations

from typing import Any

from .call import Call, Reply, json_reply
from .corpus import Corpus, Item, abstract, iso, year

_PREFIX = "10.48550/arxiv."


def answer(corpus: Corpus, call: Call) -> Reply:
    """``/dois/DOI``, in any case."""
    doi = call.path.removeprefix("/dois/").lower()
    item = corpus.preprints.get(doi.removeprefix(_PREFIX)) if doi.startswith(_PREFIX) else None
    if item is None:
        error = {"status": "404", "title": "The resource you are looking for doesn't exist."}
        return json_reply({"errors": [error]}, 404)
    data = {"id": doi, "type": "dois", "attributes": attributes(corpus, item)}
    return json_reply({"data": data})


def attributes(corpus: Corpus, item: Item) -> dict[str, Any]:
    """One of arXiv's DOIs."""
    arxiv = item["custom"]["arxiv"]
    said = [e for e in corpus.versions(arxiv) if e["custom"].get("asserted") and e.get("DOI")]
    return {
        "doi": f"{_PREFIX}{arxiv}",
        "identifiers": [{"identifier": arxiv, "identifierType": "arXiv"}],
        "creators": [
            {"name": f"{each['family']}, {each.get('given', '')}", "nameType": "Personal",
             "givenName": each.get("given", ""), "familyName": each["family"]}
            for each in item["author"]
        ],
        "titles": [{"title": item["title"]}],
        "publisher": "arXiv",
        "container": {},
        "publicationYear": year(item),
        "subjects": [
            {"subject": f"Subject ({item['custom']['arxiv-class']})", "subjectScheme": "arXiv"}
        ],
        "dates": [
            {"date": f"{iso(item)}T12:00:00Z", "dateType": "Submitted", "dateInformation": "v1"},
            {"date": f"{arxiv[:2]}00-01", "dateType": "Available", "dateInformation": "v1"},
            {"date": str(year(item)), "dateType": "Issued"},
        ],
        "types": {"resourceTypeGeneral": "Preprint", "resourceType": "Article"},
        "descriptions": [{"description": abstract(item), "descriptionType": "Abstract"}],
        "relatedIdentifiers": [
            {"relationType": "IsVersionOf", "relatedIdentifier": f"{each['DOI']}.",
             "relatedIdentifierType": "DOI"}
            for each in said
        ],
    }  # fmt: skip
