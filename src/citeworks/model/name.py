"""A name as CSL sees it (CSL 1.0.2, "Name-part Order"; CSL-JSON ``name-variable``)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """One person (`family`, `given`, particles, suffix) or one collective (`literal`).

    `dropping_particle` vanishes when only the surname is shown (``de`` in *Guy de Maupassant*),
    `non_dropping_particle` stays (``van`` in *van Gogh*). `comma_suffix` asks for a comma before
    the suffix, `static_ordering` keeps family before given in every context.
    """

    family: str = ""
    given: str = ""
    dropping_particle: str = ""
    non_dropping_particle: str = ""
    suffix: str = ""
    literal: str = ""
    comma_suffix: bool = False
    static_ordering: bool = False

    @property
    def is_collective(self) -> bool:
        """True for organisations and for names that nobody has split yet."""
        return bool(self.literal)

    def __str__(self) -> str:
        """The name in reading order: given, particles, family, suffix."""
        if self.literal:
            return self.literal
        parts = (
            self.given,
            self.dropping_particle,
            self.non_dropping_particle,
            self.family,
            self.suffix,
        )
        return " ".join(part for part in parts if part)
