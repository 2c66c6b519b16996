"""The ACL Anthology: one .bib file for each paper."""

from __future__ import annotations

from .call import Call, Reply
from .corpus import Corpus, year


def answer(corpus: Corpus, call: Call) -> Reply:
    """``/ID.bib``."""
    name, dot, _ = call.path.strip("/").rpartition(".bib")
    item = corpus.known_by("acl", name) if dot else None
    if item is None:
        return Reply(b"<html>404</html>", 404, "text/html")
    authors = "  and\n      ".join(f"{a['family']}, {a.get('given', '')}" for a in item["author"])
    fields = {
        "title": item["title"].replace("NLP", "{NLP}"),
        "author": authors,
        "booktitle": item["container-title"],
        "year": str(year(item)),
        "publisher": item.get("publisher", ""),
        "url": f"https://aclanthology.org/{name}/",
        "doi": item["DOI"],
        "pages": item.get("page", "").replace("-", "--"),
    }
    lines = [f'    {key} = "{value}"' for key, value in fields.items() if value]
    if len(item["issued"]["date-parts"][0]) > 1:
        lines.append("    month = dec")
    text = "@inproceedings{paper,\n" + ",\n".join(lines) + "\n}\n"
    return Reply(text.encode(), 200, "text/plain; charset=utf-8")
