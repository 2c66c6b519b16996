"""OpenReview's second API: notes with wrapped values, accepted, submitted and rejected alike."""

from __future__ import annotations

from typing import Any

from .call import Call, Reply, json_reply
from .corpus import Corpus, Item, full_names, year


def answer(corpus: Corpus, call: Call) -> Reply:
    """``/notes?id=`` and ``/notes/search?term=``."""
    if call.path == "/notes":
        item = corpus.known_by("openreview", call.query.get("id", ""))
        if item is None:
            error = {"name": "NotFoundError", "message": "The Note was not found", "status": 404}
            return json_reply(error, 404)
        return json_reply({"notes": [_note(item)], "count": 1})
    if call.path == "/notes/search":
        found = [
            e for e in corpus.search(call.query.get("term", "")) if e["custom"].get("openreview")
        ]
        notes = [_note(each) for each in found[: call.number("limit", 25)]]
        return json_reply({"notes": notes, "count": len(notes)})
    return json_reply({"name": "NotFoundError"}, 404)


def _note(item: Item) -> dict[str, Any]:
    custom = item["custom"]
    venue: Any = custom.get("venue") or item["container-title"]
    if len(venue) % 2:  # sometimes a list
        venue = [venue]
    return {
        "id": custom["openreview"],
        "forum": custom["openreview"],
        "pdate": None,
        "content": {
            "title": {"value": item["title"]},
            "authors": {"value": full_names(item)},
            "venue": {"value": venue},
            "venueid": {"value": f"Venue.cc/{year(item)}/Conference"},
            "abstract": {"value": item.get("abstract") or "We study what the title says."},
        },
    }
