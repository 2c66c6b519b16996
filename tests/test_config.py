"""Settings: where they are found, which one wins, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeworks.config import KINDS, SETTINGS, Setting, load_secret, load_settings
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


def test_a_setting_in_a_table_has_a_dotted_name(home: Path) -> None:
    file = home / "cite.toml"
    file.write_text(
        'contact = "a@b.org"\n[sources.arxiv]\nurl = "http://localhost:1/"\ninterval = 0.5\n'
    )
    settings = load_settings(home, {})
    assert settings["contact"] == Setting("a@b.org", str(file))
    assert settings["sources.arxiv.url"] == Setting("http://localhost:1", str(file))
    assert settings["sources.arxiv.interval"].value == "0.5"
    assert settings["sources.crossref.url"] == Setting("https://api.crossref.org", "default")


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        *(
            (f"CITE_{source}_URL", f"sources.{source.lower().replace('_', '-')}.url")
            for source in "ARXIV ARXIV_OAI CROSSREF DATACITE DOI OPENALEX SEMANTICSCHOLAR DBLP ACL "
            "PUBMED OPENREVIEW UNPAYWALL".split()
        ),
    ],
)
def test_every_source_has_its_environment_variable(home: Path, variable: str, name: str) -> None:
    settings = load_settings(home, {variable: "http://127.0.0.1:8099"})
    assert settings[name] == Setting("http://127.0.0.1:8099", variable)


def test_arxivs_interval_is_three_seconds_unless_the_environment_says_otherwise(home: Path) -> None:
    assert load_settings(home, {})["sources.arxiv.interval"].value == "3"
    settings = load_settings(home, {"CITE_ARXIV_INTERVAL": "0", "CITE_CONTACT": "a@b.org"})
    assert settings["sources.arxiv.interval"].value == "0"
    assert settings["contact"].value == "a@b.org"


def test_a_source_can_be_left_out(home: Path) -> None:
    (home / "cite.toml").write_text('[sources.dblp]\nurl = "off"\n')
    settings = load_settings(home, {"CITE_ACL_URL": "off"})
    assert (settings["sources.dblp.url"].value, settings["sources.acl.url"].value) == ("", "")


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ('[sources.arxiv]\nulr = "http://localhost"\n', "sources.arxiv.url"),
        ('[sources.arxive]\nurl = "http://localhost"\n', "sources.arxiv.url"),
        ('[source.arxiv]\nurl = "http://localhost"\n', "sources.arxiv.url"),
    ],
)
def test_an_unknown_name_in_a_table_is_refused_with_the_nearest(
    home: Path, text: str, nearest: str
) -> None:
    (home / "cite.toml").write_text(text)
    error = refusal(home)
    assert error.code == "C002"
    assert nearest in error.hint


@pytest.mark.parametrize("text", ["[nothing]\n", "nothing = 5\n", "[nothing.at]\nall = 5\n"])
def test_an_unknown_table_is_refused(home: Path, text: str) -> None:
    (home / "cite.toml").write_text(text)
    assert refusal(home).code == "C002"


@pytest.mark.parametrize(
    "line",
    [
        'url = "ftp://localhost"',
        'url = "localhost:8099"',
        'url = "https://me:s3cr3t@localhost"',
        'url = "https://localhost/?key=s3cr3t"',
        'url = "http://localhost:99999999"',
        "url = 5",
        "url = {}",
        'interval = "soon"',
        "interval = -1",
        "interval = inf",
        "interval = nan",
        "interval = true",
        "interval = []",
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(home: Path, line: str) -> None:
    (home / "cite.toml").write_text(f"[sources.arxiv]\n{line}\n")
    error = refusal(home)
    assert error.code == "C003"
    assert "s3cr3t" not in error.message + error.hint


def test_a_wrong_value_in_the_environment_is_refused_by_its_name(home: Path) -> None:
    error = refusal(home, {"CITE_ARXIV_INTERVAL": "soon"})
    assert (error.code, error.location.file) == ("C003", "CITE_ARXIV_INTERVAL")


def test_a_key_in_a_file_is_refused_with_its_variable_named_and_its_value_hidden(
    home: Path,
) -> None:
    (home / "cite.toml").write_text('[sources.openalex]\nkey = "s3cr3t"\n')
    error = refusal(home)
    assert error.code == "C004"
    assert "CITE_OPENALEX_KEY" in error.hint
    assert "s3cr3t" not in error.message + error.hint


def test_a_key_comes_from_the_environment(home: Path) -> None:
    assert load_secret("sources.openalex.key", {"CITE_OPENALEX_KEY": "s3cr3t"}) == "s3cr3t"
    assert load_secret("sources.openalex.key", {}) == ""
    loaded = load_settings(home, {"CITE_OPENALEX_KEY": "s3cr3t"})
    assert not any("s3cr3t" in setting.value for setting in loaded.values())


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("flag", True, "true"),
        ("flag", "no", "false"),
        ("flag", 1, None),
        ("words", ["a", "b c"], "a b c"),
        ("words", "a, b", "a b"),
        ("words", [1], None),
    ],
)
def test_kinds_of_settings_are_read_into_text(kind: str, value: object, text: str | None) -> None:
    assert KINDS[kind].read(value) == text
