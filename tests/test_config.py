"""Settings: where they are found, which one wins, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeworks.config import SETTINGS, Setting, load_settings
from citeworks.errors import InputError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with a project in it, so that nothing above is found."""
    (tmp_path / "project" / "paper").mkdir(parents=True)
    (tmp_path / "cite.toml").write_text("")
    return tmp_path


def refusal(start: Path, environment: dict[str, str] | None = None) -> InputError:
    with pytest.raises(InputError) as refused:
        load_settings(start, environment or {})
    return refused.value


def test_without_any_file_the_defaults_hold(home: Path) -> None:
    settings = load_settings(home, {})
    assert settings.keys() == SETTINGS.keys()
    assert settings["style"] == Setting("apa", "default")


def test_the_project_is_found_from_a_folder_below(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "project" / "cite.toml"
    file.write_text('style = "ieee"\n')
    assert load_settings(home / "project" / "paper", {})["style"] == Setting("ieee", str(file))
    monkeypatch.chdir(home / "project" / "paper")
    assert load_settings(Path(), {})["style"].value == "ieee"


def test_pyproject_holds_settings_in_its_own_table(home: Path) -> None:
    file = home / "project" / "pyproject.toml"
    file.write_text('[tool.cite]\nlocale = "de-DE"\n')
    assert load_settings(home / "project", {})["locale"] == Setting("de-DE", str(file))


def test_a_pyproject_without_the_table_is_passed_over(home: Path) -> None:
    for text in ("[tool.ruff]\n", "tool = 5\n", "[project]\n", "[tool]\ncite = 5\n"):
        (home / "project" / "pyproject.toml").write_text(text)
        (home / "cite.toml").write_text('style = "nature"\n')
        assert load_settings(home / "project", {})["style"].value == "nature"


def test_cite_toml_wins_over_pyproject_and_the_nearer_over_the_farther(home: Path) -> None:
    (home / "cite.toml").write_text('style = "nature"\nlocale = "fr-FR"\n')
    (home / "project" / "pyproject.toml").write_text('[tool.cite]\nstyle = "mla"\n')
    assert load_settings(home / "project", {})["style"].value == "mla"
    (home / "project" / "cite.toml").write_text('style = "ieee"\n')
    settings = load_settings(home / "project" / "paper", {})
    assert settings["style"].value == "ieee"
    assert settings["locale"].value == ""


@pytest.mark.parametrize("variable", ["XDG_CONFIG_HOME", "HOME"])
def test_the_users_file_stands_behind_the_projects(home: Path, variable: str) -> None:
    base = home / "user"
    folder = base if variable == "XDG_CONFIG_HOME" else base / ".config"
    (folder / "citeworks").mkdir(parents=True)
    (folder / "citeworks" / "cite.toml").write_text('style = "mla"\nlocale = "de-DE"\n')
    (home / "project" / "cite.toml").write_text('style = "ieee"\n')
    settings = load_settings(home / "project", {variable: str(base)})
    assert (settings["style"].value, settings["locale"].value) == ("ieee", "de-DE")


def test_the_environment_wins(home: Path) -> None:
    (home / "project" / "cite.toml").write_text('style = "ieee"\ncitation-key = "{title}"\n')
    environment = {"CITE_STYLE": "nature", "CITE_CITATION_KEY": "{family}", "CITE_LOCALE": ""}
    settings = load_settings(home / "project", environment)
    assert settings["style"] == Setting("nature", "CITE_STYLE")
    assert settings["citation-key"] == Setting("{family}", "CITE_CITATION_KEY")
    assert settings["locale"].origin == "default"


def test_a_library_is_relative_to_the_file_that_names_it(home: Path) -> None:
    (home / "project" / "cite.toml").write_text('library = "refs/library.json"\n')
    library = load_settings(home / "project" / "paper", {})["library"].value
    assert library == str(home / "project" / "refs" / "library.json")


def test_an_unknown_setting_is_refused_with_the_nearest(home: Path) -> None:
    (home / "cite.toml").write_text('stile = "apa"\n')
    error = refusal(home)
    assert (error.code, error.hint) == ("C002", "did you mean style?")
    assert error.location.file == str(home / "cite.toml")


@pytest.mark.parametrize("name", ["api-key", "zotero-key", "token"])
def test_a_secret_has_no_place_in_a_file(home: Path, name: str) -> None:
    (home / "cite.toml").write_text(f'{name} = "s3cr3t"\n')
    error = refusal(home)
    assert error.code == "C002"
    assert "s3cr3t" not in error.message + error.hint


@pytest.mark.parametrize("value", ["5", "true", "[]", "{}", "2024-01-01"])
def test_a_setting_is_a_text(home: Path, value: str) -> None:
    (home / "cite.toml").write_text(f"style = {value}\n")
    assert refusal(home).code == "C003"


def test_broken_toml_is_refused_at_its_place(home: Path) -> None:
    (home / "cite.toml").write_text('style = "apa"\nlocale = = 1\n')
    error = refusal(home)
    assert error.code == "C001"
    assert str(error.location) == f"{home / 'cite.toml'}:2:10"
    assert "at line" not in error.message


@pytest.mark.parametrize("data", [b"\xff\xfe", b'style = "a', b"a = " + b"[" * 100_000, b"\x00"])
def test_what_is_no_toml_is_refused(home: Path, data: bytes) -> None:
    (home / "cite.toml").write_bytes(data)
    assert refusal(home).code == "C001"


def test_no_home_is_no_trouble(home: Path) -> None:
    assert load_settings(home, {"HOME": ""})["style"].origin == "default"
