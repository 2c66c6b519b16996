"""Real styles against the reference renderings, above floors that only ever rise."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

runner: Any = import_module("runner")
_DATA = runner.data_folder()
pytestmark = pytest.mark.skipif(
    not (_DATA / "styles-dev").is_dir(), reason="the shared reference renderings are not there"
)


def _compare(file: str) -> dict[str, float]:
    data: dict[str, Any] = json.loads((_DATA / "styles-dev" / file).read_text("utf-8"))
    shared = json.loads((_DATA / "styles-dev" / "reference.json").read_text("utf-8"))
    items = {item["id"]: item for item in shared["items"]}
    good = {"bib": 0, "cite": 0, "order": 0}
    total = {"bib": 0, "cite": 0, "order": 0}
    for name, expected in data.get("styles", data).items():
        actual = runner.render_style(name, items)
        for kind in ("bib", "cite"):
            for key, text in expected.get(kind, {}).items():
                total[kind] += 1
                good[kind] += runner.loose(text) == runner.loose(actual[kind].get(key, ""))
        total["order"] += 1
        good["order"] += list(actual["bib"]) == expected["order"]
    return {kind: good[kind] / max(total[kind], 1) for kind in total}


def test_varied_items_in_real_styles() -> None:
    shares = _compare("reference.json")
    assert shares["bib"] >= 0.965
    assert shares["cite"] >= 0.99
    assert shares["order"] >= 0.96


def test_the_seven_main_styles() -> None:
    assert _compare("seven-main-styles.json") == {"bib": 1, "cite": 1, "order": 1}


def test_a_thousand_apa_items() -> None:
    items = json.loads((_DATA / "items-1000.json").read_text("utf-8"))
    expected = (_DATA / "items-1000.apa.expected.txt").read_text("utf-8").splitlines()
    actual = runner.render_style("apa", {item["id"]: item for item in items})["bib"]
    assert list(actual.values()) == expected
