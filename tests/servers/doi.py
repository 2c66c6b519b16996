"""doi.org: content negotiation by redirect, registration agencies, and HTML for what is no DOI."""

from __future__ import annotations

from urllib.parse import quote

from .call import Call, Reply, json_reply
from .corpus import Corpus
from .datacite import attributes

_CSL = "application/vnd.citationstyles.csl+json"
_ARXIV = "10.48550/arxiv."


def answer(corpus: Corpus, call: Call) -> Reply:
    """``/DOI`` and ``/doiRA/DOI``."""
    doi = call.path.strip("/").lower()
    if doi.startswith("doira/"):
        return _agency(corpus, doi.removeprefix("doira/"))
    if not doi.startswith("10."):
        return Reply(b"<html><body>Error: Not a DOI</body></html>", 400, "text/html")
    if doi in corpus.by_doi:
        target = f"{call.server}/crossref/v1/works/{quote(doi, safe='')}/transform"
        return Reply(b"", 302, "text/html;charset=utf-8", {"Location": target})
    if (item := corpus.preprints.get(doi.removeprefix(_ARXIV))) and doi.startswith(_ARXIV):
        told = attributes(corpus, item)
        body = json_reply({
            "type": "article", "id": f"https://doi.org/{doi}", "DOI": told["doi"],
            "author": item["author"], "issued": item["issued"], "title": item["title"],
            "publisher": "arXiv", "abstract": told["descriptions"][0]["description"],
        })  # fmt: skip
        return Reply(body.body, 200, _CSL)
    return Reply(b"<html><title>DOI Not Found</title></html>", 404, "text/html;charset=utf-8")


def _agency(corpus: Corpus, doi: str) -> Reply:
    if doi in corpus.by_doi:
        return json_reply([{"DOI": doi, "RA": "Crossref"}])
    if doi.startswith(_ARXIV):
        return json_reply([{"DOI": doi, "RA": "DataCite"}])
    return json_reply([{"DOI": doi, "status": "DOI does not exist"}])
