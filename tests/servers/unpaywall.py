"""Unpaywall: where a DOI can be read, for those who give an e-mail address."""

from __future__ import annotations

from .call import Call, Reply, json_reply
from .corpus import Corpus, full_names, year


def answer(corpus: Corpus, call: Call) -> Reply:
    """``/v2/DOI?email=``."""
    email = call.query.get("email", "")
    if "@" not in email or email.endswith("example.com"):
        message = "Please use your own email address in API calls."
        return json_reply({"HTTP_status_code": 422, "error": True, "message": message}, 422)
    item = corpus.by_doi.get(call.path.removeprefix("/v2/").lower())
    if item is None:
        message = f"'{call.path}' isn't in Unpaywall."
        return json_reply({"HTTP_status_code": 404, "error": True, "message": message}, 404)
    arxiv = item["custom"].get("arxiv")
    location = {"url": f"https://arxiv.org/pdf/{arxiv}", "host_type": "repository"}
    return json_reply(
        {
            "doi": item["DOI"].lower(),
            "title": item["title"],
            "year": year(item),
            "z_authors": [
                {"author_position": "middle", "raw_author_name": name} for name in full_names(item)
            ],
            "is_oa": bool(arxiv),
            "oa_locations": [location] if arxiv else [],
            "best_oa_location": location if arxiv else None,
        }
    )
