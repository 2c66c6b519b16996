"""The format of a text is told by what is in it."""

from __future__ import annotations

import pytest

from citeworks.workflows.recognise import recognise


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("csl-json", '[{"id": "a"}]'),
        ("csl-json", '\ufeff {"type": "book", "id": "a"}'),
        ("csl-json", "[" * 100_000),
        ("csl-json", '{"a": [' * 50_000),
        ("listing", "[[1]] A title. https://example.org\n"),
        ("csl-yaml", "---\nreferences:\n- id: a\n"),
        ("csl-yaml", "# refs\n- id: a\n  type: book\n"),
        ("csl-yaml", "- type: book\n  id: a\n"),
        ("cff", "# a comment\ncff-version: 1.2.0\ntitle: x\n"),
        ("cff", 'message: "@article{a}"\ncff-version: 1.2.0\n'),
        ("ris", "\ufeffTY  - JOUR\nAB  - x\n@article{a,\nER  - \n"),
        ("ris", "Provider: x\r\n\r\nTY - JOUR\r\n"),
        ("nbib", "\nPMID- 123\nTI  - x\n"),
        ("endnote-xml", '<?xml version="1.0"?><xml><records/></xml>'),
        ("endnote-xml", "<xml>\n<records>"),
        ("bibtex", "% comment\n@article{a, title = {x}}"),
        ("bibtex", "@book{a, abstract = {x\nTY  - JOUR\nPMID- 1}}"),
        ("listing", "A plain title\nSmith, Jones\n"),
        ("listing", "- A title. https://example.org\n- another one\n"),
        ("listing", ""),
    ],
)
def test_the_first_sign_decides(name: str, text: str) -> None:
    assert recognise(text.encode()) == name
    if name in ("ris", "bibtex", "nbib"):
        assert recognise(text.removeprefix("\ufeff").encode("utf-16")) == name
