"""Real styles against the reference renderings: a two-way ratchet, above floors.

``disagreements-styles.txt`` lists what differs. Its reasons begin with whose side it is on: the
*specification*, a *reference quirk*, the *same text* in other tags, or *open*: not yet decided.
"""

from __future__ import annotations

import json
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

runner: Any = import_module("runner")
_DATA = runner.data_folder()
pytestmark = pytest.mark.skipif(
    not (_DATA / "styles-dev").is_dir(), reason="the shared reference renderings are not there"
)


def _listed() -> set[tuple[str, str, str]]:
    text = Path(__file__).with_name("disagreements-styles.txt").read_text("utf-8")
    listed = set()
    for line in text.splitlines():
        style, rest = line.split(": ", 1)
        for part in rest.split(": ", 1)[0].split(" | "):
            kind, *numbers = part.split()
            listed |= {(style, kind, number) for number in numbers or [""]}
    return listed


def _compare(file: str) -> tuple[dict[str, float], set[tuple[str, str, str]]]:
    data: dict[str, Any] = json.loads((_DATA / "styles-dev" / file).read_text("utf-8"))
    shared = json.loads((_DATA / "styles-dev" / "reference.json").read_text("utf-8"))
    items = {item["id"]: item for item in shared["items"]}
    total: Counter[str] = Counter()
    different = set()
    for name, expected in data.get("styles", data).items():
        actual = runner.render_style(name, items)
        for kind in ("bib", "cite"):
            for key, text in expected.get(kind, {}).items():
                total[kind] += 1
                if runner.loose(text) != runner.loose(actual[kind].get(key, "")):
                    different.add((name, kind, key[:2]))
        total["order"] += 1
        if list(actual["bib"]) != expected["order"]:
            different.add((name, "order", ""))
    bad = Counter(kind for _, kind, _ in different)
    return {kind: 1 - bad[kind] / total[kind] for kind in total}, different


def test_varied_items_in_real_styles() -> None:
    shares, different = _compare("reference.json")
    assert different == _listed()
    assert shares["bib"] >= 0.97
    assert shares["cite"] >= 0.99
    assert shares["order"] >= 0.96


def test_the_seven_main_styles() -> None:
    shares, different = _compare("seven-main-styles.json")
    assert not different
    assert shares == {"bib": 1, "cite": 1, "order": 1}


def test_a_thousand_apa_items() -> None:
    items = json.loads((_DATA / "items-1000.json").read_text("utf-8"))
    expected = (_DATA / "items-1000.apa.expected.txt").read_text("utf-8").splitlines()
    actual = runner.render_style("apa", {item["id"]: item for item in items})["bib"]
    assert list(actual.values()) == expected
