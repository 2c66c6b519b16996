"""The packaged locales."""

from __future__ import annotations

import pytest

from citeworks.render.locales import load_locale, locale_paths


def test_locales_are_found_by_their_tags() -> None:
    assert {"en-US", "en-GB", "de-DE", "zh-CN", "la"} <= locale_paths().keys()
    assert 'xml:lang="de-DE"' in (load_locale("de-DE") or "")


@pytest.mark.parametrize("tag", ["", "xx-XX", "../locales/locales-en-US", "en-US.xml", "en US"])
def test_no_other_text_is_a_locale(tag: str) -> None:
    assert load_locale(tag) is None
