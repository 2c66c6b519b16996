"""The table of all rules, and how codes are chosen.

A code is a letter for its family and a number: B grammar and keys, F fields, N names, T titles,
V values, E encoding, P preprints, K LaTeX commands, D duplicates. A code once given is never used
for anything else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from citeworks.errors import InputError
from citeworks.lint.interface import Rule
from citeworks.model import Severity
from citeworks.nearest import did_you_mean

_NOTE, _WARN, _ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR

_TABLE = (
    Rule("B002", "no-field", _ERROR, "the entry has something else where a field should be"),
    Rule("B003", "unclosed", _ERROR, "a brace, a quote or an entry is never closed"),
    Rule("B004", "no-comma", _ERROR, "no comma stands before a field"),
    Rule("B005", "bad-string", _ERROR, "a @string has no name or no value"),
    Rule("B006", "percent-inside", _ERROR, "a % line stands inside an entry"),
    Rule("B007", "unbalanced-quoted", _ERROR, "a } in a quoted value has no {"),
    Rule("B101", "entry-in-value", _ERROR, "a value holds the beginning of another entry"),
    Rule("B102", "bad-key", _WARN, "a citation key has a character that \\cite cannot take"),
    Rule("B201", "duplicate-key", _ERROR, "two entries have the same key"),
    Rule("B202", "repeated-field", _WARN, "a field is given twice: the first is used"),
    Rule("B203", "undefined-macro", _WARN, "a macro is used that nothing defines"),
    Rule("B205", "no-key", _ERROR, "an entry has no citation key"),
    Rule("F101", "missing-field", _WARN, "a field that the entry type requires is missing"),
    Rule("F102", "empty-field", _WARN, "a required field is empty"),
    Rule("F104", "missing-parent", _WARN, "crossref or xdata names an entry that is not there"),
    Rule("F110", "unknown-field", _NOTE, "a field that neither BibTeX nor BibLaTeX knows"),
    Rule("F111", "unknown-type", _NOTE, "an entry type that neither BibTeX nor BibLaTeX knows"),
    Rule("N101", "comma-list", _WARN, "names stand between commas instead of `and`"),
    Rule("N102", "et-al", _WARN, "`et al.` stands in a list of names; `others` is meant", True),
    Rule("N103", "joined-initials", _WARN, "initials stand without a space (J.R.)", True),
    Rule("N104", "bare-initials", _WARN, "initials stand without dots (Smith, JR)"),
    Rule("N105", "name-separator", _WARN, "a ; or & stands between names instead of `and`"),
    Rule("N106", "empty-name", _WARN, "a list of names has an empty name"),
    Rule("N107", "shouted-name", _WARN, "a family name is in capitals"),
    Rule("N108", "affiliation-mark", _WARN, "a name carries a footnote mark or an address"),
    Rule("T101", "bare-acronym", _WARN, "a style may lower the capitals of an acronym", True),
    Rule("T102", "shouted-title", _WARN, "the title is all in capitals"),
    Rule("T103", "braced-title", _NOTE, "braces round the whole title keep styles from their work"),
    Rule("T104", "final-period", _WARN, "the title ends in a period", True),
    Rule("T105", "bare-capital", _NOTE, "a style may lower a capital in the middle of a title"),
    Rule("V101", "bad-doi", _WARN, "a DOI is no DOI"),
    Rule("V102", "doi-address", _WARN, "a DOI carries an address or a prefix", True),
    Rule("V103", "bad-isbn", _WARN, "an ISBN has the wrong length or check digit"),
    Rule("V104", "bad-issn", _WARN, "an ISSN has the wrong form or check digit"),
    Rule("V105", "bad-date", _WARN, "a year or a date cannot be read"),
    Rule("V106", "bad-month", _WARN, "a month is no macro (jan … dec)", True),
    Rule("V107", "page-dash", _WARN, "a range of pages is not written with --", True),
    Rule("V108", "bad-pages", _WARN, "pages say nothing or run backwards"),
    Rule("V109", "url-is-doi", _WARN, "the URL only says the DOI again", True),
    Rule("V110", "bad-url", _WARN, "a URL has no scheme or holds white space"),
    Rule("V111", "doi-in-url", _NOTE, "the URL is a DOI's, and there is no `doi` field"),
    Rule("E101", "mojibake", _WARN, "UTF-8 was read in another encoding (Ã¼ for ü)"),
    Rule("E102", "lost-character", _WARN, "a character was lost (U+FFFD)"),
    Rule("E103", "html-entity", _WARN, "an HTML entity stands in the text", True),
    Rule("E104", "html-tag", _WARN, "an HTML tag stands in the text"),
    Rule("E105", "control-character", _WARN, "an invisible control character stands in the text"),
    Rule("P101", "hidden-arxiv", _WARN, "an arXiv identifier stands outside `eprint`"),
    Rule("P102", "no-archive", _WARN, "`eprint` is an arXiv identifier and no archive is named"),
    Rule("P103", "eprint-prefix", _WARN, "`eprint` carries a prefix or an address", True),
    Rule("P104", "bad-eprint", _WARN, "`eprint` is no identifier of the archive"),
    Rule("K101", "tex-in-verbatim", _WARN, "a LaTeX command stands in a field that is data"),
    Rule("K102", "bare-special", _WARN, "a bare &, % or # stands in text that LaTeX prints", True),
    Rule("K103", "tex-program", _WARN, "a TeX command reads, writes or runs something"),
    Rule("K105", "open-math", _WARN, "a $ has no partner"),
    Rule("D101", "duplicate-doi", _WARN, "two entries have the same DOI"),
    Rule("D102", "duplicate-eprint", _WARN, "two entries have the same arXiv identifier"),
    Rule(
        "D103",
        "duplicate-work",
        _WARN,
        "two entries have the same title and author, in one year or as a preprint",
    ),
)

RULES = {rule.code: rule for rule in _TABLE}
"""Every rule under its code."""


def choose(select: Iterable[str], ignore: Iterable[str], *, notes: bool) -> frozenset[str]:
    """The codes that prefixes and names choose; the longer prefix wins, notes only when asked for.

    Raises InputError for what neither begins a code nor names a rule.
    """
    wanted = {_checked(each): True for each in select}
    unwanted = {_checked(each): False for each in ignore}
    chosen: set[str] = set()
    for code, rule in RULES.items():
        choices = [
            (len(prefix), not verdict, verdict)
            for table in (wanted, unwanted)
            for prefix, verdict in table.items()
            if code.startswith(prefix)
        ]
        default = not wanted and (notes or rule.severity > Severity.NOTE)
        if max(choices)[2] if choices else default:
            chosen.add(code)
    return frozenset(chosen)


def _checked(word: str) -> str:
    word = word.strip()
    if word.lower() == "all":
        return ""
    names = {rule.name: code for code, rule in RULES.items()}
    if word.lower() in names:
        return names[word.lower()]
    if word and any(code.startswith(word.upper()) for code in RULES):
        return word.upper()
    known: Collection[str] = (*RULES, *names)
    raise InputError(
        f"no rule begins with {word!r}",
        hint=did_you_mean(word, known) or "`cite lint --rules` lists the rules",
    )
