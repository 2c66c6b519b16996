"""How rules are chosen, and that the manual lists them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from citeworks.errors import InputError
from citeworks.lint.rules import RULES, choose
from citeworks.model import Severity

PAGE = Path(__file__).parents[2] / "docs/lint.md"
WORDS = {Severity.NOTE: "note", Severity.WARNING: "warning", Severity.ERROR: "error"}


def test_notes_are_chosen_only_when_asked_for() -> None:
    assert "T105" not in choose((), (), notes=False)
    assert "T105" in choose((), (), notes=True)
    assert "T105" in choose(("T",), (), notes=False)
    assert choose(("all",), (), notes=False) == set(RULES)


def test_the_longer_prefix_wins_and_the_later_word_of_equal_ones_is_no() -> None:
    chosen = choose(("T", "V101"), ("T101", "V"), notes=False)
    assert chosen == {code for code in RULES if code[0] == "T"} - {"T101"} | {"V101"}
    assert choose(("T101",), ("T101",), notes=False) == frozenset()
    assert choose((), ("B", "F"), notes=True) == {code for code in RULES if code[0] not in "BF"}


def test_names_of_rules_are_as_good_as_codes() -> None:
    assert choose(("bare-acronym", "v109"), (), notes=False) == {"T101", "V109"}


def test_what_is_no_rule_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="Z9"):
        choose(("Z9",), (), notes=False)
    with pytest.raises(InputError) as caught:
        choose(("bare-acronim",), (), notes=False)
    assert "bare-acronym" in caught.value.hint


def test_the_page_has_every_rule_and_nothing_else() -> None:
    rows = re.findall(
        r"^\| `(\w\d{3})` \| `([a-z-]+)` \| (\w+) \| (yes|) ?\| (.*) \|$",
        PAGE.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert rows == [
        (rule.code, rule.name, WORDS[rule.severity], "yes" if rule.fixable else "", rule.summary)
        for rule in sorted(RULES.values(), key=lambda rule: rule.code)
    ]


def test_codes_and_names_are_unique() -> None:
    assert len({rule.name for rule in RULES.values()}) == len(RULES)
