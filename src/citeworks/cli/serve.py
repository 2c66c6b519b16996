"""``cite serve``: the publication page in a browser on this machine, shown anew on every change."""

from __future__ import annotations

import threading
from typing import Any

import click

from citeworks.cli.library import open_library
from citeworks.cli.messages import report_error, say
from citeworks.cli.settings import global_options
from citeworks.cli.site import Wishes, site_options
from citeworks.errors import InputError

EPILOG = """\b
Examples:
  cite serve
  cite serve --port 8080 --style ieee
"""


@click.command(epilog=EPILOG)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, help="The port [default: 8000]."
)
@site_options
@global_options
def command(port: int, **options: Any) -> int:
    """Show the publication page at an address of this machine until interrupted.

    Nothing is written. A page that is open is shown anew when the library changes. Port 0 takes
    any free one.
    """
    from citeworks.workflows.preview import Preview, PreviewServer

    wishes = Wishes(**options)
    watched = open_library(wishes.library_path).path
    preview = Preview(lambda: dict(wishes.files(is_preview=True)), watched, report_error)
    try:
        server = PreviewServer(preview, port)
    except OSError as error:
        raise InputError(
            f"port {port} cannot be used: {(error.strerror or '').lower()}",
            hint="give another with --port, or 0 for any",
        ) from error
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say(f"serving {watched} at {server.address} (stop with Ctrl-C)")
    try:
        server.watch(lambda: say(f"{watched} changed"), threading.Event())
    finally:
        server.shutdown()
    return 0
