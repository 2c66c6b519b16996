"""A library and a query to the records that fit, through the library's index."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from citeworks import store
from citeworks.folders import cache_folder
from citeworks.search.index import Hit, open_index
from citeworks.search.query import parse_query
from citeworks.workflows.interface import Watch, unwatched


def search(library: Path, text: str, limit: int, watch: Watch = unwatched) -> tuple[list[Hit], int]:
    """The best hits and the number of all; the index is made when the library has changed."""
    query = parse_query(text)
    found = open_index(cache_folder(), library, lambda: watch(store.read(library).library.values()))
    with closing(found) as index:
        return index.search(query, limit)
