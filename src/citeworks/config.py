"""Settings: the environment, then the project's ``cite.toml`` or ``[tool.cite]``, then the user's.

Knows names, kinds and origins of settings. A setting in a TOML table has a dotted name: ``url`` in
``[sources.arxiv]`` is ``sources.arxiv.url``. Refuses secrets in files: keys come from the
environment or the keyring only.
"""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from citeworks.errors import InputError, Location
from citeworks.nearest import did_you_mean

FILE_NAME = "cite.toml"
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its value, and where it was found (``default``, a file, or the environment)."""

    value: str
    origin: str


class Spec(NamedTuple):
    """A setting's default, its meaning, and its kind: a key of `KINDS`."""

    default: str
    meaning: str
    kind: str = "text"


SOURCES: dict[str, tuple[str, str]] = {
    "arxiv": ("https://export.arxiv.org", "3"),
    "arxiv-oai": ("https://oaipmh.arxiv.org", "3"),
    "crossref": ("https://api.crossref.org", ""),
    "datacite": ("https://api.datacite.org", ""),
    "doi": ("https://doi.org", ""),
    "openalex": ("https://api.openalex.org", ""),
    "semanticscholar": ("https://api.semanticscholar.org", ""),
    "dblp": ("https://dblp.org", ""),
    "acl": ("https://aclanthology.org", ""),
    "pubmed": ("https://api.ncbi.nlm.nih.gov", ""),
    "openreview": ("https://api2.openreview.net", ""),
    "unpaywall": ("https://api.unpaywall.org", ""),
}
"""Every metadata source: its public address, and its interval in seconds where we set one."""

SETTINGS: dict[str, Spec] = {
    "library": Spec("", "the library file, relative to the file that names it", "path"),
    "citation-key": Spec("{family}{year}{word}", "the pattern of new citation keys"),
    "style": Spec("apa", "the CSL style of `cite export`"),
    "locale": Spec("", "the locale of bibliographies; empty means the style's own"),
    "journals": Spec(
        "", "a list of journals, `full title;abbreviation`, for `cite export`", "path"
    ),
    "lint.select": Spec("", "the rules of `cite lint`, as its --select takes them", "words"),
    "lint.ignore": Spec("", "rules that `cite lint` leaves out", "words"),
    "lint.dialect": Spec("", "bibtex or biblatex; empty means that a file tells by its fields"),
    "site.title": Spec("Publications", "the title of the publication page"),
    "site.description": Spec("", "a sentence under the title of the publication page"),
    "site.url": Spec("", "the address where the publication page will stand", "url"),
    "site.author": Spec("", "the names to highlight on the publication page", "names"),
    "sync.group": Spec("", "the number of the Zotero group that the library is bound to", "number"),
    "sync.user": Spec("", "the number of the Zotero user, instead of a group", "number"),
    "sync.collection": Spec("", "the collection (`A/B`) that is synchronized; empty means all"),
    "sync.tag": Spec("", "the tag of the items that are synchronized; empty means all"),
    "zotero.url": Spec("", "the address of the Zotero server; empty means Zotero's own", "url"),
    "contact": Spec("", "your e-mail address, which metadata services ask polite clients for"),
    **{
        f"sources.{name}.url": Spec(url, f"the address of {name}; `off` leaves it out", "url")
        for name, (url, _) in SOURCES.items()
    },
    **{
        f"sources.{name}.interval": Spec(
            interval, f"seconds between two requests to {name}", "number"
        )
        for name, (_, interval) in SOURCES.items()
    },
}
"""Every setting. A dotted name stands in a table of that name; the rest is its key."""

SECRETS: dict[str, str] = {
    **{
        f"sources.{name}.key": f"the API key of {name}"
        for name in ("openalex", "semanticscholar", "pubmed", "crossref", "openreview")
    },
    "zotero.api-key": "the key of Zotero's Web API, or of the desktop app's local API",
}
"""What stands in no file; `load_secret` finds it in the environment or the keyring."""

_SERVICE = "citeworks"
"""How the keyring calls us."""

FROM_ENVIRONMENT = frozenset({"zotero.url"})
"""Settings that a file which came with somebody's project must not change."""


def load_settings(start: Path, environment: Mapping[str, str]) -> dict[str, Setting]:
    """All settings as they hold in the folder `start`.

    Raises InputError for a broken file, an unknown name or a value of the wrong kind.
    """
    settings = {name: Setting(spec.default, "default") for name, spec in SETTINGS.items()}
    for path, table in (_user_table(environment), _project_table(start)):
        for name, value in _flatten(table):
            settings[name] = Setting(_from_file(name, value, path), str(path))
    for name in SETTINGS:
        variable = environment_name(name)
        if value := environment.get(variable):
            settings[name] = Setting(_from_environment(name, value, variable), variable)
    return settings


def load_secret(name: str, environment: Mapping[str, str]) -> str:
    """The secret from its environment variable, else from the keyring, else nothing."""
    return environment.get(environment_name(name)) or _from_keyring(name)


def sendable_secret(
    name: str, settings: Mapping[str, Setting], environment: Mapping[str, str]
) -> str:
    """The key of a source where it may be sent, else nothing.

    It goes to the public service, and to an address that the user named in the environment or in
    the user's own file; never to one that came with a project.
    """
    address = name.removesuffix("key") + "url"
    return load_secret(name, environment) if _is_ours(address, settings, environment) else ""


def withheld_secrets(
    settings: Mapping[str, Setting], environment: Mapping[str, str]
) -> list[tuple[str, Setting]]:
    """The names of keys that are not sent, each with the address that is not trusted with it."""
    addresses = {name: name.removesuffix("key") + "url" for name in SECRETS}
    return [
        (name, settings[address])
        for name, address in addresses.items()
        if address in settings
        and settings[address].value
        and not _is_ours(address, settings, environment)
        and load_secret(name, environment)
    ]


def _is_ours(address: str, settings: Mapping[str, Setting], environment: Mapping[str, str]) -> bool:
    """True of the address of the public service, and of one that the user named."""
    setting = settings[address]
    users = str(_user_table(environment)[0])
    named = setting.origin in ("default", users, environment_name(address))
    return named or _origin(setting.value) == _origin(SETTINGS[address].default)


def _origin(url: str) -> tuple[str, str]:
    """Scheme and host with its port, which is what an answer can be told from."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def environment_name(name: str) -> str:
    """The environment variable of a setting: ``sources.arxiv.url`` is ``CITE_ARXIV_URL``."""
    return "CITE_" + re.sub(r"[-.]", "_", name.removeprefix("sources.")).upper()


def check_setting(name: str, value: str, place: Location | None = None) -> str:
    """The value itself, if a file may give it to a setting. Raises InputError."""
    place = place or Location()
    if name in SECRETS:
        raise InputError(
            f"the key {name!r} has no place in a file",
            location=place,
            hint=f"set {environment_name(name)} in the environment, or keep it in the keyring",
            code="C004",
        )
    if name in FROM_ENVIRONMENT:
        raise InputError(
            f"the setting {name!r} has no place in a file: it decides where a key is sent",
            location=place,
            hint=f"set {environment_name(name)} in the environment",
            code="C004",
        )
    if name not in SETTINGS:
        near = did_you_mean(name, [each for each in SETTINGS if _depth(each) == _depth(name)])
        raise InputError(
            f"unknown setting {name!r}",
            location=place,
            hint=near or "settings are " + ", ".join(_top_names()),
            code="C002",
        )
    if value and KINDS[SETTINGS[name].kind].read(value) is None:
        raise _wrong_kind(name, place)
    return value


def settings_files(start: Path, environment: Mapping[str, str]) -> tuple[Path | None, Path | None]:
    """The project's file that holds in `start` and the user's file, whether or not it exists.

    None for a project that has none, and for a user without a home.
    """
    project, _ = _project_table(start)
    user, _ = _user_table(environment)
    return (project if project.is_file() else None), (user if user.is_absolute() else None)


def _project_table(start: Path) -> tuple[Path, Mapping[str, Any]]:
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME, _read_toml(folder / FILE_NAME)
        project = folder / "pyproject.toml"
        if project.is_file():
            tools = _read_toml(project).get("tool")
            table = tools.get("cite") if isinstance(tools, Mapping) else None
            if isinstance(table, Mapping):
                return project, table
    return start, {}


def _user_table(environment: Mapping[str, str]) -> tuple[Path, Mapping[str, Any]]:
    base = environment.get("XDG_CONFIG_HOME") or (
        f"{environment['HOME']}/.config" if environment.get("HOME") else ""
    )
    path = Path(base) / "citeworks" / FILE_NAME
    return (path, _read_toml(path)) if base and path.is_file() else (path, {})


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise _unusable(path, *_place(str(error))) from error
    except UnicodeDecodeError as error:
        raise _unusable(path, "not UTF-8 text") from error
    except RecursionError as error:
        raise _unusable(path, "nested too deeply") from error
    except OSError as error:
        raise _unusable(path, f"cannot be read: {(error.strerror or '').lower()}", 0) from error


def _place(message: str) -> tuple[str, int, int]:
    """What tomllib says, and the place that it says it of."""
    place = _AT.search(message)
    text = f"not valid TOML: {_AT.sub('', message).rstrip()}"
    return (text, int(place[1]), int(place[2])) if place else (text, 1, 0)


def _unusable(path: Path, message: str, line: int = 1, column: int = 0) -> InputError:
    return InputError(message, location=Location(str(path), line, column), code="C001")


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted names and their values; a table that no setting lies in stands for itself."""
    for key, value in table.items():
        name = prefix + key
        inside = name not in SETTINGS and isinstance(value, Mapping)
        if inside and (value or any(each.startswith(f"{name}.") for each in SETTINGS)):
            yield from _flatten(value, f"{name}.")
        else:
            yield name, value


def _from_file(name: str, value: Any, path: Path) -> str:
    place = Location(str(path), 1)
    check_setting(name, "", place)
    kind = SETTINGS[name].kind
    text = KINDS[kind].read(value)
    if text is None:
        raise _wrong_kind(name, place)
    return os.fspath(path.parent / text) if kind == "path" and text else text


def _from_environment(name: str, value: str, variable: str) -> str:
    text = KINDS[SETTINGS[name].kind].read(value)
    if text is None:
        raise _wrong_kind(name, Location(variable))
    return text


def _wrong_kind(name: str, place: Location) -> InputError:
    noun = KINDS[SETTINGS[name].kind].noun
    return InputError(f"the setting {name!r} must be {noun}", location=place, code="C003")


def _depth(name: str) -> int:
    return name.count(".")


def _top_names() -> list[str]:
    """The names without a dot, and each table once."""
    return list(
        dict.fromkeys(
            name if "." not in name else f"{name.partition('.')[0]}.…" for name in SETTINGS
        )
    )


def recall_secret(name: str) -> str:
    """What `keep_secret` kept under that name; empty if nothing, or where there is no keyring."""
    return _from_keyring(name)


def keep_secret(name: str, secret: str) -> bool:
    """Keep a secret in the keyring and nowhere else; False where there is none to take it."""
    try:
        import keyring

        keyring.set_password(_SERVICE, name, secret)
    except Exception:  # a keyring is another program: absent, locked, or of a kind that takes none
        return False
    return _from_keyring(name) == secret


def _from_keyring(name: str) -> str:
    """What the optional ``keyring`` package holds for us; a locked or missing one holds nothing."""
    try:
        import keyring
    except ImportError:
        return ""
    try:
        return keyring.get_password(_SERVICE, name) or ""
    except Exception:  # a keyring is another program; whatever ails it, there is no key
        return ""


class Kind(NamedTuple):
    """How a kind of setting is called, and how it is read: its text, or None if it is wrong."""

    noun: str
    read: Callable[[Any], str | None]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return str(value).strip() if 0 <= number < math.inf else None


def _flag(value: Any) -> str | None:
    words = {"true": "true", "yes": "true", "1": "true"}
    words |= {"false": "false", "no": "false", "0": "false"}
    return words.get(str(value).lower()) if isinstance(value, bool | str) else None


def _words(value: Any) -> str | None:
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return " ".join(" ".join(value).split())
    return " ".join(value.replace(",", " ").split()) if isinstance(value, str) else None


def _names(value: Any) -> str | None:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return "; ".join(value)
    return _text(value)


def _url(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    if value in ("", "off"):
        return ""
    try:
        parts = urlsplit(value)
        known = parts.scheme in ("http", "https") and parts.hostname and not parts.username
        clean = known and not (parts.query or parts.fragment) and (parts.port or True)
    except ValueError:
        return None
    return value.rstrip("/") if clean else None


KINDS: dict[str, Kind] = {
    "text": Kind("a text", _text),
    "path": Kind("a text", _text),
    "number": Kind("a number that is not negative", _number),
    "flag": Kind("true or false", _flag),
    "words": Kind("a list of texts", _words),
    "names": Kind("a text, or a list of texts", _names),
    "url": Kind("an http(s) address without user name and query, or `off`", _url),
}
"""Every kind of setting; all are kept as text, lists with a space between their words, or a
semicolon between their names."""
