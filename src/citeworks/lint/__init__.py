"""What is wrong with a bibliography: rules as a table, checks as pure functions.

`RULES` is the table; `check_document` looks at a .bib document, `check_records` at records of any
other origin. Knows nothing of files and commands.
"""

from citeworks.lint.documents import check_document, findings_of
from citeworks.lint.fixes import fix_document
from citeworks.lint.interface import Edit, Finding, Rule
from citeworks.lint.records import check_records, fix_records
from citeworks.lint.rules import RULES

__all__ = [
    "RULES",
    "Edit",
    "Finding",
    "Rule",
    "check_document",
    "check_records",
    "findings_of",
    "fix_document",
    "fix_records",
]
