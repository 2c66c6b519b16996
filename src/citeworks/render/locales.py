"""CSL locales: the texts that citeproc-py packages, by their tags."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")


@cache
def locale_paths() -> dict[str, Path]:
    """Every packaged locale under its tag (``en-US``)."""
    spec = find_spec("citeproc")
    roots = spec.submodule_search_locations if spec else None
    folder = Path(next(iter(roots))) / "data" / "locales" if roots else Path("/nonexistent")
    return {path.stem.removeprefix("locales-"): path for path in folder.glob("locales-*.xml")}


def load_locale(tag: str) -> str | None:
    """The locale's XML text, or None when there is none of this tag."""
    path = locale_paths().get(tag) if _TAG.match(tag) else None
    return path.read_text(encoding="utf-8") if path else None
