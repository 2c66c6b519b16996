"""One Zotero item as a record; what CSL has no variable for is kept in ``custom["zotero"]``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from citeworks.model import Name, Record, Value
from citeworks.model.identifier import parse_arxiv
from citeworks.model.name_words import PARTICLES
from citeworks.model.provenance import Provenance
from citeworks.model.variables import DATE_VARIABLES, TYPES
from citeworks.zotero_json.dates import parse_date
from citeworks.zotero_json.extra import Extra, parse_extra
from citeworks.zotero_json.tables import (
    CREATORS,
    FIELDS,
    ITEM_TYPES,
    PRIMARY,
    VARIABLE_OF_DATE_FIELD,
    VARIABLE_OF_FIELD,
)

SOURCE = "zotero"
"""The provenance of what was read from a Zotero item."""

_HANDLED = frozenset("itemType creators tags extra citationKey".split())
_RANKS = {name: rank for names in FIELDS.values() for rank, name in enumerate(names.split())}
"""Of two fields for one variable the writer fills the first, so that the first is read."""
_SUFFIX = re.compile(
    r"(?:[JS]r|[IVX]{1,4}|\d(?:st|nd|rd|th)|Esq|Ph\.? ?D|[MJ]\.?D|M\.?B\.?A|D\.?Phil|S\.?J)\.?\Z"
)
_WHOLE = re.compile(r'"(.+)"\Z')
_BEHIND_COMMA = re.compile(r"(?P<given>.*),(?P<stays>!?) (?P<suffix>\S[^,]*)\Z")
_PARTICLES = frozenset("af d' da de del della den der des di do dos du la le van von zu".split())
_CREATOR_VARIABLES = {
    name: variable
    for variable, names in reversed(CREATORS.items())
    for name in names.split()
    if variable != "author" or name in PRIMARY
}


@dataclass(slots=True)
class _Draft:
    variables: dict[str, Value] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    def put(self, variable: str, value: Value | None) -> bool:
        if not value or variable in self.variables:
            return False
        self.variables[variable] = value
        return True


def parse_item(item: Mapping[str, Any]) -> Record:
    """The record of an item; given an API answer, of its ``data``."""
    data = item["data"] if isinstance(item.get("data"), Mapping) else item
    item_type = str(data.get("itemType") or "document")
    draft = _Draft(kept={"itemType": item_type})
    extra = parse_extra(_extra_text(data.get("extra")))
    _read_fields(draft, data)
    _read_creators(draft, data, item_type)
    _read_tags(draft, data)
    _read_extra(draft, extra)
    custom = {"zotero": draft.kept, **_custom_of(extra, draft)}
    kind = extra.variables.get("type", "")
    csl_type = kind if kind in TYPES else ITEM_TYPES.get(item_type, "document")
    origin = Provenance(SOURCE, str(data.get("key") or data.get("itemKey") or ""))
    provenance = dict.fromkeys(draft.variables, origin)
    return Record(_key(data, extra), csl_type, draft.variables, provenance, custom)


def _extra_text(extra: object) -> str:
    """Extra is a text in Zotero, and a list of lines in some of its exports."""
    if isinstance(extra, list):
        return "\n".join(str(line) for line in extra)
    return str(extra or "")


def _key(data: Mapping[str, Any], extra: Extra) -> str:
    candidates = (
        data.get("citationKey"),
        extra.variables.get("citation-key"),
        data.get("key"),
        data.get("itemKey"),
        data.get("itemID"),
    )
    return str(next((key for key in candidates if key), ""))


def _read_fields(draft: _Draft, data: Mapping[str, Any]) -> None:
    for name, value in sorted(data.items(), key=lambda each: _RANKS.get(each[0], 0)):
        if name in _HANDLED or value in (None, "", [], {}):
            continue
        if name in VARIABLE_OF_DATE_FIELD and isinstance(value, str):
            put = draft.put(VARIABLE_OF_DATE_FIELD[name], parse_date(value))
        elif name in VARIABLE_OF_FIELD and isinstance(value, str):
            put = draft.put(VARIABLE_OF_FIELD[name], value)
        else:
            put = False
        if not put:
            draft.kept.setdefault("fields", {})[name] = value


def _read_creators(draft: _Draft, data: Mapping[str, Any], item_type: str) -> None:
    found: dict[str, list[Name]] = {}
    types: dict[str, list[str]] = {}
    for creator in data.get("creators") or ():
        kind = str(creator.get("creatorType") or "author")
        variable = creator_variable(kind, item_type)
        name = parse_creator(creator)
        if str(name):
            found.setdefault(variable, []).append(name)
            types.setdefault(variable, []).append(kind)
    for variable, names in found.items():
        draft.put(variable, tuple(names))
        kinds = types[variable]
        same = len(set(kinds)) == 1
        draft.kept.setdefault("creators", {})[variable] = kinds[0] if same else kinds


def creator_variable(kind: str, item_type: str) -> str:
    """The CSL name variable that a creator of that type stands for."""
    if kind == "performer" and item_type == "audioRecording":
        return "performer"
    return _CREATOR_VARIABLES.get(kind, "contributor")


def parse_creator(creator: Mapping[str, Any]) -> Name:
    """The name of a creator, its particles and suffix told apart."""
    if creator.get("name"):
        return Name(literal=str(creator["name"]).strip())
    family = str(creator.get("lastName") or "").strip()
    given = str(creator.get("firstName") or "").strip()
    if not given and "firstName" not in creator:
        return Name(literal=family)
    particle, family = split_family(family, has_given=bool(given))
    given, suffix, asks_comma = _suffix(given)
    given, dropping = _dropping(given)
    return Name(
        family,
        given,
        dropping_particle=dropping,
        non_dropping_particle=particle,
        suffix=suffix,
        comma_suffix=asks_comma,
    )


def split_family(text: str, *, has_given: bool) -> tuple[str, str]:
    """The particle and the family name of a last name; quotes keep one whole, as citeproc-js does.

    Without a first name it may be an organisation's: only known particles are set apart.
    """
    whole = _WHOLE.match(text)
    if whole:
        return "", whole[1]
    words = text.split()
    small = 0
    while small < len(words) - 1 and words[small].islower():
        if not has_given and words[small] not in PARTICLES:
            return "", text
        small += 1
    return " ".join(words[:small]), " ".join(words[small:])


def _suffix(given: str) -> tuple[str, str, bool]:
    """Zotero keeps a suffix behind a comma in the first name; ``,!`` says that the comma stays."""
    found = _BEHIND_COMMA.match(given)
    if found and (found["stays"] or _SUFFIX.match(found["suffix"])):
        return found["given"], found["suffix"], bool(found["stays"])
    return given, "", False


def _dropping(given: str) -> tuple[str, str]:
    """Small words at the end of the first name are a dropping particle (*Guy de* Maupassant)."""
    words = given.split()
    keep = len(words)
    while keep > 1 and words[keep - 1] in _PARTICLES:
        keep -= 1
    if keep == len(words):
        return given, ""
    return " ".join(words[:keep]), " ".join(words[keep:])


def _read_tags(draft: _Draft, data: Mapping[str, Any]) -> None:
    tags = data.get("tags") or ()
    words = [str(tag.get("tag") if isinstance(tag, Mapping) else tag) for tag in tags]
    if words:
        draft.put("keyword", ", ".join(words))
        draft.kept["tags"] = list(tags)


def _read_extra(draft: _Draft, extra: Extra) -> None:
    for variable, text in extra.variables.items():
        if variable in ("citation-key", "type"):
            continue
        value: Value | None = parse_date(text) if variable in DATE_VARIABLES else text
        if not draft.put(variable, value):
            label = variable.replace("-", " ").capitalize() if variable.islower() else variable
            extra.rest.append(f"{label}: {text}")
    for variable, texts in extra.names.items():
        draft.put(variable, tuple(_extra_name(text) for text in texts))
    rest = "\n".join(extra.rest).strip("\n")
    if rest:
        draft.put("note", rest)


def _extra_name(text: str) -> Name:
    family, bars, given = text.partition("||")
    return Name(family.strip(), given.strip()) if bars else Name(literal=text.strip())


def _custom_of(extra: Extra, draft: _Draft) -> dict[str, Any]:
    custom: dict[str, Any] = {}
    number = draft.variables.get("number")
    archive_id = number if isinstance(number, str) and number.lower().startswith("arxiv:") else ""
    arxiv = parse_arxiv(extra.arxiv) or parse_arxiv(archive_id)
    if arxiv:
        custom["arxiv"] = arxiv
    if arxiv and extra.arxiv_class:
        custom["arxiv-class"] = extra.arxiv_class
    if extra.bibtex:
        custom["bibtex"] = {"fields": dict(extra.bibtex)}
    return custom
