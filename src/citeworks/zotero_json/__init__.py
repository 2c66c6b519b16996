"""Zotero's item JSON to records and back: one table of types, fields and creators, pure.

`parse_item` reads one item, `format_item` writes one. Knows nothing of servers, versions that
conflict, collections or attachments: what an item has beyond its bibliographic data is kept in
``custom["zotero"]`` and put back.
"""

from citeworks.zotero_json.read import parse_item
from citeworks.zotero_json.write import format_item

__all__ = ["format_item", "parse_item"]
