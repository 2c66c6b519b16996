"""Words that decide what a written name is: particles, suffixes and the marks of collectives.

Facts about names only, shared by everything that reads names; no behaviour.
"""

from __future__ import annotations

PARTICLES = frozenset(
    """
    ab abd abu af al aan av ben bat bin bint da dal dalla dalle dallo das de de' degli dei del del'
    dell dell' della delle dello den der des di do dos du d' el 'el ibn in 't la las le les lo los
    op te ten ter thoe tot und van vande vanden vander ver vom von von't voor zu zum zur
    """.split()
)
"""Lower-case words that stand before a family name and belong to it."""

CAPITALIZED_PARTICLES = frozenset(
    """
    Al Da Dal Dalla De Del Della Den Der Des Di Do Dos Du El La Las Le Los St. Saint San Santa Ten
    Ter Van Vande Vander Ver Von
    """.split()
)
"""Particles that are part of the family name when written with a capital (Luc Van Gool)."""

SUFFIXES = frozenset("jr jr. sr sr. junior senior ii iii iv vi 2nd 3rd 4th".split())
"""Generational suffixes, lower case."""

COLLECTIVE_WORDS = frozenset(
    """
    academy agency alliance association authority board bureau centre center centers coalition
    collaboration collective college commission committee community company congress consortium
    consortia contributors cooperation corporation council court department division editors
    federation forum foundation fund government group groups gruppe inc inc. initiative institute
    institut instituto institution investigators laboratories laboratory lab labs league library
    llc ltd ltd. ministry museum nations network office organisation organization panel parliament
    partnership platform press program programme project research school secretariat service
    society staff study survey syndicate taskforce team trust union united universidad universita
    universitat universität université university workgroup workshop
    """.split()
)
"""Lower-case words that mark an organisation or a group rather than a person."""

COLLECTIVES = frozenset(
    """
    AI2 Anthropic Apple DeepMind DeepSeek-AI Gemini Google Microsoft Meta Mistral
    Moonshot NVIDIA OpenAI Qwen UNESCO UNICEF WHO xAI
    """.split()
) | {"Google DeepMind", "Google Brain", "Google Research", "Meta AI", "Mistral AI", "Moonshot AI"}
"""Organisations whose names carry no word that says so."""
