"""arXiv's query API in the shape of 2026: Atom, its search language, and its habits.

Missing identifiers are silently absent, one malformed identifier spoils its whole batch with HTTP
400, ten results are the default, a hyphen outside quotation marks means NOT, and an unknown field
matches nothing. A paper with ``custom.first-title`` has two versions; old identifiers are answered
in the form without a subject class.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from .call import Call, Reply
from .corpus import Corpus, Item, abstract, families, fold, full_names, iso

_ID = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?\Z")
_TOKEN = re.compile(
    r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<operator>ANDNOT|AND|OR)(?=[\s()]|\Z)"
    r"|(?P<term>(?:[A-Za-z]+:)?(?:\"[^\"]*\"|\[[^\]]*\]|[^\s()\"]+)))"
)
_HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" \
xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>{id}</id>
  <title>{title}</title>
  <updated>2026-11-24T00:00:00Z</updated>
  <opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
"""


def answer(corpus: Corpus, call: Call) -> Reply:
    """``/api/query``."""
    if call.path != "/api/query":
        return Reply(b"Not Found", 404, "text/plain")
    ids = [each for each in call.query.get("id_list", "").split(",") if each]
    kind, _, culprit = call.quirk.partition(" ")
    if kind in ("poison", "silent-poison") and culprit in ids:
        return _error(culprit if kind == "poison" else "")
    for each in ids:
        if not _ID.match(each):
            return _error(each)
    search = call.query.get("search_query", "")
    if ids:
        found = [e for each in ids if (e := _version(corpus, each))]
        found = [each for each in found if not search or _matches(search, each)]
    else:
        found = [each for each in corpus.preprints.values() if _matches(search, each)]
    start, size = call.number("start", 0), min(call.number("max_results", 10), 2000)
    page = found[start : start + size]
    head = _HEAD.format(
        id="https://arxiv.org/api/synthetic",
        title=escape(f"arXiv Query: search_query={search}&id_list={','.join(ids)}"),
        size=size,
        total=len(found),
        start=start,
    )
    entries = [] if kind == "empty" else [_entry(corpus, each) for each in page]
    return _atom("".join([head, *entries, "</feed>\n"]))


def _version(corpus: Corpus, name: str) -> Item | None:
    """A paper as it was in the version that is named, else as it is now."""
    plain, _, number = re.sub(r"\.[A-Z]{2}/", "/", name).partition("v")
    item = corpus.preprints.get(plain)
    first = item["custom"].get("first-title", item["title"]) if item else ""
    if item is None or number not in ("", "1", "2") or (number == "2" and first == item["title"]):
        return None
    return {**item, "title": first, "version": 1} if number == "1" else item


def _atom(text: str, status: int = 200) -> Reply:
    return Reply(text.encode(), status, "application/atom+xml; charset=utf-8")


def _error(culprit: str) -> Reply:
    named = f"incorrect_id_format_for_{culprit}" if culprit else "internal"
    said = f"incorrect id format for {culprit}" if culprit else "internal error"
    head = _HEAD.format(
        id="https://arxiv.org/", title="arXiv Search Results", size=1, total=1, start=0
    )
    return _atom(
        f"{head}<entry><id>https://arxiv.org/api/errors#{escape(named)}</id><title>Error</title>"
        f"<summary>{escape(said)}</summary><author><name>arXiv api core</name></author></entry>"
        "</feed>",
        400,
    )


def _entry(corpus: Corpus, item: Item) -> str:
    arxiv, custom = item["custom"]["arxiv"], item["custom"]
    time = f"{iso(item)}T12:00:00Z"
    version = f"v{item.get('version') or (2 if custom.get('first-title') else 1)}"
    updated = custom.get("updated", time)
    said = [each for each in corpus.versions(arxiv) if each["custom"].get("asserted")]
    authors = "".join(
        f"    <author>\n      <name>{escape(name)}</name>\n    </author>\n"
        for name in full_names(item)
    )
    doi = "".join(
        f'    <arxiv:doi>{escape(e["DOI"])}</arxiv:doi>\n    <link rel="related" '
        f'href="https://doi.org/{escape(e["DOI"])}" title="doi"/>\n'
        for e in said
        if e.get("DOI")
    )
    comments = [*(e["container-title"] for e in said), *custom.get("comments", ())][:1]
    comment = "".join(f"    <arxiv:comment>{escape(e)}</arxiv:comment>\n" for e in comments)
    journal = "".join(
        f"    <arxiv:journal_ref>{escape(e)}</arxiv:journal_ref>\n"
        for e in custom.get("journal-refs", ())
    )
    return (
        f"  <entry>\n    <id>http://arxiv.org/abs/{arxiv}{version}</id>\n"
        f"    <title>{escape(item['title'])}</title>\n    <updated>{updated}</updated>\n"
        f'    <link href="https://arxiv.org/abs/{arxiv}{version}" rel="alternate" '
        f'type="text/html"/>\n'
        f"    <summary>{escape(abstract(item))}</summary>\n"
        f'    <category term="{custom["arxiv-class"]}"/>\n    <published>{time}</published>\n'
        f'{comment}    <arxiv:primary_category term="{custom["arxiv-class"]}"/>\n'
        f"{journal}{doi}{authors}  </entry>\n"
    )


def _matches(search: str, item: Item) -> bool:
    tokens = list(_tokens(search))
    return bool(tokens) and _either(tokens, item)


def _tokens(search: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(search) and (match := _TOKEN.match(search, position)):
        position = match.end()
        kind = match.lastgroup or "term"
        yield kind, match[kind]


def _either(tokens: list[tuple[str, str]], item: Item) -> bool:
    result = _all(tokens, item)
    while tokens and tokens[0] == ("operator", "OR"):
        tokens.pop(0)
        result = _all(tokens, item) or result
    return result


def _all(tokens: list[tuple[str, str]], item: Item) -> bool:
    result = _one(tokens, item)
    while tokens and tokens[0][0] != "close" and tokens[0] != ("operator", "OR"):
        negated = False
        if tokens[0][0] == "operator":
            negated = tokens.pop(0)[1] == "ANDNOT"
        result = (_one(tokens, item) != negated) and result
    return result


def _one(tokens: list[tuple[str, str]], item: Item) -> bool:
    if not tokens:
        return False
    kind, text = tokens.pop(0)
    if kind == "open":
        result = _either(tokens, item)
        if tokens:
            tokens.pop(0)
        return result
    return kind == "term" and _term(text, item)


def _term(text: str, item: Item) -> bool:
    field, colon, value = text.partition(":")
    if not colon or text.startswith('"'):
        field, value = "all", text
    if field == "submittedDate":
        days = re.findall(r"\d{8}", value)
        return len(days) == 2 and days[0] <= iso(item).replace("-", "") <= days[1]
    if not value.startswith('"') and "-" in value:
        wanted, _, unwanted = value.partition("-")
        has = not wanted or _holds(field, wanted, item)
        return has and not _holds(field, unwanted, item)
    return _holds(field, value.strip('"'), item)


def _holds(field: str, value: str, item: Item) -> bool:
    wanted = fold(value)
    texts = {
        "ti": [item["title"]],
        "au": full_names(item),
        "abs": [abstract(item)],
        "cat": [item["custom"]["arxiv-class"]],
        "all": [item["title"], abstract(item), *full_names(item), *families(item)],
    }
    return bool(wanted) and any(_phrase(wanted, fold(each)) for each in texts.get(field, ()))


def _phrase(wanted: list[str], words: list[str]) -> bool:
    size = len(wanted)
    return any(words[index : index + size] == wanted for index in range(len(words) - size + 1))
