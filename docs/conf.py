"""How the pages of this folder become the manual: ``make docs``, with warnings as errors.

The contents are the links of `index.md`, in their order there and under its headings.
"""

import re

from sphinx.application import Sphinx

from citeworks import __version__

project = "citeworks"
author = "the citeworks authors"
project_copyright = "the citeworks authors"
version = release = __version__

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3
myst_links_external_new_tab = False
suppress_warnings: list[str] = []
nitpicky = True

html_theme = "furo"
html_title = f"citeworks {__version__}"
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None
highlight_language = "text"
pygments_style = "default"

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_PAGE = re.compile(r"^\| \[[^]]+\]\(([\w-]+)\.md\)", re.MULTILINE)


def add_contents(app: Sphinx, name: str, source: list[str]) -> None:
    """Append a hidden table of contents to the index, made of the tables that it shows."""
    if name != "index":
        return
    _, *parts = _HEADING.split(source[0])
    for caption, text in zip(parts[::2], parts[1::2], strict=True):
        if pages := _PAGE.findall(text):
            listed = "\n".join(pages)
            source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{listed}\n```\n"


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", add_contents)
    return {"parallel_read_safe": True}
