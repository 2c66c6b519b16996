"""``cite completion``: the script that lets a shell complete commands and citation keys."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from citeworks.cli.settings import global_options

EPILOG = """\b
Examples:
  cite completion bash >> ~/.bashrc
  cite completion zsh >> ~/.zshrc
  cite completion fish > ~/.config/fish/completions/cite.fish
"""


@click.command(epilog=EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@global_options
def command(shell: str) -> int:
    """Print the completion script of a shell."""
    from citeworks.cli.main import command as root

    completion = get_completion_class(shell)
    if completion is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(completion(root, {}, "cite", "_CITE_COMPLETE").source(), color=False)
    return 0
