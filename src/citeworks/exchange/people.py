"""Names as tagged formats write them: ``Family, Given, Suffix``, an organisation with a comma at
its end.

A comma inside an organisation's name is doubled, as EndNote does. How a name in reading order is
cut is known to `citeworks.normalize.names`.
"""

from __future__ import annotations

from citeworks.model import Name, Record
from citeworks.model.name_words import PARTICLES, SUFFIXES
from citeworks.normalize.names import parse_name

ET_AL = Name(literal="et al.")


def read_person(text: str) -> Name:
    """One name; one without a comma is in reading order, or a literal."""
    text = " ".join(text.split())
    if refworks := _read_four_parts(text):
        return refworks
    if ",," in text or text.endswith(","):
        return Name(literal=text.rstrip(", ").replace(",,", ","))
    if "," not in text:
        return parse_name(text)
    family, *rest = (part.strip() for part in text.split(","))
    suffix = ""
    if len(rest) > 1:
        first_is_suffix = rest[0].lower() in SUFFIXES
        suffix = rest.pop(0 if first_is_suffix else -1)
    von, family = split_particles(family)
    return Name(family, ", ".join(rest), non_dropping_particle=von, suffix=suffix)


def _read_four_parts(text: str) -> Name | None:
    """``Family,Given,Middle,Suffix``, as RefWorks writes it, the middle often empty."""
    family, *rest = (part.strip() for part in text.split(","))
    if len(rest) != 3 or not (family and rest[0]) or rest[2].lower() not in SUFFIXES:
        return None
    von, family = split_particles(family)
    given = " ".join(part for part in rest[:2] if part)
    return Name(family, given, non_dropping_particle=von, suffix=rest[2])


def listed(record: Record, variable: str) -> tuple[Name, ...]:
    """The names, with ``et al.`` at the end of a list that is known to be cut short."""
    names = record.names(variable)
    return (*names, ET_AL) if names and record.is_truncated(variable) else names


def split_particles(family: str) -> tuple[str, str]:
    """The small words that a family name begins with, and the rest of it."""
    words = family.split(" ")
    count = 0
    while count < len(words) - 1 and words[count] in PARTICLES:
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])


def format_person(name: Name) -> str:
    """``von Family, Given, Suffix``, or an organisation."""
    if name.literal:
        text = name.literal.replace(",", ",,")
        return f"{text}," if " " in text else text
    von = " ".join(part for part in (name.dropping_particle, name.non_dropping_particle) if part)
    family = " ".join(part for part in (von, name.family) if part)
    if not name.given and not name.suffix:
        return family
    parts = [family or name.given, name.given if family else "", name.suffix]
    return ", ".join(parts).rstrip(", ")
