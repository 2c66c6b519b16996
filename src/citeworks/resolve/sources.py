"""All sources in one table, and the ones that the settings ask for.

The only place that knows every source, its limits and its identity. A source's module is imported
when the source is first used. Refuses to know which source is asked for what: that is the plan's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from citeworks.http import Client, Limits, Service
from citeworks.http.guard import is_loopback
from citeworks.http.interface import DAY


@dataclass(frozen=True, slots=True)
class Source:
    """One source: where its class is, and how its public service wants to be asked.

    `interval` and `also` hold unless the source is a server on this machine. `contact`
    and `key` are the parameters in which the service wants them, `key_header` the header, in which
    the key stands as `key_form` says. An `optional` source is asked where somebody has named it or
    set its address.
    """

    module: str
    class_name: str
    interval: float = 0.0
    concurrency: int = 1
    pace: str = ""
    lifetime: float = 7 * DAY
    contact: str = ""
    key: str = ""
    key_header: str = ""
    key_form: str = "{}"
    also: tuple[str, ...] = ()
    optional: bool = False


SOURCES: dict[str, Source] = {
    # One request in three seconds, over all machines; results change once a day.
    "arxiv": Source("arxiv", "Arxiv", 3.0, pace="arxiv", lifetime=DAY),
    "arxiv-oai": Source("arxiv_oai", "ArxivOai", 3.0, pace="arxiv", lifetime=DAY),
    # Its answers say how many requests they allow.
    "crossref": Source(
        "crossref",
        "Crossref",
        contact="mailto",
        key_header="Crossref-Plus-API-Token",
        key_form="Bearer {}",
    ),
    "datacite": Source("datacite", "DataCite", 0.3, 2),
    "doi": Source(
        "doi", "DoiOrg", 0.1, 2, also=("api.crossref.org", "data.crosscite.org", "dx.doi.org")
    ),
    "openalex": Source("openalex", "OpenAlex", 0.1, 2, contact="mailto", key="api_key"),
    "semanticscholar": Source("semanticscholar", "SemanticScholar", 1.0, key_header="x-api-key"),
    "dblp": Source("dblp", "Dblp", 1.0),
    "acl": Source("acl", "Acl", 0.5),
    "pubmed": Source("pubmed", "PubMed", 0.4, contact="email", key="api_key"),
    "openreview": Source(
        "openreview", "OpenReview", 0.5, key_header="Authorization", key_form="Bearer {}"
    ),
    "unpaywall": Source("unpaywall", "Unpaywall", 0.1, contact="email", optional=True),
}
"""Every source under the name that settings and provenance use."""


class Sources(Mapping[str, Any]):
    """The sources that are configured, by name, and the client that they share.

    `settings` are the values of the dotted settings (``contact``, ``sources.arxiv.url``, …), by
    name; `secret` gives the key of a source, or nothing. Each value is a `Resolver`, a `Searcher`
    or both. A context manager: leaving it closes the connections.
    """

    def __init__(
        self,
        settings: Mapping[str, str],
        *,
        secret: Callable[[str], str] = lambda name: "",
        folder: Path | None = None,
        offline: bool = False,
        limits: Limits | None = None,
    ) -> None:
        self.services = {
            name: _service(name, url, settings, secret)
            for name in SOURCES
            if (url := settings.get(f"sources.{name}.url", ""))
        }
        self.client = Client(
            self.services.values(),
            folder=folder,
            contact=settings.get("contact", ""),
            offline=offline,
            limits=limits,
        )
        self._made: dict[str, Any] = {}

    def __enter__(self) -> Sources:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            made = _class(name)(self.client, self.services[name])
            self._made.setdefault(name, made)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.services)

    def __len__(self) -> int:
        return len(self.services)


@cache
def _class(name: str) -> Any:
    source = SOURCES[name]
    return getattr(import_module(f"citeworks.resolve.{source.module}"), source.class_name)


def _service(
    name: str, url: str, settings: Mapping[str, str], secret: Callable[[str], str]
) -> Service:
    source, contact = SOURCES[name], settings.get("contact", "")
    is_elsewhere = not is_loopback(urlsplit(url).hostname or "")
    interval = settings.get(f"sources.{name}.interval", "")
    key = secret(f"sources.{name}.key") if source.key or source.key_header else ""
    identity = {source.contact: contact} if source.contact and contact else {}
    header = {source.key_header: source.key_form.format(key)} if source.key_header and key else {}
    if source.key and key:
        identity[source.key] = key
    return Service(
        name,
        url.rstrip("/"),
        interval=float(interval) if interval else source.interval if is_elsewhere else 0.0,
        concurrency=source.concurrency,
        pace=source.pace,
        lifetime=source.lifetime,
        identity=identity,
        headers=header,
        also=source.also if is_elsewhere else (),
    )
