"""PubMed's literature citation exporter: CSL-JSON for one PMID."""

from __future__ import annotations

from .call import Call, Reply, json_reply
from .corpus import Corpus


def answer(corpus: Corpus, call: Call) -> Reply:
    """``/lit/ctxp/v1/pubmed/?format=csl&id=PMID``."""
    wanted = call.query.get("id", "").removeprefix("pmid:")
    found = [each for each in corpus.published if each.get("PMID") == wanted and wanted]
    if not call.path.startswith("/lit/ctxp/v1/pubmed") or not found:
        return json_reply({"status": "error", "error": f"no such record: {wanted}"}, 404)
    told = {name: value for name, value in found[0].items() if name != "custom"}
    return json_reply({**told, "id": f"pmid:{wanted}", "source": "PubMed"})
