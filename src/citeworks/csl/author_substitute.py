"""`subsequent-author-substitute`: repeated names in a bibliography give way to a dash.

Knows the four rules; refuses to know how entries are rendered.
"""

from __future__ import annotations

from citeworks.csl.output import Node, Out, find, plain


class AuthorSubstitute:
    """Compares each entry with the one before it."""

    def __init__(self, text: str, rule: str) -> None:
        self.text = text
        self.rule = rule or "complete-all"
        self.previous: list[str] = []
        self.whole = ""

    def apply(self, out: Out | None) -> None:
        """Replace in `out` the names it shares with the entry before."""
        names = find(out, lambda node: node.role == "names")
        if names is None:
            self.previous, self.whole = [], ""
            return
        lists = _name_lists(names)
        persons = [plain(lst.children[index]) for lst in lists for index in _places(lst)]
        whole = "; ".join(map(plain, lists)) if lists else plain(names)
        previous, self.previous = self.previous, persons
        was, self.whole = self.whole, whole
        if self.rule in ("complete-all", "complete-each"):
            if whole == was and whole:
                self._replace_all(names, lists)
        elif not persons and whole == was and whole:
            self._replace_all(names, lists)
        elif previous and persons:
            self._replace_some(lists, persons, previous)

    def _replace_all(self, names: Node, lists: list[Node]) -> None:
        if self.rule == "complete-each" and lists:
            self._replace_places(lists, 10**6)
        elif lists:
            for index, node in enumerate(lists):
                node.children = [self.text] if not index else []
        else:
            names.children = [self.text] if self.text else []

    def _replace_some(self, lists: list[Node], persons: list[str], previous: list[str]) -> None:
        count = 0
        while count < min(len(persons), len(previous)) and persons[count] == previous[count]:
            count += 1
        self._replace_places(lists, min(count, 1) if self.rule == "partial-first" else count)

    def _replace_places(self, lists: list[Node], count: int) -> None:
        for node in lists:
            for index in _places(node):
                if count <= 0:
                    return
                node.children[index] = self.text
                count -= 1


def _name_lists(out: Out) -> list[Node]:
    if isinstance(out, str) or out.dropped:
        return []
    if out.role == "name-list":
        return [out]
    return [node for child in out.children for node in _name_lists(child)]


def _places(node: Node) -> list[int]:
    """Where in the list's children the names are: between them stand delimiters."""
    places = node.data[1] if isinstance(node.data, tuple) and len(node.data) == 2 else ()
    return [index for index in places if index < len(node.children)]
