"""Language codes (BCP 47) and babel's names for them, both ways; nothing about typesetting."""

from __future__ import annotations

_TABLE = """
af afrikaans
ar arabic
ast asturian
be belarusian
bg bulgarian
bn bengali
br breton
bs bosnian
ca catalan
cs czech
cy welsh
da danish
de ngerman
de german
de-AT austrian
de-AT naustrian
de-CH nswissgerman
de-CH swissgerman
de-DE ngerman
el greek
en english
en-AU australian
en-CA canadian
en-GB british
en-GB UKenglish
en-NZ newzealand
en-US american
en-US USenglish
eo esperanto
es spanish
es-MX mexican
et estonian
eu basque
fa persian
fa farsi
fi finnish
fr french
fr-CA canadien
fr-FR francais
fr-CA acadian
fur friulan
ga irish
gd scottish
gl galician
grc ancientgreek
he hebrew
hi hindi
hr croatian
hsb uppersorbian
dsb lowersorbian
hu hungarian
hu magyar
hy armenian
ia interlingua
id indonesian
id bahasa
is icelandic
it italian
ja japanese
ka georgian
kn kannada
ko korean
la latin
lo lao
lt lithuanian
lv latvian
mk macedonian
ml malayalam
mn mongolian
mr marathi
ms malay
nb norwegian
nb norsk
nn nynorsk
nl dutch
oc occitan
pl polish
pms piedmontese
pt portuguese
pt-BR brazilian
pt-BR brazil
pt-PT portuges
rm romansh
ro romanian
ru russian
sa sanskrit
se samin
sk slovak
sl slovenian
sl slovene
sq albanian
sr serbian
sr-Cyrl serbianc
sv swedish
ta tamil
te telugu
th thai
tk turkmen
tr turkish
uk ukrainian
ur urdu
vi vietnamese
zh chinese
zh-Hans chinese-simplified
zh-TW chinese-traditional
zh-Hant chinese-traditional
"""

_PAIRS = [tuple(line.split()) for line in _TABLE.strip().splitlines()]
_TO_BABEL: dict[str, str] = {}
_FROM_BABEL: dict[str, str] = {}
for _code, _name in _PAIRS:
    _TO_BABEL.setdefault(_code.lower(), _name)
    _FROM_BABEL.setdefault(_name.lower(), _code)
_SAME = {
    "zh-hk": "zh-Hant",
    "no": "nb",
    "iw": "he",
    "in": "id",
}
_THREE_LETTERS = dict(
    pair.split(":")
    for pair in """
    eng:en ger:de deu:de fre:fr fra:fr spa:es ita:it por:pt dut:nl nld:nl rus:ru jpn:ja chi:zh
    zho:zh kor:ko pol:pl cze:cs ces:cs swe:sv dan:da nor:nb fin:fi hun:hu tur:tr gre:el ell:el
    lat:la ara:ar heb:he ukr:uk rum:ro ron:ro
    """.split()
)


def babel_name(language: str) -> str:
    """babel's name for a language code or English language name; ``""`` if it has none."""
    code = language.strip().replace("_", "-").lower()
    if code in _FROM_BABEL:
        return code
    code = _SAME.get(code, _THREE_LETTERS.get(code, code)).lower()
    return _TO_BABEL.get(code) or _TO_BABEL.get(code.split("-")[0], "")


def language_code(name: str) -> str:
    """The language code for one of babel's names; what is no such name is given back."""
    return _FROM_BABEL.get(name.strip().lower(), name.strip())


def is_english(language: str) -> bool:
    """True for English, and for no language at all: the styles' case change is made for it."""
    code = language_code(language).lower().replace("_", "-")
    return not code or code.split("-")[0] in ("en", "eng", "english")
