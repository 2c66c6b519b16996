"""CSL locales: the texts that citeproc-py packages, by their tags."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from citeworks.errors import StyleError
from citeworks.nearest import did_you_mean

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


def known_locale(tag: str) -> str:
    """The locale that a person asks for; StyleError with the nearest when there is none."""
    found = nearest_locale(tag, default="")
    if not found:
        raise StyleError(
            f"unknown locale {tag!r}",
            hint=did_you_mean(tag, locale_paths()) or "a locale such as en-US, de-DE or fr-FR",
        )
    return found


def nearest_locale(tag: str, default: str = "en-US") -> str:
    """The locale of this tag, else the first one of its language."""
    known = {each.casefold(): each for each in sorted(locale_paths())}
    wanted = tag.casefold().replace("_", "-")
    language = wanted.partition("-")[0]
    own = f"{language}-{language}"
    preferred = {"en": "en-us", "pt": "pt-pt", "zh": "zh-cn"}.get(language, own)
    same = [each for each in known if each.partition("-")[0] == language]
    candidates = [wanted, preferred, *same]
    return next((known[each] for each in candidates if each in known), default)
