"""``cite help``: a command's help, and topics that belong to no command."""

from __future__ import annotations

from collections.abc import Callable

import click

from citeworks.cli.completing import complete_topic
from citeworks.cli.settings import global_options
from citeworks.config import SECRETS, SETTINGS, environment_name
from citeworks.errors import InputError
from citeworks.nearest import did_you_mean

EPILOG = """\b
Examples:
  cite help export
  cite help exit-codes
  cite help settings
"""

EXIT_CODES = {
    0: "done",
    1: "findings: something would change under --check or --diff, was found, or is doubtful",
    2: "usage, or input that is missing, unreadable or malformed",
    3: "some sources or records failed; they are named, the rest was written",
    4: "a conflict or a refusal: changed underneath, locked, not permitted, disk full",
    130: "interrupted",
    141: "nobody reads the output any more",
}
"""What each exit code means."""


def exit_codes() -> str:
    """The exit codes, a line each."""
    rows = "\n".join(f"  {code:>3}  {meaning}" for code, meaning in EXIT_CODES.items())
    return (
        f"The exit codes of every command:\n\n{rows}\n\n"
        "Whatever the code, a file holds its old bytes or its new ones."
    )


def settings() -> str:
    """Every setting with its variable of the environment, its meaning and its default."""
    rows = []
    for name, spec in SETTINGS.items():
        default = f" [{spec.default}]" if spec.default else ""
        rows.append(f"  {name} ({environment_name(name)})\n      {spec.meaning}{default}")
    rows += [
        f"  {environment_name(name)}\n      {text}; stands in no file"
        for name, text in SECRETS.items()
    ]
    return "Settings, for cite.toml or the environment:\n\n" + "\n".join(rows)


def formats() -> str:
    """What can be read, and what can be written."""
    from citeworks.workflows.export import ALL_FORMATS

    return (
        "`cite add` tells by its content what a file is; `cite export --format` writes:\n\n  "
        + "\n  ".join(ALL_FORMATS)
    )


TOPICS: dict[str, tuple[str, Callable[[], str]]] = {
    "exit-codes": ("what each exit code means", exit_codes),
    "settings": ("every setting and where it can stand", settings),
    "formats": ("the formats that are read and written", formats),
}
"""The topics, with a summary and their text."""


@click.command(epilog=EPILOG)
@click.argument("topic", required=False, shell_complete=complete_topic)
@click.argument("rest", nargs=-1)
@global_options
@click.pass_context
def command(context: click.Context, topic: str | None, rest: tuple[str, ...]) -> int:
    """Show the help of a command, or one of the topics exit-codes, settings and formats."""
    from citeworks.cli.main import COMMANDS
    from citeworks.cli.main import command as root

    parent = context.parent
    if topic is None:
        click.echo((parent or context).get_help(), color=False)
        topics = "\n".join(f"  cite help {name:<11} {what}" for name, (what, _) in TOPICS.items())
        click.echo(f"\nTopics:\n{topics}", color=False)
    elif topic in TOPICS:
        click.echo(TOPICS[topic][1](), color=False)
    elif topic in COMMANDS:
        click.echo(_help_of([topic, *rest], parent or context, root), color=False)
    else:
        known = [*TOPICS, *COMMANDS]
        raise InputError(
            f"no help on {topic!r}",
            hint=did_you_mean(topic, known) or "topics are " + ", ".join(TOPICS),
        )
    return 0


def _help_of(names: list[str], context: click.Context, group: click.Group) -> str:
    """The help of a command, or of a command within its group."""
    found: click.Command = group
    for name in names:
        inner = found.get_command(context, name) if isinstance(found, click.Group) else None
        if inner is None:
            raise InputError(f"no command {' '.join(names)!r}")
        found = inner
        context = found.context_class(found, info_name=name, parent=context)
    return context.get_help()
