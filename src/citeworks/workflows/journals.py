"""Journals of records abbreviated or in full: the lists are read, every record is asked once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from citeworks.bibtex.lexer import decode_bytes
from citeworks.errors import InputError
from citeworks.model import Issue, Record
from citeworks.normalize.journals import Journals, abbreviate, expand, learn, read_list
from citeworks.normalize.title_words import WordList, load_words


def abbreviated(
    records: Sequence[Record], list_file: str, report: Callable[[Issue], None]
) -> list[Record]:
    """The records with abbreviated journals, by the list, the records themselves and ISO 4.

    Raises InputError when there is neither a list nor the LTWA.
    """
    journals = _known(records, list_file, report)
    journals.words = find_words()
    if journals.words is None and not list_file:
        raise InputError(
            "no journal abbreviations are at hand",
            hint="pip install 'citeworks[iso4]', or name a list with --journals FILE",
        )
    return _changed(records, journals, abbreviate, report)


def expanded(
    records: Sequence[Record], list_file: str, report: Callable[[Issue], None]
) -> list[Record]:
    """The records with journals in full, by the list and by what the records say themselves."""
    return _changed(records, _known(records, list_file, report), expand, report)


def find_words() -> WordList | None:
    """The List of Title Word Abbreviations that the package `pyiso4` carries, if it is there.

    The package is only located, its code is never run.
    """
    spec = find_spec("pyiso4")
    for folder in spec.submodule_search_locations or () if spec else ():
        for path in sorted(Path(folder).glob("LTWA*.csv")):
            with path.open(encoding="utf-8") as lines:
                return load_words(lines)
    return None


def _known(records: Sequence[Record], list_file: str, report: Callable[[Issue], None]) -> Journals:
    journals = Journals()
    if list_file:
        try:
            data = Path(list_file).read_bytes()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise InputError(
                f"{list_file}: {reason}", hint="give a list with --journals"
            ) from error
        for issue in read_list(decode_bytes(data)[0], list_file, journals):
            report(issue)
    learn(records, journals)
    return journals


def _changed(
    records: Sequence[Record],
    journals: Journals,
    change: Callable[[Record, Journals], tuple[Record, Issue | None]],
    report: Callable[[Issue], None],
) -> list[Record]:
    out: list[Record] = []
    for record in records:
        changed, issue = change(record, journals)
        out.append(changed)
        if issue is not None:
            report(issue)
    return out
