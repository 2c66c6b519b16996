"""Reports: what programs read is well-formed whatever the findings say."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks.bibtex import loads
from citeworks.lint import RULES, Finding, check_document, fix_document, reports
from citeworks.lint.reports import rules_table
from citeworks.model import Location

ODD = "100%: a,b\r\n::error::<&> ü \u202e\x1b[2J"
PLACE = Location("a b,c:%ü.bib", 3, 5, "  title = {DNA},")
FINDINGS = st.builds(
    Finding,
    st.sampled_from(list(RULES.values())),
    st.text(max_size=20),
    st.builds(
        Location, st.text(max_size=8), st.integers(0, 9), st.integers(0, 9), st.text(max_size=9)
    ),
    st.integers(0, 20),
    st.text(max_size=5),
)


def report(name: str, findings: list[Finding]) -> str:
    return "".join(reports.FORMATS[name](findings))


def finding(code: str = "T101", message: str = ODD, length: int = 3) -> Finding:
    return Finding(RULES[code], message, PLACE, length, "smith2020")


def test_text_is_one_line_that_steers_no_terminal() -> None:
    line = report("text", [finding()])
    assert line.startswith("a b,c:%ü.bib:3:5: warning[T101]: 100%: a,b")
    assert line.count("\n") == 1
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", line)


def test_json_says_all_of_a_finding() -> None:
    [found] = json.loads(report("json", [finding()]))["findings"]
    assert found == {
        "code": "T101",
        "name": "bare-acronym",
        "severity": "warning",
        "message": ODD,
        "file": PLACE.file,
        "line": 3,
        "column": 5,
        "length": 3,
        "key": "smith2020",
        "fixable": False,
    }


def test_github_annotation_is_escaped() -> None:
    line = report("github", [finding()])
    assert line == (
        "::warning file=a b%2Cc%3A%25ü.bib,line=3,col=5,endColumn=8,"
        "title=T101 bare-acronym::100%25: a,b%0D%0A::error::<&> ü \ufffd␛[2J\n"
    )
    assert report("github", [finding("B003")]).startswith("::error ")
    assert report("github", [finding("T105")]).startswith("::notice ")


def test_sarif_has_the_required_structure() -> None:
    log = json.loads(report("sarif", [finding(), finding("B003", length=0), finding("T105")]))
    check_sarif(log)
    [run] = log["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["B003", "T101", "T105"]
    first = run["results"][0]
    region = first["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 3, "startColumn": 5, "endColumn": 8}
    uri = first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%20b%2Cc%3A%25%C3%BC.bib"
    assert [result["level"] for result in run["results"]] == ["warning", "error", "note"]


def check_sarif(log: Any) -> None:
    """What the schema of SARIF 2.1.0 requires of a log like ours (sections 3.13 to 3.30)."""
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    assert log.keys() <= {"$schema", "version", "runs"}
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        assert isinstance(driver["name"], str)
        assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
        ids = [rule["id"] for rule in driver["rules"]]
        assert len(set(ids)) == len(ids)
        for result in run["results"]:
            assert isinstance(result["message"]["text"], str)
            assert result["level"] in ("none", "note", "warning", "error")
            assert ids[result["ruleIndex"]] == result["ruleId"]
            for location in result["locations"]:
                place = location["physicalLocation"]
                assert re.fullmatch(r"[!-~]*", place["artifactLocation"]["uri"])
                region = place["region"]
                assert min(region.values()) >= 1
                assert region.get("endColumn", 99) > region["startColumn"]


@given(st.lists(FINDINGS, max_size=4))
def test_any_finding_can_be_reported(found: list[Finding]) -> None:
    for name in reports.FORMATS:
        printed = report(name, found)
        printed.encode("utf-8", "backslashreplace")
        if name in ("json", "sarif"):
            log = json.loads(printed)
            if name == "sarif":
                check_sarif(log)
        else:
            assert printed.count("\n") == len(found)


@pytest.mark.parametrize("code", sorted(RULES))
def test_the_table_of_rules_lists_it(code: str) -> None:
    assert re.search(rf"^{code}  {RULES[code].name} .*{re.escape(RULES[code].summary)}$",
                     rules_table(), re.MULTILINE)  # fmt: skip


def test_sarif_holds_what_fix_would_do() -> None:
    text = "@misc{a, title={Uses of BERT and\n GPT4}, pages={1-9},\n doi={doi:10.1000/182}}"
    document = loads(text.encode(), file="x.bib")
    results = json.loads(report("sarif", check_document(document)))["runs"][0]["results"]
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    edits = []
    for result in results:
        for fix in result.get("fixes", []):
            [change] = fix["artifactChanges"]
            assert change["artifactLocation"] == {"uri": "x.bib"}
            for each in change["replacements"]:
                region = each["deletedRegion"]
                start = starts[region["startLine"] - 1] + region["startColumn"] - 1
                end = starts[region["endLine"] - 1] + region["endColumn"] - 1
                edits.append((start, end, each["insertedContent"]["text"]))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    assert text == fix_document(document, check_document)[0].text
    assert "{BERT}" in text
    assert "{GPT4}" in text
    assert "{1--9}" in text
