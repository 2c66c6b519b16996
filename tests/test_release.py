"""What a release says of itself is true: citation, licences, bill of materials, size, versions."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.citation import item
from tools.dependencies import bill_of_materials, closure, licence, page

from citeworks import __version__
from tests_support import Cite

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SIZE = re.compile(r"about (\d+) MB in (\d+) packages")
PYTHONS = ("3.11", "3.12", "3.13")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_citation_file_is_what_our_own_tool_makes(cite: Cite, tmp_path: Path) -> None:
    target = tmp_path / "CITATION.cff"
    made = cite("export", "-", "--format", "cff", "-o", target, input=json.dumps([item()]))
    assert made.returncode == 0, made.stderr
    assert target.read_text(encoding="utf-8") == text_of("CITATION.cff"), "`make citation`"


def test_version_stands_in_one_place() -> None:
    assert "version" in PROJECT["dynamic"]
    assert f"version: {__version__}\n" in text_of("CITATION.cff")
    assert f"## [{__version__}]" in text_of("CHANGELOG.md")
    stated = [
        path.relative_to(ROOT)
        for path in [*(ROOT / "src").rglob("*.py"), *ROOT.glob("*.md"), ROOT / "Makefile"]
        if __version__ in path.read_text(encoding="utf-8")
    ]
    assert sorted(map(str, stated)) == ["CHANGELOG.md", "src/citeworks/__init__.py"]


def test_changelog_has_its_newest_on_top_and_nothing_twice() -> None:
    versions = re.findall(r"^## \[(.+)\]", text_of("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == "Unreleased"
    assert len(set(versions)) == len(versions)
    for part in re.split(r"^## ", text_of("CHANGELOG.md"), flags=re.MULTILINE)[1:]:
        headings = re.findall(r"^### (.+)$", part, re.MULTILINE)
        assert set(headings) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
        assert len(set(headings)) == len(headings)


def rows(text: str) -> dict[str, str]:
    return dict(re.findall(r"^\| `([\w.-]+)` \| ([^|]+) \|", text, re.MULTILINE))


def test_every_package_that_is_installed_along_has_its_licence_on_the_page() -> None:
    stated = rows(text_of("docs/dependencies.md"))
    assert stated | rows(page(closure())) == stated, "`make licences` makes the page anew"


def test_every_licence_is_known_and_lets_people_use_the_program() -> None:
    unknown = {name for name, stated in rows(page(closure())).items() if "see the" in stated}
    assert unknown == set()
    assert [name for name, stated in rows(page(closure())).items() if "AGPL" in stated] == []


def test_bill_of_materials_has_every_dependency_once_and_with_its_own() -> None:
    made = bill_of_materials(closure())
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    components = [made["metadata"]["component"], *made["components"]]
    references = [each["bom-ref"] for each in components]
    assert len(set(references)) == len(references)
    assert {each["ref"] for each in made["dependencies"]} == set(references)
    needed = {ref for each in made["dependencies"] for ref in each["dependsOn"]}
    assert needed == set(references) - {f"pkg:pypi/citeworks@{__version__}"}
    named = {re.match(r"[\w.-]+", each)[0].lower() for each in PROJECT["dependencies"]}  # type: ignore[index]
    assert named <= {each["name"] for each in components}


def test_bill_of_materials_is_the_same_each_time() -> None:
    command = [sys.executable, "-m", "tools.dependencies", "sbom"]
    first, second = (
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout for _ in range(2)
    )
    assert first == second
    assert json.loads(first) == bill_of_materials(closure())


def interpreters() -> Iterator[object]:
    for version in PYTHONS:
        running = f"{sys.version_info[0]}.{sys.version_info[1]}" == version
        path = sys.executable if running else _working(f"python{version}")
        missing = pytest.mark.skipif(not path, reason=f"no Python {version} at hand")
        yield pytest.param(path, id=version, marks=missing)


def _working(name: str) -> str | None:
    """A program that is on the PATH and runs; a shim may stand there for nothing."""
    path = shutil.which(name)
    runs = path and subprocess.run([path, "-c", ""], check=False, capture_output=True)
    return path if runs and runs.returncode == 0 else None


@pytest.mark.slow
@pytest.mark.parametrize("python", list(interpreters()))
def test_wheel_installs_into_an_empty_environment_and_is_as_large_as_we_say(
    python: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run([*command, "-d", tmp_path / "dist"], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").iterdir()
    subprocess.run([python, "-m", "venv", tmp_path / "empty"], check=True)
    inside = tmp_path / "empty" / "bin"
    quietly = ["--quiet", "--disable-pip-version-check", "--no-compile"]
    pip: list[str | Path] = [inside / "python", "-m", "pip", "install", *quietly, wheel]
    done = subprocess.run(pip, check=False, capture_output=True, text=True)
    if "No matching distribution" in done.stderr or "connection" in done.stderr.lower():
        pytest.skip("no package index is reached")
    assert done.returncode == 0, done.stderr
    version = subprocess.run([inside / "cite", "--version"], check=True, capture_output=True)
    assert version.stdout.decode() == f"cite {__version__}\n"
    listing: list[str | Path] = [
        "export",
        ROOT / "bib/listing.txt",
        "--as-of",
        "2026-06-30",
        "--style",
        "apa",
    ]
    shown = subprocess.run([inside / "cite", *listing], check=True, capture_output=True)
    assert len(shown.stdout.splitlines()) >= 31
    _is_as_the_readme_says(tmp_path / "empty")


def _is_as_the_readme_says(environment: Path) -> None:
    (packages,) = environment.glob("lib/python*/site-packages")
    known = {path.name.split("-")[0] for path in packages.glob("*.dist-info")}
    size = sum(
        path.stat().st_size
        for path in packages.rglob("*")
        if path.is_file()
        and path.relative_to(packages).parts[0].split("-")[0] not in ("pip", "setuptools")
    )
    stated = SIZE.search(text_of("README.md"))
    assert stated, "the README says how large an installation is"
    measured = (round(size / 1e6), len(known - {"pip", "setuptools"}))
    assert abs(int(stated[1]) - measured[0]) <= 0.1 * measured[0], measured
    assert abs(int(stated[2]) - measured[1]) <= 1, measured


def test_licence_is_read_from_what_a_package_states() -> None:
    from importlib.metadata import distribution

    assert licence(distribution("citeworks")) == "MIT"
