"""Findings as text: for people, as JSON, as GitHub annotations, as SARIF 2.1.0.

Pure functions of findings. SARIF: OASIS, *Static Analysis Results Interchange Format* 2.1.0.
GitHub: *Workflow commands*, `::warning file=…::message`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from citeworks import __version__
from citeworks.lint.interface import Finding, Rule
from citeworks.lint.rules import RULES
from citeworks.model import Severity
from citeworks.printable import one_line, visible

_WORDS = {Severity.NOTE: "note", Severity.WARNING: "warning", Severity.ERROR: "error"}
_COMMANDS = {Severity.NOTE: "notice", Severity.WARNING: "warning", Severity.ERROR: "error"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def text(findings: Iterable[Finding]) -> Iterator[str]:
    """One line each: place, severity, code, sentence, and ``[*]`` for what `--fix` puts right."""
    for finding in findings:
        yield (
            one_line(
                f"{finding.location}: {_WORDS[finding.rule.severity]}[{finding.rule.code}]: "
                f"{finding.message}{' [*]' if finding.is_fixable else ''}"
            )
            + "\n"
        )


def as_json(findings: Iterable[Finding]) -> Iterator[str]:
    """One object with a list of findings."""
    yield '{\n  "schema": 1,\n  "findings": ['
    between, end = "\n    ", "]\n}\n"
    for finding in findings:
        yield between + _dump(_json_finding(finding)).rstrip().replace("\n", "\n    ")
        between, end = ",\n    ", "\n  ]\n}\n"
    yield end


def _json_finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.rule.code,
        "name": finding.rule.name,
        "severity": _WORDS[finding.rule.severity],
        "message": finding.message,
        "file": finding.location.file,
        "line": finding.location.line,
        "column": finding.location.column,
        "length": finding.length,
        "key": finding.key,
        "fixable": finding.is_fixable,
    }


def github(findings: Iterable[Finding]) -> Iterator[str]:
    """One workflow command each, which GitHub shows beside the line."""
    return map(_annotation, findings)


def sarif(findings: Iterable[Finding], tool: str = "cite lint") -> Iterator[str]:
    """One SARIF log with one run; the rules that were met are described in it.

    They stand before the findings, which are therefore all held until then.
    """
    findings = list(findings)
    rules = {finding.rule.code: finding.rule for finding in findings}
    met = sorted(rules)
    driver = {
        "name": tool,
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_sarif_rule(rules[code]) for code in met],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(finding, met) for finding in findings],
    }
    yield _dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def rules_table() -> str:
    """Every rule with its name, severity, fix and meaning, one line each."""
    return "".join(
        f"{rule.code}  {rule.name:<19}{_WORDS[rule.severity]:<9}{'fix' if rule.fixable else '':<5}"
        f"{rule.summary}\n"
        for rule in sorted(RULES.values(), key=lambda rule: rule.code)
    )


FORMATS: dict[str, Callable[[Iterable[Finding]], Iterator[str]]] = {
    "text": text,
    "json": as_json,
    "github": github,
    "sarif": sarif,
}
"""Every format of a report, which is made piece by piece while the findings are found."""


def _annotation(finding: Finding) -> str:
    place = finding.location
    properties = {
        "file": place.file,
        "line": place.line or 1,
        "col": place.column or 1,
        "endColumn": (place.column or 1) + finding.length,
        "title": f"{finding.rule.code} {finding.rule.name}",
    }
    if "\n" in place.source_line or finding.length > len(place.source_line):
        del properties["endColumn"]
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.rule.severity]} {listed}::{_escape(finding.message)}\n"


def _escape(text: str) -> str:
    lines = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(lines)


def _property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "defaultConfiguration": {"level": _WORDS[rule.severity]},
    }


def _sarif_result(finding: Finding, met: list[str]) -> dict[str, Any]:
    place = finding.location
    region = {"startLine": place.line or 1, "startColumn": place.column or 1}
    if 0 < finding.length <= len(place.source_line) - (place.column or 1) + 1:
        region["endColumn"] = (place.column or 1) + finding.length
    artifact = {"artifactLocation": {"uri": _uri(place.file)}, "region": region}
    result: dict[str, Any] = {
        "ruleId": finding.rule.code,
        "ruleIndex": met.index(finding.rule.code),
        "level": _WORDS[finding.rule.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": artifact}],
    }
    if finding.replacements:
        result["fixes"] = [_sarif_fix(finding)]
    if finding.key:
        result["partialFingerprints"] = {"citationKey/v1": f"{finding.rule.code}:{finding.key}"}
    return result


def _sarif_fix(finding: Finding) -> dict[str, Any]:
    """What `--fix` would put there."""
    replacements = [
        {
            "deletedRegion": {
                "startLine": each.line,
                "startColumn": each.column,
                "endLine": each.end_line,
                "endColumn": each.end_column,
            },
            "insertedContent": {"text": each.text},
        }
        for each in finding.replacements
    ]
    change = {"artifactLocation": {"uri": _uri(finding.location.file)},
              "replacements": replacements}  # fmt: skip
    return {"description": {"text": finding.rule.summary}, "artifactChanges": [change]}


def _uri(file: str) -> str:
    path = PurePath(file or "stdin")
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _dump(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
