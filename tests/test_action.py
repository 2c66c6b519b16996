"""The GitHub Action: its scripts run as a runner runs them, with the program of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests_support import Cite

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}
INSTALL, LOOK = "Install citeworks", "Look at the references"
GOOD = (
    "@book{knuth1984, title = {The Book}, author = {Donald Knuth}, publisher = {A}, year = 1984}\n"
)
BAD = "@misc{bert, title = {Using BERT}, year = 2019}\n"
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


class Ran:
    """What became of a step."""

    def __init__(self, done: subprocess.CompletedProcess[str], outputs: str) -> None:
        self.code, self.text, self.errors = done.returncode, done.stdout, done.stderr
        self.outputs = dict(line.split("=", 1) for line in outputs.splitlines())


def run_step(name: str, folder: Path, home: Mapping[str, str], **inputs: str) -> Ran:
    """Run a step as GitHub's runner does: bash -e on a file, inputs by the environment."""
    values = {key: str(each["default"]) for key, each in ACTION["inputs"].items()} | inputs
    context = {f"inputs.{key}": value for key, value in values.items()}
    context["github.action_path"] = str(ROOT)
    step = STEPS[name]
    files = {each: folder.parent / each for each in ("GITHUB_OUTPUT", "GITHUB_PATH", "RUNNER_TEMP")}
    files["RUNNER_TEMP"].mkdir(exist_ok=True)
    for each in ("GITHUB_OUTPUT", "GITHUB_PATH"):
        files[each].write_text("", encoding="utf-8")
    environment = {
        **home,
        **{each: str(path) for each, path in files.items()},
        **{key: EXPRESSION.sub(lambda m: context[m[1]], text) for key, text in step["env"].items()},
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    script = folder.parent / "script.sh"
    script.write_text(step["run"], encoding="utf-8")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
        cwd=folder, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    return Ran(done, files["GITHUB_OUTPUT"].read_text(encoding="utf-8"))


def test_it_is_a_composite_action_with_every_input_described() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert all(step["shell"] == "bash" for step in STEPS.values())
    assert all(each["description"] and "default" in each for each in ACTION["inputs"].values())
    page = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
    assert [name for name in ACTION["inputs"] if f"| `{name}` |" not in page] == []


def test_nothing_is_pasted_into_a_script() -> None:
    assert [name for name, step in STEPS.items() if "${{" in step["run"]] == []


def test_every_expression_is_an_input_that_exists_or_the_action_itself() -> None:
    known = {f"inputs.{name}" for name in ACTION["inputs"]} | {"github.action_path"}
    used = {
        name
        for step in STEPS.values()
        for text in step["env"].values()
        for name in EXPRESSION.findall(text)
    }
    assert used <= known
    assert {name for name in known if name not in used} == set()


def test_findings_are_annotated_and_fail(folder: Path, home: Mapping[str, str]) -> None:
    (folder / "a folder").mkdir()
    (folder / "a folder" / "bad one.bib").write_text(BAD, encoding="utf-8")
    (folder / "good.bib").write_text(GOOD, encoding="utf-8")
    ran = run_step(LOOK, folder, home, verify="false")
    assert ran.code == 1, ran.errors
    assert "::warning file=a folder/bad one.bib,line=1" in ran.text
    assert ran.outputs == {"lint-exit-code": "1", "verify-exit-code": ""}
    assert run_step(LOOK, folder, home, verify="false", fail="false").code == 0
    assert run_step(LOOK, folder, home, verify="false", ignore="T").code == 0
    assert run_step(LOOK, folder, home, verify="false", select="V,K").code == 0
    assert run_step(LOOK, folder, home, verify="false", files="good.bib").code == 0


def test_references_are_verified(
    cite: Cite, folder: Path, home: Mapping[str, str], listing: Path
) -> None:
    assert cite("catalogue", "build", listing.with_name("catalogue.jsonl")).returncode == 0
    text = cite("export", listing, "--as-of", "2026-06-30", "--format", "bibtex").stdout
    wrong = text.replace("{H}ow {AI} {I}mpacts", "How AI Impacts").replace("2026", "1999")
    assert wrong != text
    (folder / "refs.bib").write_text(wrong, encoding="utf-8")
    ran = run_step(LOOK, folder, home, lint="false", offline="true")
    assert "::error file=refs.bib,line=" in ran.text, ran.errors
    assert (ran.code, ran.outputs["verify-exit-code"]) == (1, "1")


def test_sources_that_are_down_warn_and_do_not_fail(folder: Path, home: Mapping[str, str]) -> None:
    (folder / "good.bib").write_text(GOOD, encoding="utf-8")
    down = {f"CITE_{name}_URL": "http://127.0.0.1:9" for name in ("CROSSREF", "ARXIV", "OPENALEX")}
    off = {
        f"CITE_{name}_URL": "off"
        for name in (
            "DATACITE DOI SEMANTICSCHOLAR DBLP ACL PUBMED OPENREVIEW UNPAYWALL ARXIV_OAI"
        ).split()
    }
    ran = run_step(LOOK, folder, {**home, **down, **off}, lint="false")
    assert (ran.code, ran.outputs["verify-exit-code"]) == (0, "3"), ran.errors
    assert "::warning title=citeworks::" in ran.text


def test_no_file_is_an_error(folder: Path, home: Mapping[str, str]) -> None:
    ran = run_step(LOOK, folder, home)
    assert (ran.code, "::error" in ran.text) == (2, True)


@pytest.mark.parametrize("text", ["$(touch owned)", "`touch owned`", '"; touch owned; "', "-o"])
def test_hostile_inputs_and_names_are_data(
    text: str, folder: Path, home: Mapping[str, str]
) -> None:
    (folder / f"{text}.bib").write_text(GOOD, encoding="utf-8")
    ran = run_step(LOOK, folder, home, verify="false", files="*.bib\n")
    assert ran.code == 0, ran.errors
    ran = run_step(LOOK, folder, home, verify="false", select=text)
    assert ran.code == 2
    assert run_step(LOOK, folder, home, verify="false", files=text).code == 2
    assert not (folder / "owned").exists()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("python3") is None, reason="no python3 here")
def test_it_installs_itself(folder: Path, home: Mapping[str, str]) -> None:
    ran = run_step(INSTALL, folder, home, python=sys.executable)
    assert ran.code == 0, ran.errors
    program = folder.parent / "RUNNER_TEMP" / "citeworks" / "bin" / "cite"
    assert (folder.parent / "GITHUB_PATH").read_text(encoding="utf-8").strip() == str(
        program.parent
    )
    done = subprocess.run([program, "--version"], capture_output=True, text=True)
    assert done.stdout.startswith("cite ")
    page = program.parents[1] / "share" / "man" / "man1" / "cite.1"
    assert page.is_file()
