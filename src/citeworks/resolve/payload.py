"""What the payloads of all sources have in common: marked-up text, names, dates, identifiers.

Pure. Turns HTML and JATS into CSL rich text, undoes broken encodings, and puts a `Found` together
in which every value says where it came from. Refuses to know any source's field names.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from citeworks.bibtex.decode import decode_latex
from citeworks.model import Date, Identifier, Name, Provenance, Record, Value
from citeworks.model.date import is_valid_parts, parse_edtf
from citeworks.model.identifier import parse_arxiv, parse_doi
from citeworks.normalize.names import parse_name
from citeworks.normalize.text import clean_text
from citeworks.resolve.interface import Found, Link, Notice

ARXIV_PREFIX = "10.48550/arxiv."
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)(?:\s[^<>]*)?(/?)>")
_TAGS = {
    **dict.fromkeys(("i", "em", "italic"), ("<i>", "</i>")),
    **dict.fromkeys(("b", "strong", "bold"), ("<b>", "</b>")),
    "sup": ("<sup>", "</sup>"),
    "sub": ("<sub>", "</sub>"),
    **dict.fromkeys(
        ("sc", "scp", "small-caps"), ('<span style="font-variant:small-caps;">', "</span>")
    ),
}
_DROPPED = re.compile(
    r"<(?P<name>(?:\w{1,20}:)?(?:tex-math|annotation|annotation-xml|script|style))\b[^<>]*>|<!--",
    re.I,
)
_FORMULA = re.compile(r"(\$[^$]*\$)")
_LATEX = re.compile(
    r"\{?\\(?:[`'^\"~=.](?:\{\\?[A-Za-z]\}|\\?[A-Za-z])|[uvHckrdb](?:\{\\?[A-Za-z]\}|\s[A-Za-z]))\}?"
    r"|\\(?:emph|textit|textbf|textsc|textsuperscript|textsubscript)\{[^{}]*\}"
    r"|\{\\(?:it|em|bf|sc)\s[^{}]*\}"
    r"|\{?\\(?:aa|AA|ae|AE|oe|OE|o|O|l|L|ss|i|j)(?:\{\}|\}|(?=[^A-Za-z{}])|\Z)"
)
_BLOCKS = frozenset("p sec title br div li list".split())
_HEADING = re.compile(
    r"<(?P<tag>(?:\w+:)?title)>\s*(?:abstract|summary)\s*</(?P=tag)>"
    r"|\A\s*(?:abstract|summary)\s*[:.—–]\s",
    re.I,
)
_CAPITAL_HEADING = re.compile(r"\A(?:ABSTRACT|SUMMARY) (?=[A-Z])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CONTINUATION = {
    bytes([code]).decode("cp1252"): code
    for code in range(0x80, 0xC0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
} | {chr(code): code for code in range(0x80, 0xC0)}
_TAIL = "[" + re.escape("".join(_CONTINUATION)) + "]"
_MOJIBAKE = re.compile(
    f"[\u00c2-\u00df]{_TAIL}|[\u00e0-\u00ef]{_TAIL}{{2}}|[\u00f0-\u00f4]{_TAIL}{{3}}"
)
_CLIMBING = re.compile(r"(^|/)(\.{1,2})(?=/|\Z)")
_OTHERS = frozenset({"et al", "et al.", "others", "and others"})


def rich_text(markup: Any) -> str:
    """HTML, JATS or MathML as CSL rich text; anything but a text is the empty string."""
    if not isinstance(markup, str):
        return ""
    text = _unescape(repair(markup).replace("<![CDATA[", "").replace("]]>", ""))
    text = _TAG.sub(_csl_tag, _without_dropped(text) if "<" in text else text)
    return clean_text(re.sub(r"\s+([,.;])", r"\1", text) if "<" in markup else text)


def abstract_text(markup: Any) -> str:
    """An abstract as CSL rich text, without the heading that says that it is one."""
    text = rich_text(_HEADING.sub("", markup, count=1) if isinstance(markup, str) else "")
    return _CAPITAL_HEADING.sub("", text)


def latex_text(text: str) -> str:
    """arXiv's text as CSL rich text: accents and markup of LaTeX decoded, mathematics kept.

    Nothing else of it is LaTeX: a tilde, a dash or a per cent sign is what it looks like.
    """
    if "\\" not in text:
        return text
    pieces = _FORMULA.split(text)
    pieces[::2] = [_LATEX.sub(lambda match: decode_latex(match[0]), each) for each in pieces[::2]]
    return "".join(pieces)


def plain(value: Any) -> str:
    """A text or a number as clean text without entities; anything else is the empty string."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return clean_text(_unescape(repair(str(value))))


def repair(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252: ``WÃ¼bben`` is ``Wübben``."""
    return _MOJIBAKE.sub(_decoded, text) if not text.isascii() else text


def first(value: Any) -> Any:
    """The first element of a list that says something, or the value itself; None if there is none.

    A title ``0`` says something.
    """
    if isinstance(value, list):
        return next((each for each in value if each not in (None, "", [], {})), None)
    return value


def items(value: Any) -> list[Any]:
    """A list as it is, nothing as an empty list, and one thing as a list of it."""
    return value if isinstance(value, list) else [] if value is None else [value]


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping as it is, and anything else as an empty one."""
    return value if isinstance(value, Mapping) else {}


def is_all_caps(title: str) -> bool:
    """True for a title of several words without a small letter."""
    words = [word for word in re.findall(r"[^\W\d_]{2,}", title) if word.upper() != word.lower()]
    return len(words) >= 3 and title == title.upper()


def name_from_parts(family: Any, given: Any = "", suffix: Any = "") -> Name | None:
    """A name whose parts the source knows; particles of the family are set apart."""
    family, given, suffix = plain(family), plain(given), plain(suffix)
    if not family or not given:
        return name_from_text(family or given)
    if "," in family or "," in given:
        return Name(family=family, given=given, suffix=suffix)
    name = parse_name(f"{family}, {given}")
    if not name.family:
        name = Name(family=family, given=given)
    return name if not suffix else _with_suffix(name, suffix)


def name_from_text(text: Any) -> Name | None:
    """A written name, in reading order or inverted; None for nothing."""
    written = plain(text)
    return parse_name(written) if written else None


def complete_names(names: Iterable[Name | None]) -> tuple[tuple[Name, ...], bool]:
    """The names without gaps and without ``et al.``, and whether none of the latter stood there."""
    known = [name for name in names if name is not None and str(name)]
    real = tuple(name for name in known if str(name).lower() not in _OTHERS)
    return real, len(real) == len(known)


def date_from_parts(value: Any) -> Date | None:
    """CSL's and Crossref's ``{"date-parts": [[2024, 6, 5]]}``; None for nulls and nonsense."""
    written = mapping(value).get("date-parts")
    parts: list[int] = []
    for part in items(first(written) if isinstance(written, list) else None)[:3]:
        try:
            number = int(part)
        except (TypeError, ValueError):
            break
        if not is_valid_parts((*parts, number)):
            break
        parts.append(number)
    return Date(tuple(parts)) if parts else None


def date_from_text(text: Any) -> Date | None:
    """An ISO or EDTF date, with or without time; None for anything else."""
    written = plain(text)
    date = parse_edtf(written) or parse_edtf(written[:10])
    return date if date and date.start else None


def doi(value: Any) -> Identifier | None:
    """A DOI in lower case, also from an address or percent-encoded; None if it is none."""
    written = parse_doi(plain(value)) or parse_doi(unquote(plain(value)))
    return Identifier("doi", written) if written else None


def arxiv(value: Any) -> Identifier | None:
    """An arXiv identifier without version, from an id, an address or a 10.48550 DOI."""
    written = parse_arxiv(plain(value))
    return Identifier("arxiv", written) if written else None


def version_of(value: Any) -> Identifier | None:
    """A DOI, as an arXiv identifier where it is arXiv's."""
    return arxiv(value) or doi(value)


def arxiv_doi(identifier: str) -> str:
    """The DOI that arXiv registers for one of its papers, in lower case."""
    return f"{ARXIV_PREFIX}{identifier}".lower()


def doi_path(value: str) -> str:
    """A DOI as the end of a path, in which no part climbs."""
    return _CLIMBING.sub(lambda match: match[1] + match[2].replace(".", "%2E"), value)


def make_found(
    source: str,
    locator: str,
    retrieved: datetime | None,
    type_: str,
    values: Mapping[str, Value | None],
    *,
    custom: Mapping[str, Any] | None = None,
    identifiers: Iterable[Identifier | None] = (),
    links: Iterable[Link | None] = (),
    notices: Sequence[Notice] = (),
    titles: Iterable[str] = (),
    is_complete: bool = True,
) -> Found:
    """A `Found` of what says something; each value's provenance names source, place and time."""
    variables = {name: value for name, value in values.items() if value not in (None, "", ())}
    title = str(variables.get("title", ""))
    extra = {name: value for name, value in (custom or {}).items() if value not in (None, "", [])}
    if is_all_caps(title):
        extra["all-caps"] = ["title"]
    if not is_complete:
        extra["et-al"] = ["author"]
    origin = Provenance(source, locator, retrieved)
    own = tuple(dict.fromkeys(each for each in identifiers if each is not None))
    return Found(
        source,
        Record("", type_, variables, dict.fromkeys(variables, origin), extra),
        own,
        tuple(dict.fromkeys(e for e in links if e is not None and e.identifier not in own)),
        tuple(notices),
        tuple(dict.fromkeys(each for each in titles if each and each != title)),
        is_complete,
    )


def link(relation: str, identifier: Identifier | None) -> Link | None:
    """A link, or None where there is nothing to link to."""
    return Link(relation, identifier) if identifier is not None else None


def _without_dropped(text: str) -> str:
    """The text without comments and without elements whose content is no prose.

    Each end is looked for once, so that a text full of beginnings costs no more than its length.
    """
    pieces: list[str] = []
    unclosed: set[str] = set()
    position = 0
    folded = text.lower()
    while match := _DROPPED.search(text, position):
        end = f"</{match['name'].lower()}>" if match["name"] else "-->"
        closed = -1 if end in unclosed else folded.find(end, match.end())
        if closed < 0:
            unclosed.add(end)
            pieces.append(text[position : match.end()])
            position = match.end()
        else:
            pieces += [text[position : match.start()], " "]
            position = closed + len(end)
    return "".join([*pieces, text[position:]])


def _unescape(text: str) -> str:
    """Entities resolved, also those that were escaped twice."""
    for _ in range(2):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


def _csl_tag(match: re.Match[str]) -> str:
    closing, written, empty = match[1], match[2].lower(), match[3]
    name = written.rpartition(":")[2]
    if name in _TAGS and not empty and not written.startswith("mml:"):
        return _TAGS[name][1 if closing else 0]
    return " " if name in _BLOCKS else ""


def _decoded(match: re.Match[str]) -> str:
    text = match[0]
    data = bytes([ord(text[0]), *(_CONTINUATION[character] for character in text[1:])])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return text


def _with_suffix(name: Name, suffix: str) -> Name:
    return Name(
        family=name.family,
        given=name.given,
        non_dropping_particle=name.non_dropping_particle,
        dropping_particle=name.dropping_particle,
        suffix=suffix,
        static_ordering=name.static_ordering,
    )
