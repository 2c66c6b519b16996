"""The main error messages, to the letter: one line, at most the source line, a mark and one hint.

``CITEWORKS_RENEW=1 python -m pytest tests/cli/test_messages.py`` writes them anew; look at the
difference before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests_support import Cite

AGREED = Path(__file__).parents[1] / "golden" / "messages.txt"
RENEW = "CITEWORKS_RENEW=1 python -m pytest tests/cli/test_messages.py"

FILES = {
    "ok.bib": "@misc{smith2020, author = {Smith, Anna}, title = {On samples}, year = 2020}\n",
    "open.bib": "@misc{a,\n  title = {Never closed,\n  year = 2019\n",
    "binary.bib": "\x00\x01\x02\x03",
    "empty.txt": "",
    "prose.txt": "Nothing here is a reference.\n",
    "cut.json": '[{"id": "a", "type": "book",}]',
    "paper.md": "As [@smiht2020] says.\n",
    "bad.csl": "<style xmlns='http://purl.org/net/xbiblio/csl'><nothing/></style>",
}
COMMANDS = """
cite
cite exprot
cite list
cite add
cite add nothere.bib
cite add empty.txt
cite add prose.txt
cite add binary.bib
cite add open.bib
cite add cut.json
cite add ok.bib --as-of yesterday
cite export ok.bib --style apaa
cite export ok.bib --style bad.csl
cite export ok.bib --format bibtxe
cite export ok.bib --format bibtex --style apa
cite export ok.bib --check
cite export ok.bib -o nowhere/refs.txt
cite cite smiht2020 --from ok.bib
cite bib paper.md --from ok.bib
cite lint open.bib
cite lint ok.bib --output-format jsno
cite fmt open.bib
cite search --library lost.json samples
cite config set stile apa
cite config get stile
cite help exit-code
cite enrich --source arxvi --library ok.json
cite sync status --library ok.json
cite show smiht2020 --library ok.json
""".strip().splitlines()


def test_messages_are_those_that_were_agreed_on(cite: Cite, folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert cite("add", "ok.bib", "--library", "ok.json").returncode == 0
    shown = []
    for line in COMMANDS:
        done = cite(*line.split()[1:])
        assert done.returncode != 0, line
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) <= 4, done.stderr
        shown.append(f"$ {line}\n{done.stderr}[{done.returncode}]\n")
    text = "\n".join(shown)
    if os.environ.get("CITEWORKS_RENEW"):
        AGREED.write_text(text, encoding="utf-8")
    assert text == AGREED.read_text(encoding="utf-8"), f"if this is meant: {RENEW}"
