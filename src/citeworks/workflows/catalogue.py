"""Metadata dumps to the local catalogue, with somebody who may look on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from citeworks.resolve.catalogue_build import Built, build
from citeworks.workflows.interface import Watch, unwatched


def build_catalogue(
    files: Sequence[Path], target: Path, *, keep: bool = False, watch: Watch = unwatched
) -> Built:
    """Make the catalogue of these files; every entry that is read passes by `watch`.

    Raises InputError for a file that cannot be used, StoreError when the target cannot be written.
    """
    return build(files, target, keep=keep, watch=watch)
