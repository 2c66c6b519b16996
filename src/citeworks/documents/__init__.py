"""Documents that cite: LaTeX, its auxiliary files, Markdown and Quarto, Typst.

`scan` goes through one text and says what it cites, where, and which files it goes on in. Pure:
text in, values out. Knows nothing of files, libraries and .bib entries.
"""

from citeworks.documents.interface import (
    SYNTAXES,
    Citation,
    Definitions,
    Reference,
    Scan,
    scan,
    syntax_of,
)

__all__ = ["SYNTAXES", "Citation", "Definitions", "Reference", "Scan", "scan", "syntax_of"]
