"""Where machine state stands, whatever the environment names."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeworks.folders import cache_folder, state_folder


@pytest.mark.parametrize(
    ("environment", "cache", "state"),
    [
        ({"HOME": "/h"}, "/h/.cache/citeworks", "/h/.local/state/citeworks"),
        ({"HOME": "/h", "XDG_CACHE_HOME": "/c"}, "/c/citeworks", "/h/.local/state/citeworks"),
        ({"HOME": "/h", "XDG_STATE_HOME": "/s"}, "/h/.cache/citeworks", "/s/citeworks"),
        (
            {"HOME": "/h", "XDG_CACHE_HOME": "c", "XDG_STATE_HOME": "s"},
            "/h/.cache/citeworks",
            "/h/.local/state/citeworks",
        ),
    ],
)
def test_the_folders_follow_the_xdg_specification(
    environment: dict[str, str], cache: str, state: str
) -> None:
    assert cache_folder(environment) == Path(cache)
    assert state_folder(environment) == Path(state)


def test_without_a_home_nothing_is_kept_in_the_current_folder() -> None:
    for folder in (cache_folder({}), state_folder({"HOME": ""})):
        assert folder.is_absolute()
