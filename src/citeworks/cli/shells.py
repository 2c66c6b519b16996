"""The completion scripts of bash, zsh and fish, and what they exchange with `cite`.

On top of click's: a word may hold colons (``KEY:LOCATOR``), what is inserted is quoted, a comma in
a key is no separator, and where nothing is known files are completed.
"""

from __future__ import annotations

import os

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    split_arg_string,
)

VARIABLE = "_CITE_COMPLETE"
"""The environment variable by which a script asks."""

_BASH = r"""%(complete_func)s() {
    local typed="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" type value before=""
    local current="${typed##*[[:space:]]}"
    if [[ "$current" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then
        before="${current%%:*}:"
    fi
    before="${before#\"}"; before="${before#\'}"
    COMPREPLY=()
    while IFS=, read -r type value; do
        case "$type" in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                value="${value#"$before"}"
                [[ "$current" == [\"\']* ]] || printf -v value '%%q' "$value"
                COMPREPLY+=("$value") ;;
        esac
    done < <(COMP_WORDS="$typed" %(complete_var)s=bash_complete "$1" 2>/dev/null)
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""
_FISH = r"""function %(complete_func)s;
    set -l typed (commandline -cp | string collect);
    set -l word (commandline -t | string collect);
    set -l response (env %(complete_var)s=fish_complete COMP_WORDS=$typed COMP_CWORD=$word \
%(prog_name)s 2>/dev/null);
    for completion in $response;
        set -l parts (string split -m 1 "," -- $completion);
        switch $parts[1];
            case dir;
                __fish_complete_directories $parts[2];
            case file;
                __fish_complete_path $parts[2];
            case plain;
                echo $parts[2];
        end;
    end;
end;
complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)";
"""


def or_files(items: list[CompletionItem[str]], text: str) -> list[CompletionItem[str]]:
    """The completions, or files where there are none; no file's name begins as an option does."""
    return items or ([] if text.startswith("-") else [CompletionItem(text, type="file")])


class Bash(BashComplete):
    """Gets the line up to the cursor, since bash cuts words at colons."""

    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is typed, and that one."""
        typed = os.environ.get("COMP_WORDS", "")
        words = split_arg_string(typed)[1:]
        if not words or typed[-1:].isspace():
            return words, ""
        return words[:-1], words[-1]

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """Completions, or files."""
        return or_files(super().get_completions(args, incomplete), incomplete)


class Zsh(ZshComplete):
    """Click's, with files."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """Completions, or files."""
        return or_files(super().get_completions(args, incomplete), incomplete)


class Fish(FishComplete):
    """Knows a comma in a key."""

    source_template = _FISH

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """Completions, or files."""
        return or_files(super().get_completions(args, incomplete), incomplete)


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}
"""The shells that can complete."""


def script(shell: str, root: click.Command) -> str:
    """The script that a shell reads once."""
    return SHELLS[shell](root, {}, "cite", VARIABLE).source()


def answer(instruction: str, root: click.Command) -> str:
    """What a script is told when it asks, a completion on each line or three."""
    shell = instruction.partition("_")[0]
    if shell not in SHELLS:
        return ""
    return SHELLS[shell](root, {}, "cite", VARIABLE).complete()
