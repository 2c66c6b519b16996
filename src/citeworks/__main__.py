"""``python -m citeworks`` is ``cite``."""

from citeworks.cli.main import run

run()
