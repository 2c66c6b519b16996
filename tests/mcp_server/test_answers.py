"""What an assistant is told, and what a person without the SDK is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks.mcp_server.answers import LARGEST_ANSWER, LONGEST_TEXT, answer
from tests_support import Cite

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


@given(st.lists(JSON, max_size=5))
def test_small_items_come_back_as_they_are(items: list[Any]) -> None:
    text = answer(items, total=len(items))
    assert json.loads(text)["data"] == items or "nested too deeply" in text
    assert all(sign == "\n" or sign.isprintable() or sign.isspace() for sign in text)


@pytest.mark.parametrize(
    "item", ["x" * 10**6, ["y"] * 10**5, {str(n): n for n in range(10**5)}, [["z" * 5000] * 500]]
)
def test_large_items_are_cut_visibly(item: Any) -> None:
    text = answer([item] * 3)
    assert len(text) < 4 * LARGEST_ANSWER + 200 * LONGEST_TEXT
    assert "more" in text


def test_without_a_library_the_program_ends_with_advice(cite: Cite) -> None:
    done = cite("mcp")
    assert (done.returncode, done.stdout) == (2, "")
    assert "cite add" in done.stderr


def test_without_the_package_it_says_what_to_install(folder: Path, home: Mapping[str, str]) -> None:
    program = (
        "import sys; sys.modules['mcp'] = None\n"
        "from citeworks.cli.main import main; sys.exit(main(['mcp']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=home, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "install citeworks[mcp]" in done.stderr
