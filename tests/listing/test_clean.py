"""Cleaning of text for parsing."""

from __future__ import annotations

import pytest

from citeworks.listing.clean import clean, fold_width
from citeworks.listing.interface import MOJIBAKE_REPAIRED, REPLACEMENT_CHARACTER, UNDECODABLE


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("plain text\r\n", "plain text"),
        ("  a\t b \n", "a b"),
        ("a\u00a0b\u202fc\u2009d\u3000e", "a b c d e"),
        ("la\u00adtent\u200b space\ufeff", "latent space"),
        ("\u202aleft\u202c \u200eto right", "left to right"),
        ("Fra\u0308nken", "Fränken"),
        ("&auml; &amp; &#39;x&#x27; &nbsp;y", "ä & 'x' y"),
        ("AT&T &copy R&D; &unknown;", "AT&T &copy R&D; &unknown;"),
        ("e\ufb03cient \ufb01eld", "efficient field"),
        ("a\x00b\x07c", "abc"),
        ("keep “smart” quotes – and dashes", "keep “smart” quotes – and dashes"),
    ],
)
def test_what_pasting_added_is_taken_away(raw: str, text: str) -> None:
    assert clean(raw) == (text, ())


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d💻 at work",
        "\u200fשלום\u200f",
    ],
    ids=["Persian", "Hindi", "emoji", "Hebrew"],
)
def test_invisible_characters_that_carry_meaning_stay(text: str) -> None:
    assert clean(text) == (text, ())


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("FrÃ¤nken Â· openai", "Fränken · openai"),
        ("â€œviewsâ€\x9d and â€™", "“views” and ’"),
        ("FrÃƒÂ¤nken", "Fränken"),
        ("ï»¿CLJun 28", "CLJun 28"),
        ("æ—¥æœ¬", "日本"),
    ],
)
def test_mojibake_is_repaired_and_reported(raw: str, text: str) -> None:
    assert clean(raw) == (text, (MOJIBAKE_REPAIRED,))


@pytest.mark.parametrize(
    "text",
    ["EXPOSÉ’s “CAFÉ”", "touché…”", "Ça coûte 5 €", "à « côté »", "São Paulo", "Ångström ±3 µm"],
)
def test_true_accents_are_no_mojibake(text: str) -> None:
    assert clean(text) == (text, ())


def test_stray_bytes_are_read_as_windows_1252_and_reported() -> None:
    assert clean(b"Fr\xe4nken \x93x\x94".decode("utf-8", "surrogateescape")) == (
        "Fränken “x”",
        (UNDECODABLE,),
    )


def test_other_lone_surrogates_become_replacement_characters() -> None:
    assert clean("a\ud800b") == ("a\ufffdb", (REPLACEMENT_CHARACTER,))
    assert clean("a\ufffdb") == ("a\ufffdb", (REPLACEMENT_CHARACTER,))


def test_full_width_characters_are_folded_for_matching() -> None:
    assert fold_width("ＣＬＪｕｎ　２８") == "CLJun 28"
