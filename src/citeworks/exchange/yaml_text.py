"""YAML from outside as plain values, and plain values as YAML; the only module that sees `yaml`.

Knows maps, lists, texts, whole numbers and booleans. Refuses tags and objects, aliases that grow
or bite their tails, and deep nesting; a date or a decimal stays the text that it is written as.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from citeworks.errors import InputError, Location

_MAX_DEPTH = 100
_MAX_GROWTH = 10
_FREE_NODES = 10_000
_SURROGATE = re.compile("[\ud800-\udfff]")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _PlainLoader(_Loader):  # type: ignore[misc]
    """A safe loader that takes nothing but whole numbers, booleans and null for more than text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own name and shape

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """A map; a key that stands twice is an error, a key that is no text becomes one."""
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            name = key if isinstance(key, str) else str(key)
            if name in mapping:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {name[:60]!r} stands twice", key_node.start_mark
                )
            mapping[name] = self.construct_object(value_node, deep=True)
        return mapping


_PlainLoader.add_constructor(
    "tag:yaml.org,2002:map", lambda loader, node: loader.construct_mapping(node)
)
for _tag, _pattern, _first in (
    ("int", r"-?(?:0|[1-9]\d{0,17})\Z", "-0123456789"),
    ("bool", r"(?:true|false|True|False)\Z", "tfTF"),
    ("null", r"(?:~|null|Null|NULL|)\Z", ["~", "n", "N", ""]),
):
    _PlainLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(_pattern, re.ASCII), list(_first)
    )


def load_yaml(text: str, file: str = "") -> Any:
    """The value of the first document. Raises InputError with the place."""
    try:
        _check_bounds(text, file)
        return next(iter(yaml.load_all(text, Loader=_PlainLoader)), None)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"not valid YAML: {error.problem or error.context or 'broken'}"
        raise _error(message, file, mark) from error
    except yaml.YAMLError as error:
        raise _error(f"not valid YAML: {_said(error)}", file, None) from error
    except (RecursionError, ValueError) as error:
        raise _error(f"not valid YAML: {type(error).__name__}", file, None) from error


def dump_yaml(value: Any) -> str:
    """The value in block style, keys in their order, Unicode as it is."""
    text: str = yaml.dump(
        _clean(value), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000
    )
    return text


def _check_bounds(text: str, file: str) -> None:
    """Walk through the events, counting what aliases would grow to."""
    sizes: dict[str, int] = {}
    stack: list[tuple[str, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=_Loader):
        anchor = getattr(event, "anchor", None) or ""
        size = 0
        if isinstance(event, yaml.AliasEvent):
            if any(anchor == name for name, _ in stack):
                raise _error("an alias inside of what it stands for", file, event.start_mark)
            size = sizes.get(anchor, 1)
        elif isinstance(event, yaml.ScalarEvent):
            size = sizes[anchor] = 1
        elif isinstance(event, yaml.CollectionStartEvent):
            stack.append((anchor, 1))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, size = stack.pop()
            sizes[anchor] = size
        if size and stack:
            stack[-1] = (stack[-1][0], stack[-1][1] + size)
        total = max(total, size)
        if len(stack) > _MAX_DEPTH:
            raise _error("the YAML is nested too deeply", file, event.start_mark)
        if total > _FREE_NODES + _MAX_GROWTH * len(text):
            raise _error("the aliases of the YAML grow too large", file, event.start_mark)


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:100]


def _error(message: str, file: str, mark: Any) -> InputError:
    place = Location(file, mark.line + 1, mark.column + 1) if mark else Location(file, 1)
    return InputError(message, location=place, code="X001")


def _clean(value: Any) -> Any:
    """The value without lone surrogates, which YAML cannot write."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_clean(key): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value
