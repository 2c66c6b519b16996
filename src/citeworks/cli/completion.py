"""``cite completion``: the script that lets a shell complete commands and citation keys."""

from __future__ import annotations

import click

from citeworks.cli.settings import global_options
from citeworks.cli.shells import SHELLS, script

EPILOG = """\b
Examples:
  cite completion bash >> ~/.bashrc
  cite completion zsh >> ~/.zshrc
  cite completion fish > ~/.config/fish/completions/cite.fish
"""


@click.command(epilog=EPILOG)
@click.argument("shell", type=click.Choice(list(SHELLS)))
@global_options
def command(shell: str) -> int:
    """Print the completion script of a shell."""
    from citeworks.cli.main import command as root

    click.echo(script(shell, root), nl=False, color=False)
    return 0
