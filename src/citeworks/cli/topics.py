"""The help topics that belong to no command: exit codes, settings, formats."""

from __future__ import annotations

from collections.abc import Callable

from citeworks.config import SECRETS, SETTINGS, environment_name

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
