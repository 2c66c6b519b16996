"""``cite help``: a command's help, and topics that belong to no command."""

from __future__ import annotations

import click

from citeworks.cli.completing import complete_topic
from citeworks.cli.settings import global_options
from citeworks.cli.topics import TOPICS
from citeworks.errors import InputError
from citeworks.nearest import did_you_mean

EPILOG = """\b
Examples:
  cite help export
  cite help exit-codes
  cite help settings
"""


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
