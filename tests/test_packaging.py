"""What is built: the wheel and the sdist hold what a user needs, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from citeworks import __version__
from citeworks.cli.manual import pages

ROOT = Path(__file__).parents[1]
DATA = f"-{__version__}.data"


def build(kind: str, source: Path, target: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = target.iterdir()
    return built


def members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def unpacked_sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"citeworks-{__version__}"


def test_wheel_has_every_module_the_types_marker_and_the_licence(wheel: Path) -> None:
    modules = {
        str(path.relative_to(ROOT / "src")) for path in (ROOT / "src/citeworks").rglob("*.py")
    }
    assert modules | {"citeworks/py.typed"} <= members(wheel)
    assert any(name.endswith("licenses/LICENSE") for name in members(wheel))


def test_wheel_has_our_styles_where_the_program_looks(wheel: Path) -> None:
    styles = {f"citeworks/render/own_styles/{path.name}" for path in (ROOT / "styles").iterdir()}
    assert styles
    assert styles <= members(wheel)


def test_wheel_has_nothing_but_the_package(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in members(wheel)}
    assert tops == {f"citeworks{rest}" for rest in ("", DATA, f"-{__version__}.dist-info")}


def test_wheel_has_the_manual_pages_as_the_commands_are(wheel: Path) -> None:
    folder = f"citeworks{DATA}/data/"
    with zipfile.ZipFile(wheel) as archive:
        found = {
            name.removeprefix(f"{folder}share/man/man1/"): archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith(folder)
        }
    assert found == pages()


def test_wheel_installs_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"citeworks-{__version__}.dist-info/entry_points.txt").decode()
    assert "cite = citeworks.__main__:run" in text


def test_sdist_has_what_the_checkout_needs(unpacked_sdist: Path) -> None:
    wanted = (
        "Makefile",
        "README.md",
        "CHANGELOG.md",
        "CITATION.cff",
        "CONTRIBUTING.md",
        "LICENSE",
        "SECURITY.md",
        "tools/dependencies.py",
        "bib/listing.txt",
        "docs/index.md",
    )
    assert [name for name in wanted if not (unpacked_sdist / name).is_file()] == []


def test_wheel_from_the_sdist_is_the_wheel_from_the_checkout(
    wheel: Path, unpacked_sdist: Path, tmp_path: Path
) -> None:
    assert members(build("wheel", unpacked_sdist, tmp_path / "again")) == members(wheel)


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_two_builds_of_one_checkout_have_the_same_bytes(
    kind: str, unpacked_sdist: Path, tmp_path: Path
) -> None:
    """The second is built elsewhere, from files that are younger and have another mode."""
    copy = tmp_path / "elsewhere"
    shutil.copytree(unpacked_sdist, copy, copy_function=shutil.copy)
    (copy / "README.md").chmod(0o600)
    first = build(kind, unpacked_sdist, tmp_path / "first").read_bytes()
    assert build(kind, copy, tmp_path / "second").read_bytes() == first
