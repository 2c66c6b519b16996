"""Commands that a LaTeX source defines, if they cite: ``\\newcommand``, ``\\def``, ``\\let`` …

Knows which of a command's arguments end up as citation keys, and which environments were made
verbatim. Refuses to expand anything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from citeworks.documents.braces import end_of_group, next_group

_COMMAND = re.compile(
    r"\\(?:(?:re|provide|Declare)?newcommand|renewcommand|providecommand|DeclareRobustCommand"
    r"|(?:re|provide)?newrobustcmd|renewrobustcmd|providerobustcmd)\*?\s*"
    r"(?:\{\s*\\(?P<braced>[A-Za-z@]+)\s*\}|\\(?P<name>[A-Za-z@]+))\s*"
    r"(?:\[(?P<count>[0-9])\]\s*)?(?P<default>\[)?"
)
_DOCUMENT_COMMAND = re.compile(
    r"\\(?:New|Renew|Provide|Declare)(?:Expandable)?DocumentCommand\s*"
    r"(?:\{\s*\\(?P<braced>[A-Za-z@]+)\s*\}|\\(?P<name>[A-Za-z@]+))\s*\{(?P<spec>[^\n]{0,200}?)\}"
    r"\s*(?=\{)"
)
_DEF = re.compile(r"\\[egx]?def\s*\\(?P<name>[A-Za-z@]+)(?P<spec>(?:#[1-9])*)\s*(?=\{)")
_LET = re.compile(r"\\let\s*\\(?P<name>[A-Za-z@]+)\s*=?\s*\\(?P<other>[A-Za-z@]+)")
_ENVIRONMENT = re.compile(
    r"\\(?:lstnewenvironment|excludecomment|(?:Custom|Define)VerbatimEnvironment|newtcblisting"
    r"|newverbatim|NewTCBListing)\s*(?:\[[^\]\n]*\])?\s*\{(?P<name>[A-Za-z*]+)\}"
    r"|\\newminted\s*(?:\[(?P<own>[A-Za-z]+)\]\s*\{[^{}\n]*\}|\{(?P<language>[A-Za-z+-]+)\})"
)
_SPEC = re.compile(
    r"[+!\s]|>\{[^{}]*\}|(?P<star>s)|t(?P<sign>.)|(?P<bracket>o|O\{[^{}]*\})|(?P<must>[mv])"
    r"|[dD](?P<pair>..)(?:(?<=D..)\{[^{}]*\})?|(?P<odd>.)"
)
_PLAIN_ALIAS = re.compile(r"\s*\\(?P<other>[A-Za-z@]+)\s*\Z")
_PARAMETER = re.compile(r"#([1-9])")


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the author's: the signs that its arguments begin with, and which are keys.

    A sign is ``{`` for an argument that must be there, else one that begins an optional one. An
    `other` name stands for the same command.
    """

    signs: tuple[str, ...] = ()
    keys: frozenset[int] = frozenset()
    other: str = ""


@dataclass(frozen=True, slots=True)
class Definitions:
    """What the parts of a document define for all of them."""

    commands: dict[str, Command] = field(default_factory=dict)
    verbatim: set[str] = field(default_factory=set)

    def update(self, other: Definitions) -> None:
        """Take the definitions of another part as well."""
        self.commands.update(other.commands)
        self.verbatim.update(other.verbatim)

    def __bool__(self) -> bool:
        return bool(self.commands or self.verbatim)


Keys = Callable[[str, Mapping[str, Command]], Iterator[str]]
"""The texts that stand where a text's citation commands have their keys."""


def verbatim_environments(text: str) -> set[str]:
    """The environments that a text makes for material that is printed as it stands, or left out."""
    return {
        match["name"] or match["own"] or f"{match['language']}code"
        for match in _ENVIRONMENT.finditer(text)
    }


def defined_commands(
    visible: str, cites: Callable[[str], bool], keys_in: Keys, known: Mapping[str, Command]
) -> dict[str, Command]:
    """The commands that a text defines, if they cite or their names look so (`cites`)."""
    found: dict[str, Command] = {}
    for name, signs, body in _definitions(visible):
        alias = _PLAIN_ALIAS.match(body)
        reach = {**known, **found}
        if not signs and alias:
            if alias["other"] != name and (cites(alias["other"]) or alias["other"] in reach):
                found[name] = Command(other=alias["other"])
            continue
        keys = {
            int(number) - 1 for text in keys_in(body, reach) for number in _PARAMETER.findall(text)
        }
        if (keys and max(keys) < len(signs)) or (cites(name) and not _mentions_citing(body, cites)):
            found[name] = Command(signs, frozenset(keys))
    return found


def _mentions_citing(body: str, cites: Callable[[str], bool]) -> bool:
    names = re.findall(r"\\([A-Za-z@]+)", body)
    return any("@" in name or "cite" in name.lower() or cites(name) for name in names)


def _definitions(text: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Each definition's name, the signs of its arguments, and what it stands for."""
    for match in _LET.finditer(text):
        yield match["name"], (), "\\" + match["other"]
    for pattern, signs_of in (
        (_COMMAND, _counted_signs),
        (_DOCUMENT_COMMAND, _specified_signs),
        (_DEF, _numbered_signs),
    ):
        for match in pattern.finditer(text):
            group = next_group(text, _after_default(match, text))
            signs = signs_of(match)
            if group and signs is not None:
                groups = match.groupdict()
                yield groups.get("braced") or groups["name"], signs, text[slice(*group)]


def _after_default(match: re.Match[str], text: str) -> int:
    if match.groupdict().get("default"):
        end = end_of_group(text, match.end() - 1, "]")
        return match.end() if end is None else end + 1
    return match.end()


def _counted_signs(match: re.Match[str]) -> tuple[str, ...] | None:
    count = int(match["count"] or 0)
    return ("[" if match["default"] else "{", *"{" * (count - 1)) if count else ()


def _numbered_signs(match: re.Match[str]) -> tuple[str, ...] | None:
    return ("{",) * (len(match["spec"]) // 2)


def _specified_signs(match: re.Match[str]) -> tuple[str, ...] | None:
    """The signs of an argument specification of xparse; None for one with rarer arguments."""
    signs: list[str] = []
    for part in _SPEC.finditer(match["spec"]):
        if part["odd"]:
            return None
        if part["must"]:
            signs.append("{")
        elif part["bracket"]:
            signs.append("[")
        elif part["star"] or part["sign"] or part["pair"]:
            signs.append("*" if part["star"] else part["sign"] or part["pair"][0])
    return tuple(signs)


def arguments(text: str, position: int, signs: tuple[str, ...]) -> Iterator[tuple[int, int] | None]:
    """Where each argument of a call stands, None for an optional one that is not given."""
    closers = {"[": "]", "(": ")", "<": ">", "{": "}"}
    for sign in signs:
        while text[position : position + 1] in (" ", "\t", "\n") and text[position : position + 1]:
            position += 1
        if text[position : position + 1] != sign:
            if sign == "{":
                return
            yield None
        elif sign not in closers:
            yield position, position + 1
            position += 1
        else:
            end = end_of_group(text, position, closers[sign])
            if end is None:
                return
            yield position + 1, end
            position = end + 1
