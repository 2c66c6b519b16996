"""The CSL test-suite as a ratchet: what passes is listed, what is not listed has its reason.

A listed fixture that fails breaks the build, and so does an unlisted one that passes.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

runner: Any = import_module("runner")
_HERE = Path(__file__).parent
_SUITE = runner.data_folder() / "suite-dev"


def _names(file: str) -> list[str]:
    lines = (_HERE / file).read_text("utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


PASSING = frozenset(_names("passing.txt"))
DISAGREEMENTS = dict(line.split(": ", 1) for line in _names("disagreements.txt"))


def test_no_fixture_is_both_passing_and_disagreed_with() -> None:
    assert not PASSING & DISAGREEMENTS.keys()


def test_every_disagreement_has_a_reason() -> None:
    assert all(len(reason.split()) >= 4 for reason in DISAGREEMENTS.values())


@pytest.mark.skipif(not _SUITE.is_dir(), reason="the shared CSL test-suite is not there")
@pytest.mark.parametrize("name", sorted(PASSING | DISAGREEMENTS.keys()))
def test_fixture(name: str) -> None:
    path = _SUITE / f"{name}.txt"
    if not path.is_file():
        pytest.skip(f"{name} is not among the shared fixtures")
    passed = _passes(path)
    if name in PASSING:
        assert passed, "\n".join(runner.run_fixture(runner.read_fixture(path)))
    else:
        assert not passed, f"{name} passes now: list it in passing.txt"


def _passes(path: Path) -> bool:
    return bool(runner.passes(runner.read_fixture(path)))


@pytest.mark.skipif(not _SUITE.is_dir(), reason="the shared CSL test-suite is not there")
def test_every_shared_fixture_is_accounted_for() -> None:
    there = {path.stem for path in _SUITE.glob("*.txt")}
    assert there <= PASSING | DISAGREEMENTS.keys()
