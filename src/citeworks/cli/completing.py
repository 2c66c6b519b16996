"""What a shell can be told while a command line is typed: keys, styles, formats, settings, topics.

Reads the library as bare JSON, without making records of it. A broken or absent library completes
nothing: completion never disturbs the shell. Keys come from outside, so every script quotes them
(`citeworks.cli.shells`), and one that could steer a terminal is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from operator import itemgetter
from typing import Any

import click
from click.shell_completion import CompletionItem

from citeworks.cli.library import library_path
from citeworks.folders import cache_folder

Completions = list[CompletionItem[str]]
Completer = Callable[[click.Context, click.Parameter, str], Completions]
_LIBRARY_OPTIONS = ("library_path", "path")
_LONGEST_DESCRIPTION = 70


def complete_key(context: click.Context, parameter: click.Parameter, text: str) -> Completions:
    """The citation keys that begin so, without those that stand on the line already."""
    given = context.params.get(parameter.name or "")
    taken = set(given) if isinstance(given, list | tuple) else set()
    return [
        CompletionItem(item["id"], help=_description(item))
        for item in sorted(_items(context, text), key=itemgetter("id"))
        if item["id"] not in taken
    ]


def complete_key_or_file(
    context: click.Context, parameter: click.Parameter, text: str
) -> Completions:
    """Citation keys, and files."""
    return [*complete_key(context, parameter, text), CompletionItem(text, type="file")]


def complete_style(context: click.Context, parameter: click.Parameter, text: str) -> Completions:
    """Style names; what looks like a path is one of a .csl file."""
    from citeworks.render.styles import RENAMED, style_names

    if "/" in text:
        return [CompletionItem(text, type="file")]
    return _beginning(text, [*RENAMED, *style_names()])


def complete_format(context: click.Context, parameter: click.Parameter, text: str) -> Completions:
    """The formats of `cite export`."""
    from citeworks.export.interface import EXPORTERS
    from citeworks.render.interface import FORMATS

    return _beginning(text, [*FORMATS, *EXPORTERS])


def complete_setting(context: click.Context, parameter: click.Parameter, text: str) -> Completions:
    """The names of settings, with their meanings."""
    from citeworks.config import SETTINGS

    return [
        CompletionItem(name, help=spec.meaning)
        for name, spec in SETTINGS.items()
        if name.startswith(text)
    ]


def complete_topic(context: click.Context, parameter: click.Parameter, text: str) -> Completions:
    """What `cite help` explains."""
    from citeworks.cli.main import COMMANDS
    from citeworks.cli.topics import TOPICS

    meanings = {name: what for name, (what, _) in TOPICS.items()} | COMMANDS
    return [
        CompletionItem(name, help=meaning)
        for name, meaning in meanings.items()
        if name.startswith(text)
    ]


def complete_source(context: click.Context, parameter: click.Parameter, text: str) -> Completions:
    """The metadata sources, the catalogue among them."""
    from citeworks.config import SOURCES

    return _beginning(text, ["catalogue", *SOURCES])


def complete_rule(context: click.Context, parameter: click.Parameter, text: str) -> Completions:
    """The last of the rules in a list with commas."""
    from citeworks.lint.rules import RULES

    before, comma, last = text.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{code}", help=rule.summary)
        for code, rule in RULES.items()
        if code.startswith(last.upper())
    ]


def one_of(names: Iterable[str]) -> Completer:
    """A completer of fixed words."""
    known = list(names)
    return lambda context, parameter, text: _beginning(text, known)


def _beginning(text: str, names: Iterable[str]) -> Completions:
    return [CompletionItem(name) for name in sorted(set(names)) if name.startswith(text)]


def _items(context: click.Context, text: str) -> list[Mapping[str, Any]]:
    """The items whose keys begin so: from the index if it is fresh, else from the file."""
    from citeworks.search.index import fresh_index

    given = next((context.params[name] for name in _LIBRARY_OPTIONS if name in context.params), "")
    try:
        path = library_path(given)
        if index := fresh_index(cache_folder(), path):
            with closing(index):
                found: Any = index.beginning(text)
        else:
            found = json.loads(path.read_text(encoding="utf-8"))
        return [item for item in found if _is_completable(item.get("id"), text)]
    except Exception:  # whatever is wrong with the library, the shell is not the place to say so
        return []


def _is_completable(key: object, text: str) -> bool:
    return isinstance(key, str) and key.isprintable() and key.startswith(text) and bool(key)


def _description(item: Mapping[str, Any]) -> str:
    """The title of a bare CSL-JSON item, as one short line."""
    title = item.get("title")
    words = " ".join(str(title).split()) if isinstance(title, str) else ""
    shown = "".join(each for each in words if each.isprintable())
    return shown if len(shown) <= _LONGEST_DESCRIPTION else shown[: _LONGEST_DESCRIPTION - 1] + "…"
