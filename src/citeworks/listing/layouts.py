"""The layouts, in the order in which they are asked; read it to know what can be pasted.

A layout is recognised by features of the text. To add one, write its module and name it here.
"""

from __future__ import annotations

from collections.abc import Sequence

from citeworks.listing.arxiv_list import ArxivList
from citeworks.listing.arxiv_mail import ArxivMail
from citeworks.listing.arxiv_search import ArxivSearch
from citeworks.listing.interface import Line, ListingParser
from citeworks.listing.scholarfeed import ScholarFeed

LAYOUTS: tuple[ListingParser, ...] = (ScholarFeed(), ArxivMail(), ArxivList(), ArxivSearch())
"""Every layout with entries of its own; what none of them accepts is searched for identifiers."""

_THRESHOLD = 0.5


def choose_layout(sample: Sequence[Line]) -> ListingParser | None:
    """The layout that fits best, the earlier one of two that fit equally; None if none does."""
    best = max(LAYOUTS, key=lambda layout: layout.accepts(sample))
    return best if best.accepts(sample) >= _THRESHOLD else None
