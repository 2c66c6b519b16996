"""``cite render``: a Markdown document with its citations formatted."""

from __future__ import annotations

from pathlib import PurePath

import click

from citeworks.cli.completing import complete_style
from citeworks.cli.inputs import library_from
from citeworks.cli.library import configuration, library_option, open_library
from citeworks.cli.messages import FINDINGS, report_issue
from citeworks.cli.progress import waiting
from citeworks.cli.settings import global_options
from citeworks.cli.streams import STANDARD, display_name, open_input, write_output
from citeworks.errors import InputError, Location

EPILOG = """\b
Examples:
  cite render paper.md --style apa -o paper.html
  cite render paper.md --from refs.bib --style chicago-notes-bibliography --format latex
  cite render paper.md > formatted.md
"""
_FORMAT_OF = {
    ".html": "html", ".htm": "html", ".tex": "latex", ".md": "markdown", ".markdown": "markdown",
    ".txt": "text",
}  # fmt: skip


@click.command(epilog=EPILOG)
@click.argument("document", metavar="DOCUMENT|-")
@library_option
@click.option("--from", "file", metavar="FILE", help="Read the records from a file instead.")
@click.option(
    "--style",
    "-s",
    shell_complete=complete_style,
    help="A CSL style: its name or a .csl file [default: apa].",
)
@click.option("--locale", "-l", help="The locale [default: the document's lang].")
@click.option(
    "--format", "-f", "output", help="markdown, text, html, latex [default: by FILE's name]."
)
@click.option("--links", is_flag=True, help="Make links of DOIs and addresses.")
@click.option("-o", "--output", "target", metavar="FILE", help="Write to a file.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if FILE would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show how FILE would change.")
@global_options
def command(
    document: str,
    library_path: str | None,
    file: str | None,
    style: str | None,
    locale: str | None,
    output: str | None,
    links: bool,
    target: str | None,
    check: bool,
    diff: bool,
) -> int:
    """Format the citations of a Markdown document, with a bibliography at its end.

    Citations are Pandoc's: [see @key, pp. 3-5; @other], @key says, -@key. Note styles make
    footnotes. The bibliography goes to the end, or to an empty ::: {#refs} block. A key that no
    record has is reported, stays visible, and gives exit code 1.
    """
    from citeworks.workflows.render import check_manuscript_format, render

    if (check or diff) and target in (None, STANDARD):
        raise InputError("--check and --diff compare with a file", hint="name it with -o FILE")
    chosen = check_manuscript_format(output or _format_of(target))
    text = _read(document)
    library = library_from(file) if file else open_library(library_path).library
    with waiting(f"formatting {display_name(document)}"):
        done = render(
            text,
            library,
            chosen,
            style=style or configuration()["style"].value,
            locale=locale or configuration()["locale"].value,
            links=links,
            file=display_name(document),
        )
    for issue in done.missing:
        report_issue(issue)
    code = write_output(done.text, target, check=check, diff=diff)
    return code or (FINDINGS if done.missing else 0)


def _format_of(target: str | None) -> str:
    suffix = PurePath(target or "").suffix.lower()
    return _FORMAT_OF.get(suffix, "markdown")


def _read(document: str) -> str:
    with open_input(document) as file:
        data = file.read()
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            "not UTF-8 text", location=Location(display_name(document), line), code="I002"
        ) from error
