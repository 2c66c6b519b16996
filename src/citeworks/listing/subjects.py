"""Subject codes: arXiv's taxonomy as a table, and what a code without its archive means.

Knows the archives and categories in use (arxiv.org/category_taxonomy). Refuses to guess between
two archives that use the same letters equally often: such a code stays as it is written.
"""

from __future__ import annotations

import re

_ARCHIVES = {
    "cs": "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE "
    "NI OH OS PF PL RO SC SD SE SI SY",
    "econ": "EM GN TH",
    "eess": "AS IV SP SY",
    "math": "AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA "
    "RT SG SP ST",
    "astro-ph": "CO EP GA HE IM SR",
    "cond-mat": "dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con",
    "nlin": "AO CD CG PS SI",
    "physics": "acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph "
    "flu-dyn gen-ph geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph",
    "q-bio": "BM CB GN MN NC OT PE QM SC TO",
    "q-fin": "CP EC GN MF PM PR RM ST TR",
    "stat": "AP CO ME ML OT TH",
}
_UNDIVIDED = "gr-qc hep-ex hep-lat hep-ph hep-th math-ph nucl-ex nucl-th quant-ph".split()
FULL_CODES = frozenset(
    [f"{archive}.{code}" for archive, codes in _ARCHIVES.items() for code in codes.split()]
    + _UNDIVIDED
    + ["astro-ph", "cond-mat"]
)
# Both archives have the letters, but one has nearly all of the papers (or both name one category).
_USUAL_ARCHIVE = {"CG": "cs", "CV": "cs", "IT": "cs", "SC": "cs", "SI": "cs"}


def _owners() -> dict[str, list[str]]:
    owners: dict[str, list[str]] = {}
    for archive, codes in _ARCHIVES.items():
        for code in codes.split():
            owners.setdefault(code, []).append(archive)
    return owners


_OWNERS = _owners()
BARE_CODES = frozenset(code for code in _OWNERS if code.isupper())


def full_code(code: str) -> str:
    """The code with its archive, ``CL`` → ``cs.CL``; empty if it is unknown or ambiguous."""
    if code in FULL_CODES:
        return code
    archives = _OWNERS.get(code, [])
    if len(archives) > 1:
        archives = [_USUAL_ARCHIVE[code]] if code in _USUAL_ARCHIVE else []
    return f"{archives[0]}.{code}" if archives else ""


def _alternatives(codes: frozenset[str]) -> str:
    return "|".join(re.escape(code) for code in sorted(codes, key=lambda c: (-len(c), c)))


_KNOWN = f"(?:{_alternatives(FULL_CODES)}|{_alternatives(BARE_CODES)})"
_BETWEEN = r"[ ,;/|]{0,2}"
_KNOWN_RUN_AT_END = re.compile(rf"{_KNOWN}(?:{_BETWEEN}{_KNOWN})*\s?\Z")
_ONE = re.compile(rf"{_KNOWN}|[A-Z]{{2}}|[a-z]{{2,8}}(?:-[a-z]{{2,4}})?(?:\.[A-Za-z-]{{2,8}})?")
_UNKNOWN_RUN = re.compile(
    rf"(?:(?:{_KNOWN}|[A-Z]{{2}}|[a-z]{{2,8}}(?:-[a-z]{{2,4}}|\.[A-Z]{{2}})){_BETWEEN})+\s?\Z"
)
_UNKNOWN_WORD = re.compile(r"[a-z]{2,8}")
_SEPARATED = re.compile(r"[A-Za-z][A-Za-z.-]*[A-Za-z]")
_LONGEST_RUN = 120


def known_run_start(text: str, end: int) -> int:
    """Where the run of known codes that ends at `end` begins; -1 if there is none.

    A run that follows a capital letter may have swallowed part of a word (``BERT`` + ``CL``), and
    then only its last code counts.
    """
    low = max(0, end - _LONGEST_RUN)
    window = text[low:end]
    shortest = -1
    for match in _all_runs(window):
        start = low + match
        if start == 0 or not (text[start - 1].isalnum() and text[start - 1].isupper()):
            return start
        shortest = start
    return shortest


def _all_runs(window: str) -> list[int]:
    starts = []
    position = 0
    while match := _KNOWN_RUN_AT_END.search(window, position):
        starts.append(match.start())
        position = match.start() + 1
    return starts


def is_unknown_run(text: str) -> bool:
    """True if the whole text could be subject codes, known or not."""
    return bool(_UNKNOWN_RUN.fullmatch(text))


def is_unknown_word(text: str) -> bool:
    """True if the text is one small word, as some codes are (``soft``, ``optics``)."""
    return bool(_UNKNOWN_WORD.fullmatch(text))


def split_codes(run: str) -> tuple[str, ...]:
    """The codes of a run, glued or separated, as they are written."""
    return tuple(match[0] for match in _ONE.finditer(run))


def read_codes(text: str) -> tuple[str, ...]:
    """The codes in a separated list such as ``cs.CL cs.AI`` or ``... (cs.CL); ... (stat.ML)``."""
    return tuple(word for word in _SEPARATED.findall(text) if word in FULL_CODES)
