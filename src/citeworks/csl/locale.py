"""Terms, date formats and options of one locale, with fallback and a style's overrides.

Knows the chain dialect → language → en-US and the forms of terms; refuses to know files: the
text of a locale comes through the function it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from citeworks.csl.parse_style import parse_tree
from citeworks.csl.style import Element, Style

LoadLocale = Callable[[str], str | None]

PRIMARY_DIALECTS: Mapping[str, str] = {
    "af": "af-ZA", "ar": "ar", "bg": "bg-BG", "ca": "ca-AD", "cs": "cs-CZ", "cy": "cy-GB",
    "da": "da-DK", "de": "de-DE", "el": "el-GR", "en": "en-US", "es": "es-ES", "et": "et-EE",
    "eu": "eu", "fa": "fa-IR", "fi": "fi-FI", "fr": "fr-FR", "gl": "gl-ES", "he": "he-IL",
    "hi": "hi-IN", "hr": "hr-HR", "hu": "hu-HU", "id": "id-ID", "is": "is-IS", "it": "it-IT",
    "ja": "ja-JP", "km": "km-KH", "ko": "ko-KR", "la": "la", "lt": "lt-LT", "lv": "lv-LV",
    "mn": "mn-MN", "nb": "nb-NO", "nl": "nl-NL", "nn": "nn-NO", "pl": "pl-PL", "pt": "pt-PT",
    "ro": "ro-RO", "ru": "ru-RU", "sk": "sk-SK", "sl": "sl-SI", "sr": "sr-RS", "sv": "sv-SE",
    "th": "th-TH", "tr": "tr-TR", "uk": "uk-UA", "vi": "vi-VN", "zh": "zh-CN",
}  # fmt: skip
FORM_FALLBACK = {"verb-short": "verb", "symbol": "short", "verb": "long", "short": "long"}


@dataclass(frozen=True, slots=True)
class Term:
    """One form of one term."""

    single: str
    multiple: str
    gender: str = ""
    match: str = ""


@dataclass(slots=True)
class Locale:
    """The merged locale that a style and a language give."""

    language: str = "en-US"
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    gendered: dict[tuple[str, str], Term] = field(default_factory=dict)
    dates: dict[str, Element] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    quotes: tuple[str, str, str, str] = ("“", "”", "‘", "’")

    @property
    def is_english(self) -> bool:
        """True if titles without a language are taken for English."""
        return self.language.lower().startswith("en")

    @property
    def punctuation_in_quote(self) -> bool:
        """True if commas and full stops go inside closing quotes."""
        return self.options.get("punctuation-in-quote") == "true"

    def term(self, name: str, form: str = "long", *, plural: bool = False) -> str | None:
        """The text of a term in a form or the form it falls back to; None if there is none."""
        found = self.find(name, form)
        if found is None:
            return None
        return found.multiple if plural else found.single

    def find(self, name: str, form: str = "long") -> Term | None:
        """The term itself, with the fallback of forms."""
        while True:
            found = self.terms.get((name, form))
            if found is not None or form == "long":
                return found
            form = FORM_FALLBACK.get(form, "long")

    def gender(self, name: str) -> str:
        """The gender of a noun ("" if it has none)."""
        found = self.terms.get((name, "long"))
        return found.gender if found else ""


def load_locale_for(style: Style, wanted: str | None, load: LoadLocale) -> Locale:
    """The locale of a style: base texts from `load`, overrides from the style."""
    language = normalize_language(wanted or style.default_locale or "en-US")
    locale = Locale(language=language)
    for name in reversed(fallback_chain(language)):
        text = load(name)
        if text is not None:
            merge(locale, parse_tree(text, "locale"))
    prefix = language.partition("-")[0]
    for target in ("", prefix, language):
        for element in style.locales:
            if element.get("lang") == target and (target or element.get("lang") == ""):
                merge(locale, element)
        if prefix == language and target == prefix:
            break
    locale.quotes = _quotes(locale)
    return locale


def normalize_language(text: str) -> str:
    """``en_us`` and ``EN-us`` as ``en-US``; a bare language stays as it is."""
    parts = text.strip().replace("_", "-").split("-")
    head = parts[0].lower()
    if len(parts) == 1 or not parts[1]:
        return head or "en-US"
    return "-".join([head, parts[1].upper() if len(parts[1]) == 2 else parts[1], *parts[2:]])


def fallback_chain(language: str) -> list[str]:
    """The locale names to try, most specific first."""
    prefix = language.partition("-")[0]
    chain = [language, PRIMARY_DIALECTS.get(prefix, prefix), "en-US"]
    return list(dict.fromkeys(chain))


def merge(locale: Locale, root: Element) -> None:
    """Lay one `cs:locale` over what is there."""
    for child in root.children:
        if child.kind == "terms":
            _merge_terms(locale, child)
        elif child.kind == "date":
            locale.dates[child.get("form")] = child
        elif child.kind == "style-options":
            locale.options.update(child.attributes)


def _merge_terms(locale: Locale, terms: Element) -> None:
    if any(term.get("name").startswith("ordinal") for term in terms.children):
        _drop_ordinals(locale.terms)
        _drop_ordinals(locale.gendered)
    for element in terms.children:
        if element.kind != "term":
            continue
        term = _read_term(element)
        gender_form = element.get("gender-form")
        if gender_form:
            locale.gendered[element.get("name"), gender_form] = term
        else:
            locale.terms[element.get("name"), element.get("form", "long")] = term


def _drop_ordinals(terms: dict[tuple[str, str], Term]) -> None:
    for key in [key for key in terms if key[0].startswith("ordinal")]:
        del terms[key]


def _read_term(element: Element) -> Term:
    single, multiple = element.find("single"), element.find("multiple")
    text = element.text if single is None and multiple is None else ""
    one = _unindented(single.text if single else text)
    many = _unindented(multiple.text) if multiple else one
    one, many = _typeset(one), _typeset(many)
    return Term(one, many, element.get("gender"), element.get("match"))


def _typeset(text: str) -> str:
    """Curly apostrophes, and tags that were escaped once too often."""
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">")
    return text.replace("'", "’")


def _unindented(text: str) -> str:
    """White space that only lays out the XML is no text."""
    return text.strip() if "\n" in text else text


def _quotes(locale: Locale) -> tuple[str, str, str, str]:
    names = ("open-quote", "close-quote", "open-inner-quote", "close-inner-quote")
    first, second, third, fourth = (locale.term(name) or "" for name in names)
    return first, second, third, fourth
