"""The manual as web pages: it builds without a warning, is whole, and asks no other server."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
pytestmark = pytest.mark.slow

LOADED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "object": "data"}
"""Elements for which a browser asks a server, and the attribute that says which."""


class Requests(HTMLParser):
    """The addresses that a browser asks for when it shows a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note what the element loads."""
        given = dict(attributes)
        if tag in LOADED and given.get(LOADED[tag]):
            self.addresses.append(given[LOADED[tag]] or "")
        if tag == "link" and given.get("rel") not in (
            "index",
            "next",
            "prev",
            "search",
            "canonical",
        ):
            self.addresses.append(given.get("href") or "")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("manual")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", folder / "doctrees", DOCS, folder / "html"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "html"


def test_every_page_is_in_the_contents(built: Path) -> None:
    index = (built / "index.html").read_text(encoding="utf-8")
    linked = set(re.findall(r'class="reference internal" href="([\w-]+)\.html"', index))
    assert {page.stem for page in DOCS.glob("*.md")} - {"index"} <= linked


def test_no_page_asks_another_server(built: Path) -> None:
    foreign = []
    for page in built.rglob("*.html"):
        requests = Requests()
        requests.feed(page.read_text(encoding="utf-8"))
        foreign += [each for each in requests.addresses if re.match(r"(?:[a-z]+:)?//", each)]
    assert foreign == []


def test_no_style_sheet_asks_another_server(built: Path) -> None:
    sheets = "\n".join(path.read_text(encoding="utf-8") for path in built.rglob("*.css"))
    assert re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)]*", sheets) == []


def test_the_manual_can_be_searched(built: Path) -> None:
    assert "provenance" in (built / "searchindex.js").read_text(encoding="utf-8")
