"""Which CSL variables hold names, which dates, which numbers and which text.

Knows CSL 1.0.2's appendix; refuses to know values.
"""

from __future__ import annotations

NAME_VARIABLES = frozenset(
    """author chair collection-editor compiler composer container-author contributor curator
    director editor editor-translator editorial-director executive-producer guest host illustrator
    interviewer narrator organizer original-author performer producer recipient reviewed-author
    script-writer series-creator translator""".split()
)
DATE_VARIABLES = frozenset(
    "accessed available-date event-date issued original-date submitted".split()
)
NUMBER_VARIABLES = frozenset(
    """chapter-number citation-number collection-number edition first-reference-note-number issue
    locator number number-of-pages number-of-volumes page page-first part-number printing-number
    section supplement-number version volume""".split()
)
TEXT_VARIABLES = frozenset(
    """annote archive archive-place archive_collection archive_location authority call-number
    collection-title collection-title-short container-title container-title-short dimensions
    division DOI event-place event-title genre ISBN ISSN jurisdiction language medium
    original-publisher original-publisher-place original-title part-title PMCID PMID publisher
    publisher-place references reviewed-genre reviewed-title scale source status title-short
    volume-title volume-title-short year-suffix""".split()
)
