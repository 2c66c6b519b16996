"""What citeworks brings along when it is installed: a bill of materials, and a page of licences.

``python -m tools.dependencies sbom`` prints a CycloneDX 1.6 document of the environment it runs in,
``python -m tools.dependencies page`` the manual's page of dependencies and licences. Both are made
from the metadata that the installed packages carry; extras are left out.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, distribution
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "citeworks"
NAMESPACE = uuid.UUID("b8a39a0c-1f0c-5d6e-9c55-0d7f3c2f6a11")
_OSI = "License :: OSI Approved :: "
_UNSURE = "see the package"

HEAD = """# Dependencies and their licences

What `pip install citeworks` brings along, with the licence that each package states of itself.
`make licences` makes this page from the metadata of the installed packages, and the tests compare
them; `make sbom` writes the same, with versions, as a CycloneDX bill of materials. citeworks itself
is under the MIT licence.

| package | licence | asked for by |
|---|---|---|
"""


def requirements(package: Distribution) -> Iterator[str]:
    """The names that a package requires here, without extras."""
    for line in package.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def closure(root: str = PROJECT) -> dict[str, list[str]]:
    """Every package that the root needs, itself included, with what each requires; sorted."""
    graph: dict[str, list[str]] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name not in graph:
            graph[name] = sorted(set(requirements(distribution(name))))
            waiting += graph[name]
    return dict(sorted(graph.items()))


def licence(package: Distribution) -> str:
    """The licence that a package states: an SPDX expression, else its classifier's words."""
    if expression := stated(package, "License-Expression"):
        return expression[0]
    classified = [line.removeprefix(_OSI) for line in stated(package, "Classifier")]
    named = [line for line in classified if "::" not in line and _is_licence(line)]
    text = " ".join(stated(package, "License")).strip()
    if text and len(text) < 60 and "\n" not in text:
        return text
    return " and ".join(named) or _UNSURE


def stated(package: Distribution, field: str) -> list[str]:
    """All values of a field of the package's metadata."""
    return package.metadata.get_all(field) or []


def _is_licence(line: str) -> bool:
    return "License" in line or line in ("MIT", "Apache Software License")


def bill_of_materials(graph: Mapping[str, list[str]]) -> dict[str, Any]:
    """The CycloneDX document; the same environment gives the same bytes."""
    references = {name: _reference(name) for name in graph}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, ' '.join(sorted(references.values())))}",
        "version": 1,
        "metadata": {"component": _component(PROJECT, "application")},
        "components": [_component(name, "library") for name in graph if name != PROJECT],
        "dependencies": [
            {"ref": references[name], "dependsOn": sorted(references[each] for each in needed)}
            for name, needed in graph.items()
        ],
    }


def _reference(name: str) -> str:
    return f"pkg:pypi/{name}@{distribution(name).version}"


def _component(name: str, kind: str) -> dict[str, Any]:
    package = distribution(name)
    text = licence(package)
    is_expression = bool(stated(package, "License-Expression"))
    given = {"expression": text} if is_expression else {"license": {"name": text}}
    return {
        "type": kind,
        "bom-ref": _reference(name),
        "name": name,
        "version": package.version,
        "purl": _reference(name),
        "licenses": [given],
    }


def page(graph: Mapping[str, list[str]]) -> str:
    """The manual's page: a row for every package."""
    rows = []
    for name in graph:
        if name != PROJECT:
            users = [user for user, needed in graph.items() if name in needed]
            rows.append(f"| `{name}` | {licence(distribution(name))} | {', '.join(users)} |\n")
    return HEAD + "".join(rows)


def main(arguments: list[str]) -> int:
    """Print what is asked for."""
    graph = closure()
    if arguments == ["sbom"]:
        json.dump(bill_of_materials(graph), sys.stdout, indent=2)
        sys.stdout.write("\n")
    elif arguments == ["page"]:
        sys.stdout.write(page(graph))
    else:
        sys.stderr.write(__doc__ or "")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
