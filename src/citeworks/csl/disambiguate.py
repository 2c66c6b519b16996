"""Makes cites that look alike differ: names, given names, conditions, year suffixes.

Works on groups of equal texts only, so its cost grows with the list and not with its square.
Knows the options of `cs:citation`; refuses to know how a cite is rendered (it is given that).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from citeworks.csl.context import Choice
from citeworks.csl.names import NameOptions, render_name
from citeworks.csl.output import plain
from citeworks.csl.style import Area
from citeworks.model.name import Name

People = list[tuple[NameOptions, Name, int]]
GlobalLevels = dict[tuple[object, Name], int]


class Entry:
    """One item as its cite looks now."""

    __slots__ = ("choice", "conditions", "hidden", "id", "key", "names", "people", "rank")

    def __init__(self, identifier: str) -> None:
        self.id = identifier
        self.choice = Choice()
        self.key = ""
        self.people: People = []
        self.names: tuple[Name, ...] = ()
        self.hidden = 0
        self.conditions = 0
        self.rank = 0


Render = Callable[[Entry], None]
Group = list[Entry]


class Disambiguator:
    """Runs the methods a style asks for, in the specification's order."""

    def __init__(self, area: Area, entries: list[Entry], render: Render, *, conditions: bool):
        self.entries = entries
        self.render = render
        self.add_names = area.flag("disambiguate-add-names")
        self.add_given = area.flag("disambiguate-add-givenname")
        self.add_suffix = area.flag("disambiguate-add-year-suffix")
        self.conditions = conditions
        rule = area.attributes.get("givenname-disambiguation-rule", "by-cite")
        self.primary_only = rule.startswith("primary-name")
        self.by_cite = self.add_given and rule == "by-cite"
        self.with_initials = rule.endswith("with-initials")
        self.levels: GlobalLevels = {}
        self._alike: dict[tuple[object, str], dict[Name, NameOptions]] = {}
        self._holders: dict[tuple[object, Name], list[Entry]] = {}

    @property
    def is_needed(self) -> bool:
        """True if the style asks for any method."""
        return self.add_names or self.add_given or self.add_suffix or self.conditions

    def run(self) -> None:
        """Settle the choice of every entry."""
        for entry in self.entries:
            self.render(entry)
        if self.add_given and not self.by_cite:
            self._expand_globally(self.entries)
        for group in self._clashes(self.entries):
            self._separate(group)
        if self.add_names and self.add_given and not self.by_cite:
            self._expand_globally(self.entries)
        if self.conditions:
            for group in self._clashes(self.entries):
                self._apply_conditions(group)
        if self.add_suffix:
            for group in self._clashes(self.entries):
                self._number(group)

    def given_shown(self, entry: Entry) -> dict[Name, int] | None:
        """How much of the given names of an entry its cite shows, where that is more than usual."""
        found: dict[Name, int] = {}
        for options, name, place in entry.people:
            level = entry.choice.levels.get(place, 0)
            if self.levels and (place == 0 or not self.primary_only):
                level = max(level, self.levels.get((options.key, name), 0))
            if level:
                found[name] = options.shown_at(level)
        return found or None

    @staticmethod
    def _clashes(entries: Iterable[Entry]) -> list[Group]:
        groups: dict[str, Group] = {}
        for entry in entries:
            groups.setdefault(entry.key, []).append(entry)
        return [group for group in groups.values() if len(group) > 1]

    def _rendered(self, group: Group) -> list[Group]:
        for entry in group:
            self.render(entry)
        return self._clashes(group)

    def _separate(self, group: Group) -> None:
        """Expand given names and add names until nothing more can be told apart."""
        work = [group]
        while work:
            current = work.pop()
            left = self._expand_given(current) if self.by_cite else [current]
            for rest in left:
                if self.add_names and self._add_name(rest):
                    clashes = self._rendered(rest)
                    if clashes and self.add_given and not self.by_cite:
                        self._expand_globally(rest)
                        clashes = self._rendered(rest)
                    work.extend(clashes)

    def _add_name(self, group: Group) -> bool:
        """Show names up to the first that differs; False if that cannot help."""
        if len({entry.names for entry in group}) == 1:
            return False
        if not any(entry.hidden for entry in group):
            return False
        least = min(len(entry.names) - entry.hidden for entry in group)
        longest = max(len(entry.names) for entry in group)
        step = 1
        while least + step < longest:
            shown = {entry.names[least : least + step] for entry in group}
            whole = {len(entry.names) <= least + step for entry in group}
            if len(shown) > 1 or len(whole) > 1:
                break
            step += 1
        for entry in group:
            entry.choice.names += step
        return True

    def _expand_given(self, group: Group) -> list[Group]:
        """Expand the names at each place as long as it tells cites apart; what is left."""
        work, left = [(group, 0)], []
        while work:
            current, index = work.pop()
            places = [person[2] for person in current[0].people]
            if index >= len(places):
                left.append(current)
            elif self._raise_level(current, index):
                work.extend((clash, index) for clash in self._rendered(current))
            else:
                work.append((current, index + 1))
        return left

    def _raise_level(self, group: Group, index: int) -> bool:
        people = [entry.people[index] for entry in group if index < len(entry.people)]
        if len({self._finest(person) for person in people}) < 2:
            return False
        changed = False
        for entry in group:
            if index < len(entry.people):
                options, _, place = entry.people[index]
                level = entry.choice.levels.get(place, 0)
                if level < options.top_level(self.with_initials):
                    entry.choice.levels[place] = level + 1
                    changed = True
        return changed

    def _finest(self, person: tuple[NameOptions, Name, int]) -> str:
        options, name, _ = person
        top = options.top_level(self.with_initials)
        return _bare(plain(render_name(name, options, top, False)))

    def _expand_globally(self, entries: list[Entry]) -> None:
        """Expand names that look alike, wherever they are shown; `entries` show new ones."""
        found: GlobalLevels = {}
        for mark in self._meet(entries):
            if len(self._alike[mark]) > 1:
                self._level_names(self._alike[mark], found)
        changed = [each for each, level in found.items() if self.levels.get(each) != level]
        self.levels.update(found)
        touched = {entry.id: entry for each in changed for entry in self._holders[each]}
        for entry in touched.values():
            self.render(entry)

    def _meet(self, entries: list[Entry]) -> dict[tuple[object, str], None]:
        """Remember who shows which name; the marks under which a new name looks like others."""
        marks: dict[tuple[object, str], None] = {}
        for entry in entries:
            people = entry.people[:1] if self.primary_only else entry.people
            for options, name, _ in people:
                shown = (options.key, name)
                if shown not in self._holders:
                    mark = (options.key, plain(render_name(name, options, 0, False)))
                    self._alike.setdefault(mark, {})[name] = options
                    marks[mark] = None
                holders = self._holders.setdefault(shown, [])
                if not holders or holders[-1] is not entry:
                    holders.append(entry)
        return marks

    def _level_names(self, names: dict[Name, NameOptions], found: GlobalLevels) -> None:
        options = next(iter(names.values()))
        top = options.top_level(self.with_initials)
        finest: dict[str, list[Name]] = {}
        for name in names:
            text = _bare(plain(render_name(name, options, top, False)))
            finest.setdefault(text, []).append(name)
        if len(finest) < 2:
            return
        found.update(
            ((options.key, name), level)
            for name, level in self._least_levels(finest, options, top).items()
        )

    @staticmethod
    def _least_levels(
        finest: dict[str, list[Name]], options: NameOptions, top: int
    ) -> dict[Name, int]:
        """For each name the first level at which it looks like no other."""
        levels = {name: top for names in finest.values() for name in names}
        for level in range(top - 1, 0, -1):
            alike: dict[str, set[str]] = {}
            for text, names in finest.items():
                for name in names:
                    shown = plain(render_name(name, options, level, False))
                    alike.setdefault(shown, set()).add(text)
            for names in finest.values():
                for name in names:
                    if len(alike[plain(render_name(name, options, level, False))]) == 1:
                        levels[name] = level
        return levels

    def _apply_conditions(self, group: Group) -> None:
        work = [group]
        while work:
            current = work.pop()
            able = [entry for entry in current if entry.choice.conditions < entry.conditions]
            if not able:
                continue
            for entry in able:
                entry.choice.conditions += 1
            work.extend(self._rendered(current))

    def _number(self, group: Group) -> None:
        for number, entry in enumerate(sorted(group, key=lambda entry: entry.rank), 1):
            entry.choice.suffix = number


def _bare(text: str) -> str:
    """A name without what initials may or may not be written with."""
    return text.replace(" ", "").replace(".", "")
