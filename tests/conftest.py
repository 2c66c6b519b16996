"""What tests share: the real `cite` program, the sample listing, and optional shared data."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from servers import Corpus, MetadataServer, decoys, sample_items
from tests_support import CITE, Cite

ROOT = Path(__file__).parents[1]

# A build tries the same examples everywhere and times none; "explore" tries new ones.
settings.register_profile("build", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "build"))


@pytest.fixture
def listing() -> Path:
    """The sample listing of the project."""
    return ROOT / "bib" / "listing.txt"


@pytest.fixture(scope="session")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the programs that tests start keep their compiled modules: one compiles for all."""
    return tmp_path_factory.mktemp("bytecode")


@pytest.fixture
def home(tmp_path: Path, bytecode: Path) -> Mapping[str, str]:
    """An environment whose home is empty and in which nothing of `cite` is set."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CITE_")}
    clean.pop("PYTHONDONTWRITEBYTECODE", None)
    clean["PYTHONPYCACHEPREFIX"] = str(bytecode)
    for name in (
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
        "NO_COLOR",
        "FORCE_COLOR",
        "EDITOR",
        "VISUAL",
    ):
        clean.pop(name, None)
    (tmp_path / "home").mkdir()
    return {**clean, "HOME": str(tmp_path / "home")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to work in."""
    path = tmp_path / "work"
    path.mkdir()
    return path


@pytest.fixture
def cite(folder: Path, home: Mapping[str, str]) -> Cite:
    """Run the installed program in the empty folder and give what it printed."""

    def run(
        *arguments: str | bytes | Path, env: Mapping[str, str | None] | None = None, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        changed: dict[str, str] = {**home}
        for name, value in (env or {}).items():
            if value is None:
                changed.pop(name, None)
            else:
                changed[name] = value
        settings: dict[str, Any] = {"cwd": folder, "capture_output": True, "timeout": 120}
        if "input" not in options and "stdin" not in options:
            settings["stdin"] = subprocess.DEVNULL
        if "stdout" in options:
            settings.pop("capture_output")
            settings["stderr"] = subprocess.PIPE
        return subprocess.run(
            [CITE, *arguments], env=changed, text=True, encoding="utf-8", **settings | options
        )

    return run


@pytest.fixture
def shared_data() -> Path:
    """The folder of shared data; tests that need it are skipped where it is absent."""
    path = Path(os.environ.get("CITEWORKS_DATA", ROOT.parent / "shared"))
    if not (path / "README.md").is_file():
        pytest.skip(f"no shared data at {path}; CITEWORKS_DATA names another folder")
    return path


@pytest.fixture
def metadata_server() -> Iterator[MetadataServer]:
    """All metadata services on one port: the sample's papers, and decoys that look like them."""
    with MetadataServer(Corpus([*sample_items(), *decoys()])) as server:
        yield server
