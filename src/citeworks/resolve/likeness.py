"""How alike two titles and two people are, under any accents, LaTeX, markup and order of names.

Knows spelling only: folding of text, numbers in titles, forms of names. Refuses to judge: what a
likeness is worth is known to `match` alone.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein, Postfix, Prefix

from citeworks.model import Name
from citeworks.normalize.names import parse_name

_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,80}>")
_LATEX_ACCENT = re.compile(r"\\(?:['\"`^~=.]|[cvHukbdrt](?=[\s{]))\s*")
_LATEX_COMMAND = re.compile(r"\\([A-Za-z]+)\*?\s*")
_PLUS = re.compile(r"(?<=\w)\+(?![\w$])")
"""A plus that is the end of a name: C++, Na+; not that of a sum or a reaction."""
_NOT_WORD = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")
_LETTERS = {
    **dict(zip("øłđıħŧþðß", ("o", "l", "d", "i", "h", "t", "th", "d", "ss"), strict=True)),
    **dict(zip("æœ", ("ae", "oe"), strict=True)),
    **dict(
        zip(
            "αβγδεζηθικλμνξοπρσςτυφχψω",
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi o pi rho "
            "sigma sigma tau upsilon phi chi psi omega".split(),
            strict=True,
        )
    ),
    "&": " and ",
}
_TABLE = str.maketrans(_LETTERS)
_NOTHING = str.maketrans("", "", "{}$'`’‘")
"""Signs that part no words."""
_ASCII = {
    **{code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)},
    **_NOTHING,
    ord("&"): " and ",
}
_COMMANDS = {
    **{name: name for name in _LETTERS.values() if len(name) > 1 and name.isalpha()},
    **{"o": "o", "l": "l", "i": "i", "j": "j", "ss": "ss", "ae": "ae", "oe": "oe", "aa": "a"},
    **{"varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "ell": "l", "infty": "∞"},
}
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_COUNTED = {
    **{word: str(n) for n, word in enumerate("i ii iii iv v vi vii viii ix x".split(), 1)},
    **{word: str(n) for n, word in enumerate("one two three four five six seven".split(), 1)},
    **{word: str(n) for n, word in enumerate("first second third fourth fifth".split(), 1)},
    **{f"{n}{end}": str(n) for n in range(1, 40) for end in ("st", "nd", "rd", "th")},
}
_NICKNAMES = (
    "william bill will|robert bob rob|richard dick rick|michael mike|james jim|john jack|"
    "thomas tom|anthony tony|charles chuck charlie|edward ed ted|elizabeth liz beth betty|"
    "katherine kate kathy|margaret peggy meg|joseph joe|stephen steve|steven steve|henry harry|"
    "lawrence larry|leonard len|andrew andy drew|alexander sasha|mikhail misha|yevgeny eugene|"
    "nikolai nicholas|david dave|daniel dan danny|christopher chris|kristopher chris"
)
_SAME_GIVEN = frozenset(
    frozenset((one, other))
    for group in _NICKNAMES.split("|")
    for one in group.split()
    for other in group.split()
)


def fold_once(text: str) -> str:
    """`fold`, for a text that will not come again."""
    if "<" in text:
        text = _MARKUP.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    if "\\" in text:
        text = _LATEX_ACCENT.sub("", text)
        text = _LATEX_COMMAND.sub(lambda found: _COMMANDS.get(found[1], " ") + " ", text)
    if "+" in text:
        text = _PLUS.sub(" plus ", text.replace("++", " plusplus "))
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    text = unicodedata.normalize("NFKD", text.translate(_NOTHING).casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", text.translate(_TABLE)).strip()


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Words of letters and digits, lower case, without accents, markup, LaTeX and punctuation.

    Letters of other scripts stay; Greek ones are spelled out as LaTeX names them.
    """
    return fold_once(text)


def title_key(title: str) -> str:
    """The folded title without spaces: equal for titles that differ in spelling habits only."""
    return fold(title).replace(" ", "")


def title_ratio(one: str, other: str, *, cutoff: float = 0.0) -> float:
    """The normalised Levenshtein similarity of two titles, 0 to 1; below `cutoff` it is 0.

    Never a set or a partial ratio: a title that contains another one is another title.
    """
    return folded_ratio(fold(one), fold(other), cutoff)


def folded_ratio(one: str, other: str, cutoff: float = 0.0) -> float:
    """`title_ratio` of titles that are folded already."""
    if not one or not other:
        return 0.0
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return 1.0
    return Levenshtein.normalized_similarity(one, other, score_cutoff=cutoff)


def most_alike(folded: str, choices: Sequence[str], limit: int, cutoff: float) -> list[int]:
    """The positions of the titles (folded, as is the first) that are most alike, the best first."""
    rated = process.extract(
        folded,
        choices,
        scorer=Levenshtein.normalized_similarity,
        processor=None,
        limit=limit,
        score_cutoff=cutoff,
    )
    return [int(position) for _, _, position in rated]


def best_title_ratio(wanted: str, titles: Iterable[str]) -> tuple[float, str]:
    """The likeness to the most similar of several titles of one work, and that title."""
    return max(((title_ratio(wanted, title), title) for title in titles), default=(0.0, ""))


def numbers_in(title: str) -> tuple[str, ...]:
    """The numbers of a title in digits, sorted: Arabic, Roman, and small ones in words."""
    words = fold(title).split()
    found = [_COUNTED[word] for word in words if word in _COUNTED]
    for word in words:
        if word not in _COUNTED:
            found += [number.lstrip("0") or "0" for number in _NUMBER.findall(word)]
    return tuple(sorted(found))


def differing_words(one: str, other: str) -> frozenset[str]:
    """The words that stand in one of two titles only."""
    return frozenset(fold(one).split()) ^ frozenset(fold(other).split())


_SLIP, _STEM = 0.7, 0.6
"""Two endings of a word: so much of both is alike, and so much of the longer one's beginning."""
_ACRONYMS = frozenset(
    """
    ai ann cnn cv dl dna em fem gan ip lda llm lm lp lstm mdp mimo ml mri nn np pca p qtl rl rna rnn
    sgd sql svd svm vae xml
    """.split()
)
"""Words that a letter before them makes another of, however short: fMRI, mRNA, CNN."""
_PREFIXES = frozenset(
    """
    ab ad an ante anti auto bi co contra counter cross de di dia dis em en endo equi ex exo extra
    ferri ferro hetero holo homeo homo hyper hypo im in infra inter intra intro ir iso macro max
    maxi mega meso meta micro mid min mini mis mono multi nano neo non ortho out over para per peri
    poly post pre pro proto pseudo quasi re self semi sub super supra sur trans tri ultra un under
    uni
    """.split()
)
"""What makes another word of a word, alone or in each other's place."""
_SHORT, _SHORTER = 4, 5
"""With a letter wrong, a word of so many is another: CNN and RNN; with the first one wrong."""
_PRIVATIVES = re.compile(
    "a(?:synchron|symmetr|typical|periodic|cycl|causal|chiral|chromat|politic|moral|spher|biotic|"
    "social|tonal|theis|polar|diabat|morph|vascular|septic|gnostic)"
)
"""Words that a prefix of one letter turns round; elsewhere a letter *a* is a slip."""
_SUFFIXES = frozenset("able free ful less like wise".split())
_PAIRS = frozenset(
    frozenset(pair.split("/"))
    for pair in (
        "neutron/neutrino neutrons/neutrinos photon/phonon photons/phonons causal/casual "
        "trial/trail united/untied martial/marital word/world words/worlds quark/quasar "
        "elastic/plastic passive/massive rational/national fission/mission motion/notion "
        "ranking/banking testing/nesting sorting/porting bounding/rounding bounding/founding "
        "binding/finding training/draining learning/yearning matching/patching "
        "matching/hatching matching/catching attention/retention angel/angle "
        "form/from ion/iron gene/genre lossy/lossless"
    ).split()
)
"""Words that a slip would make of each other, and that are both common."""
_SMALL_WORDS = frozenset("a an the and of in for to by with at from".split())
_LITTLE_WORDS = _SMALL_WORDS | frozenset("as be from is it on or we".split())


def other_words(one: str, other: str) -> tuple[str, ...]:
    """What makes two titles two: words that the other neither has nor spells otherwise.

    A slip of a letter, another ending and a small word (an article, a preposition) do not; a
    prefix does, whatever the ratio says: *supervised* and *unsupervised*, *implicit* and *explicit*
    are no spellings of each other.
    """
    if title_key(one) == title_key(other):
        return ()
    found: list[str] = []
    for here, there in _stretches(fold(one).split(), fold(other).split()):
        found += _unmatched(here, there)
    return tuple(word for word in found if word not in _SMALL_WORDS)


def _unmatched(here: list[str], there: list[str]) -> Iterator[str]:
    """The words of two stretches that are not each other's spellings, in place or run together."""
    several = len(here) > 1 and len(there) > 1
    if several and _is_one_letter_off("".join(here), "".join(there)):  # over the space between them
        return
    if len(here) == len(there):
        for first, second in zip(here, there, strict=True):
            if not _is_slip(first, second):
                yield from (first, second)
    elif not _is_one_letter_off("".join(here), "".join(there)):
        first_ones = [word for word in here if word not in _SMALL_WORDS]
        others = [word for word in there if word not in _SMALL_WORDS]
        if len(here) != len(first_ones) or len(there) != len(others):
            yield from _unmatched(first_ones, others)
        else:
            yield from (*here, *there)


def _stretches(first: list[str], second: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The stretches in which two lists of words differ."""
    here, there = 0, 0
    for block in Levenshtein.opcodes(first, second).as_matching_blocks():
        if first[here : block.a] or second[there : block.b]:
            yield first[here : block.a], second[there : block.b]
        here, there = block.a + block.size, block.b + block.size


def is_contrast(*words: str) -> bool:
    """True if one of two words is made of the other, or of the same stem, to mean something else.

    By a prefix or by two in each other's place (*micro* and *macro*), or by an ending that denies.
    """
    if len(words) != 2:
        return False
    short, long = sorted(words, key=len)
    if frozenset(words) in _PAIRS or (long.endswith(short) and _PRIVATIVES.match(long)):
        return True
    if any(long == short + suffix for suffix in _SUFFIXES):
        return True
    return any(
        {short[: len(short) - size], long[: len(long) - size]} <= _PREFIXES | {""}
        for size in range(3, Postfix.similarity(short, long) + 1)
        if short != long
    )


def is_slip_apart(one: str, other: str) -> bool:
    """True if two titles differ by one letter, in a word that may be spelled so."""
    first, second = title_key(one), title_key(other)
    return min(len(first), len(second)) >= _TELLING and _is_one_letter_off(first, second)


_TELLING = 10
"""Letters of a title of which one may be wrong."""


def _is_one_letter_off(one: str, other: str) -> bool:
    """Equal, or with one letter lost, doubled, wrong or exchanged with the next."""
    return OSA.distance(one, other, score_cutoff=1) <= 1


def _is_slip(one: str, other: str) -> bool:
    """True if two words are one, misspelled or with another ending."""
    if one == other:
        return True
    if is_contrast(one, other):
        return False
    short, long = sorted((one, other), key=len)
    if _is_one_letter_off(one, other):
        if long in _LITTLE_WORDS or {one, other} & _SMALL_WORDS:
            return True
        # A short word is soon another one, most of all at its beginning.
        if len(short) == len(long):
            return len(long) > (_SHORT if one[0] == other[0] else _SHORTER)
        return len(long) > 2 and not {one, other} & _ACRONYMS
    start = Prefix.similarity(one, other)
    alike = Levenshtein.normalized_similarity(one, other)
    return alike >= _SLIP and start >= _STEM * len(long)


_NAMESAKE = re.compile(r"\s*\b\d{4}\Z")
"""The number by which DBLP tells namesakes apart: *Wei Wang 0001*."""


class Person(NamedTuple):
    """A name as it is compared: spellings of the family, its parts, and the given names."""

    families: frozenset[str]
    parts: frozenset[str]
    given: tuple[str, ...]
    words: tuple[str, ...]


@lru_cache(maxsize=65536)
def person(name: Name) -> Person:
    """The forms under which a name may stand elsewhere."""
    if name.literal or name.family.isdigit():
        name = parse_name(_NAMESAKE.sub("", name.literal or f"{name.given} {name.family}"))
    family = _NAMESAKE.sub("", name.family or name.literal)
    particle = " ".join(filter(None, (name.dropping_particle, name.non_dropping_particle)))
    written = {family, f"{particle} {family}"} if particle else {family}
    families = {title_key(form) for form in written}
    families |= {title_key(form.casefold().translate(_GERMAN)) for form in written}
    words = fold(family).split()
    given = tuple(fold(name.given).split())
    everything = tuple(sorted([*fold(particle).split(), *words, *given]))
    return Person(frozenset(families), frozenset(words), given, everything)


def same_person(one: Person, other: Person) -> float:
    """How far two names can be one person's: 1 yes, 0.5 the family only, 0 no."""
    if one.families & other.families:
        return 1.0 if _given_agree(one.given, other.given) else 0.5
    if one.words == other.words and len(one.words) > 1:
        return 1.0
    if one.parts & other.parts and one.given and other.given:
        return 1.0 if _given_agree(one.given, other.given) else 0.0
    return _inverted(one, other)


def _inverted(one: Person, other: Person) -> float:
    """Family and given name exchanged, one of them perhaps with a middle name more."""
    for first, second in ((one, other), (other, one)):
        crossed = first.families & {"".join(second.given), *second.given[:1]}
        if crossed and second.families & {"".join(first.given), *first.given[:1]}:
            return 1.0
    return 0.0


def _given_agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """True if given names can be one person's: initials, short forms, a middle name left out."""
    if not one or not other:
        return True
    joined, joined_other = "".join(one), "".join(other)
    if joined.startswith(joined_other) or joined_other.startswith(joined):
        return True
    return any(_same_given(a, b) for a in one for b in other if a == one[0] or b == other[0])


def _same_given(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    short, long = sorted((one, other), key=len)
    return long.startswith(short) or frozenset((one, other)) in _SAME_GIVEN


def share_found(listed: Sequence[Name], known: Sequence[Name]) -> float:
    """The share of listed people who stand among the known ones, each known one used once."""
    if not listed:
        return 0.0
    people = [person(name) for name in known]
    by_form: dict[str, list[int]] = {}
    for index, each in enumerate(people):
        for form in {*each.families, *each.parts, *each.given[:1], "".join(each.given)}:
            by_form.setdefault(form, []).append(index)
    used: set[int] = set()
    total = 0.0
    for name in listed:
        wanted = person(name)
        near = {
            index
            for form in {*wanted.families, *wanted.parts, *wanted.given[:1], "".join(wanted.given)}
            for index in by_form.get(form, ())
        } - used
        likeness, index = max(
            ((same_person(wanted, people[index]), -index) for index in near), default=(0.0, 0)
        )
        if likeness:
            used.add(-index)
            total += likeness
    return total / len(listed)
