"""Manual pages made from the commands themselves: one for `cite`, one for each command.

Knows roff's man macros (man(7)) and how to quote text for it. Pure: no date, so that the same
program gives the same pages.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator

import click

from citeworks import __version__
from citeworks.cli.main import COMMANDS
from citeworks.cli.main import command as program
from citeworks.cli.topics import EXIT_CODES
from citeworks.config import SECRETS, SETTINGS, environment_name

_SPECIAL = {
    "\\": "\\(rs", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti",
}  # fmt: skip
FILES = {
    "bib/library.json": "the library, in the current folder or one above it",
    "cite.toml": "settings of a project; the [tool.cite] table of pyproject.toml does as well",
    "$XDG_CONFIG_HOME/citeworks/cite.toml": "settings of a user",
    "$XDG_CACHE_HOME/citeworks": "what can be made again: answers, the catalogue, the index",
    "$XDG_STATE_HOME/citeworks": "what machines remember: changes, synchronization",
}
"""Where things stand, for the page of `cite`."""


def pages() -> dict[str, str]:
    """Every page under its file name, ``cite.1`` and ``cite-COMMAND.1``."""
    root = program.context_class(program, info_name="cite", **program.context_settings)
    found = {"cite.1": _program_page(root)}
    for name in sorted(COMMANDS):
        found[f"cite-{name}.1"] = _command_page(_inner(root, name))
    return found


def quoted(text: str) -> str:
    """Text as roff prints it, whatever is in it."""
    signs = (_SPECIAL.get(sign) or _beyond(sign) for sign in text)
    return re.sub(r"^(?=\.)", r"\\&", "".join(signs), flags=re.M)


def _beyond(sign: str) -> str:
    return sign if sign.isascii() else f"\\[u{ord(sign):04X}]"


def _program_page(root: click.Context) -> str:
    lines = [
        *_head("cite", "turn listings into checked libraries, .bib files and bibliographies"),
        *_synopsis([root]),
        ".SH DESCRIPTION",
        *_paragraphs(program.help or ""),
        ".SH COMMANDS",
    ]
    for name in sorted(COMMANDS):
        lines += _item(f"\\fBcite\\-{quoted(name)}\\fR(1)", COMMANDS[name])
    lines += _options(root)
    lines += _examples(root)
    lines.append(".SH EXIT STATUS")
    for code, meaning in EXIT_CODES.items():
        lines += _item(f"\\fB{code}\\fR", meaning)
    lines.append(".SH ENVIRONMENT")
    meanings = {name: spec.meaning for name, spec in SETTINGS.items()} | SECRETS
    for name, meaning in meanings.items():
        lines += _item(f"\\fB{quoted(environment_name(name))}\\fR", meaning)
    lines.append(".SH FILES")
    for path, meaning in FILES.items():
        lines += _item(f"\\fI{quoted(path)}\\fR", meaning)
    return "\n".join(lines) + "\n"


def _command_page(context: click.Context) -> str:
    name = context.command_path.replace(" ", "-")
    all_contexts = list(_contexts(context))
    lines = [
        *_head(name, COMMANDS[context.info_name or ""].rstrip(".")),
        *_synopsis(all_contexts),
        ".SH DESCRIPTION",
        *_paragraphs(context.command.help or ""),
        *_options(context),
    ]
    for inner in all_contexts[1:]:
        lines.append(f".SH {quoted(inner.command_path.upper())}")
        lines += _paragraphs(inner.command.help or "")
        lines += _option_items(inner)
    for each in all_contexts:
        lines += _examples(each)
    lines += [".SH EXIT STATUS", "See \\fBcite\\fR(1).", ".SH SEE ALSO", "\\fBcite\\fR(1)"]
    return "\n".join(lines) + "\n"


def _inner(context: click.Context, name: str) -> click.Context:
    group = context.command
    command = group.get_command(context, name) if isinstance(group, click.Group) else None
    if command is None:
        raise LookupError(name)
    return command.context_class(command, info_name=name, parent=context)


def _contexts(context: click.Context) -> Iterator[click.Context]:
    """The context of a command, and those of all commands within it."""
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            yield from _contexts(_inner(context, name))


def _head(name: str, summary: str) -> list[str]:
    title = quoted(name.upper())
    return [
        f'.TH "{title}" "1" "" "citeworks {quoted(__version__)}" "Manual of citeworks"',
        ".SH NAME",
        f"{quoted(name)} \\- {quoted(summary)}",
    ]


def _synopsis(contexts: Iterable[click.Context]) -> list[str]:
    lines = [".SH SYNOPSIS", ".nf"]
    for context in contexts:
        words = " ".join(context.command.collect_usage_pieces(context))
        lines.append(f"\\fB{quoted(context.command_path)}\\fR {quoted(words)}")
    return [*lines, ".fi"]


def _paragraphs(text: str) -> list[str]:
    """Paragraphs of a help text; one that begins with a backspace keeps its lines."""
    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(text)):
        kept = paragraph.removeprefix("\b\n")
        as_it_is = kept != paragraph
        body = kept.splitlines() if as_it_is else [" ".join(kept.split())]
        lines.append(".PP")
        lines += [".nf"] * as_it_is + [quoted(line) for line in body] + [".fi"] * as_it_is
    return lines


def _options(context: click.Context) -> list[str]:
    return [".SH OPTIONS", *_option_items(context)]


def _option_items(context: click.Context) -> list[str]:
    lines: list[str] = []
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record and isinstance(parameter, click.Option):
            lines += _item(f"\\fB{quoted(record[0])}\\fR", record[1])
    return lines


def _item(term: str, text: str) -> list[str]:
    return [".TP", term, quoted(" ".join(text.split()))]


def _examples(context: click.Context) -> list[str]:
    """The examples at the end of a command's help."""
    lines = [line.strip() for line in (context.command.epilog or "").splitlines()]
    shown = [line for line in lines if line and line not in ("\b", "Examples:")]
    if not shown:
        return []
    return [".SH EXAMPLES", ".nf", *map(quoted, shown), ".fi"]
