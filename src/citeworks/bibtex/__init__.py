"""BibTeX and BibLaTeX: text in, records out, and back.

`dump` writes records; `loads` cuts a text into blocks without losing a byte; `read_records` makes
records of them. Knows nothing of files and commands.
"""

from citeworks.bibtex.writer import dump, encode_text

__all__ = ["dump", "encode_text"]
