"""``config``, ``init``, ``help`` and ``doctor`` as a person runs them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from citeworks.cli.main import COMMANDS
from citeworks.cli.topics import EXIT_CODES, TOPICS
from citeworks.config import SETTINGS
from servers import MetadataServer
from tests_support import AS_OF, Cite


def test_setting_is_written_read_and_taken_out_and_the_rest_stays(cite: Cite, folder: Path) -> None:
    file = folder / "cite.toml"
    file.write_text('# mine\nstyle   = "apa" # for now\n\n[site]\ntitle = "T"\n', encoding="utf-8")
    assert cite("config", "set", "style", "ieee").returncode == 0
    assert cite("config", "set", "site.author", "A B").returncode == 0
    assert file.read_text(encoding="utf-8") == (
        '# mine\nstyle   = "ieee" # for now\n\n[site]\ntitle = "T"\nauthor = "A B"\n'
    )
    assert cite("config", "get", "style").stdout == "ieee\n"
    cite("config", "unset", "site.author")
    assert "author" not in file.read_text(encoding="utf-8")
    assert cite("config", "set", "style", "ieee").stderr == "cite.toml unchanged\n"


def test_origins_are_told_and_the_stronger_wins(
    cite: Cite, folder: Path, home: Mapping[str, str]
) -> None:
    cite("config", "set", "style", "mla", "--user")
    assert cite("config", "get", "style", "--origin").stdout.endswith(
        f"# {home['HOME']}/.config/citeworks/cite.toml\n"
    )
    cite("config", "set", "style", "ieee")
    shown = json.loads(cite("config", "show", "--json").stdout)
    assert shown == {"style": {"value": "ieee", "origin": str(folder / "cite.toml")}}
    told = cite("config", "set", "style", "acm", env={"CITE_STYLE": "apa"})
    assert "CITE_STYLE sets style, and wins" in told.stderr


def test_pyproject_table_is_written_where_it_is_used(cite: Cite, folder: Path) -> None:
    file = folder / "pyproject.toml"
    file.write_text('[project]\nname = "x"\n\n[tool.cite]\nstyle = "apa"\n', encoding="utf-8")
    assert cite("config", "set", "style", "ieee").returncode == 0
    assert '[tool.cite]\nstyle = "ieee"\n' in file.read_text(encoding="utf-8")
    assert not (folder / "cite.toml").exists()


def test_secrets_are_named_and_never_shown(cite: Cite) -> None:
    done = cite("config", "show", "--origin", env={"CITE_ZOTERO_API_KEY": "verysecret"})
    assert "zotero.api-key = (secret)  # CITE_ZOTERO_API_KEY" in done.stdout
    assert "verysecret" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["set", "stile", "x"], "did you mean style"),
        (["set", "zotero.api-key", "x"], "has no place in a file"),
        (["set", "sources.arxiv.interval", "soon"], "must be a number"),
        (["get", "nope"], "unknown setting"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    cite: Cite, folder: Path, arguments: list[str], message: str
) -> None:
    done = cite("config", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (folder / "cite.toml").exists()


def test_broken_file_is_left_alone(cite: Cite, folder: Path) -> None:
    (folder / "cite.toml").write_text("style = [", encoding="utf-8")
    done = cite("config", "set", "style", "apa")
    assert done.returncode == 2
    assert (folder / "cite.toml").read_text(encoding="utf-8") == "style = ["


def test_begun_library_is_empty_and_ready(cite: Cite, folder: Path, listing: Path) -> None:
    assert cite("init").returncode == 0
    assert cite("list").stdout == ""
    assert cite("config", "show").stdout == ""
    assert cite("add", listing, *AS_OF).returncode == 0
    before = (folder / "bib/library.json").read_bytes()
    assert "is there already" in cite("init").stderr
    assert (folder / "bib/library.json").read_bytes() == before


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_topics_have_help(cite: Cite, topic: str) -> None:
    done = cite("help", topic)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) > 5


def test_help_on_settings_names_every_setting(cite: Cite) -> None:
    text = cite("help", "settings").stdout
    assert [name for name in SETTINGS if f"  {name} (" not in text] == []


def test_help_on_exit_codes_says_what_the_manual_has(cite: Cite) -> None:
    page = (Path(__file__).parents[2] / "docs/exit-codes.md").read_text(encoding="utf-8")
    assert [code for code in EXIT_CODES if f"| {code} |" not in page] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_on_a_command_is_its_own_help_with_examples(cite: Cite, name: str) -> None:
    text = cite("help", name).stdout
    assert text == cite(name, "--help").stdout
    assert "Examples:" in text


def test_help_on_a_command_within_a_command(cite: Cite) -> None:
    assert cite("help", "config", "set").stdout.startswith("Usage: cite config set ")


def test_help_on_nothing_known_names_the_nearest(cite: Cite) -> None:
    done = cite("help", "exit-code")
    assert (done.returncode, "exit-codes" in done.stderr) == (2, True)


def test_doctor_sees_sources_that_answer_and_one_that_does_not(
    cite: Cite, listing: Path, metadata_server: MetadataServer
) -> None:
    cite("add", listing, *AS_OF)
    well = cite("doctor", env=metadata_server.environment)
    assert well.returncode == 0
    assert "31 records" in well.stdout
    assert "ok         crossref" in well.stdout
    metadata_server.fault("crossref", "down")
    ill = cite("doctor", env=metadata_server.environment)
    assert ill.returncode == 3
    assert "unreached  crossref" in ill.stdout
    assert "ok         datacite" in ill.stdout


def test_doctor_finds_a_broken_library(cite: Cite, folder: Path) -> None:
    (folder / "bib").mkdir()
    (folder / "bib/library.json").write_text("[{", encoding="utf-8")
    done = cite("doctor", "--offline")
    assert done.returncode == 1
    assert "broken     bib/library.json" in done.stdout


PROJECT_ADDRESS = {"openalex": "CITE_OPENALEX_URL", "semanticscholar": "CITE_SEMANTICSCHOLAR_URL"}


def test_no_key_goes_to_an_address_that_came_with_a_project(
    cite: Cite, folder: Path, home: Mapping[str, str], metadata_server: MetadataServer
) -> None:
    """The environment and the user's own file may name another server, a project's may not."""
    addresses = {
        name: metadata_server.environment[variable] for name, variable in PROJECT_ADDRESS.items()
    }
    keys = {f"CITE_{name.upper()}_KEY": "s3cr3t" for name in addresses}
    tables = "".join(f'[sources.{name}]\nurl = "{url}"\n' for name, url in addresses.items())
    others: dict[str, str | None] = {
        name: "off" for name in metadata_server.environment if name.endswith("_URL")
    }
    others |= keys | {PROJECT_ADDRESS[name]: None for name in addresses}

    def asks(**env: str) -> str:
        metadata_server.forget()
        done = cite("doctor", env=others | env)
        assert "s3cr3t" not in done.stdout + done.stderr
        sent = " ".join(f"{asked.query} {asked.headers}" for asked in metadata_server.log)
        assert len(metadata_server.log) == len(addresses), done.stderr
        assert ("s3cr3t" in sent) != ("is not sent to" in done.stderr)
        return sent

    for name, text in (
        ("cite.toml", tables),
        ("pyproject.toml", tables.replace("[", "[tool.cite.")),
    ):
        (folder / name).write_text(text)
        assert "s3cr3t" not in asks()
        (folder / name).unlink()
    assert (
        asks(**{PROJECT_ADDRESS[name]: url for name, url in addresses.items()}).count("s3cr3t") == 2
    )
    users = Path(home["HOME"]) / ".config/citeworks/cite.toml"
    users.parent.mkdir(parents=True)
    users.write_text(tables)
    assert asks().count("s3cr3t") == 2


def test_doctor_names_every_package_of_the_extras(cite: Cite) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    wanted = {
        re.split(r"[<>=!~ ]", requirement)[0]
        for extra, requirements in extras.items()
        for requirement in requirements
        if extra not in ("dev", "docs")
    }
    told = cite("doctor", "--offline").stdout
    assert all(f" {package}: " in told for package in wanted)
