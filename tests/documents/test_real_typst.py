"""The citations of a Typst source are those that the real Typst makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typst

from citeworks.workflows.project import read_project

MAIN = r"""#import "lib.typ": helper
#set heading(numbering: "1.")
#set math.equation(numbering: "(1)")
#let mail = ("x@no.org", "@no")
= Intro <intro>
See @a and @b[p. 3], Smith@c, @intro, @eq, #cite(<d>), #cite(<e>, supplement: [p. 2], form: "prose")
#cite(label("f/g")) $ x = 1 $ <eq> // @no
/* @no /* @no */ @no */ `@no` ```typ @no ``` me\@no.org https://x.org/@no
#link("https://y.org/@no")[@h] "@i" (@j) @k, @l. *@m* @n-o @p_q @r:s @t.u [@v]
#let f(k) = cite(k)
#f(<w>)
#figure([A], caption: [Cap @x]) <fig>
@fig @fig[Figure] #raw("@no") #"@no" #text("@no") "@aa"
#ref(<intro>) #ref(<y>) #footnote[@z] <foot> @foot
#include "part.typ"
#for k in (1, 2) [@ab "@ac"] "@ad"
#{ [@ae]; cite(<af>) }
#helper[@ag] @été @日本 #metadata("@no") <meta>
#bibliography("refs.bib")
"""
KEYS = """a b c d e f/g h i j k l m n-o p_q r:s t.u v w x y z aa ab ac ad ae af ag été 日本 lib part
no""".split()


def test_keys_are_those_of_typst(tmp_path: Path) -> None:
    (tmp_path / "main.typ").write_text(MAIN, encoding="utf-8")
    (tmp_path / "lib.typ").write_text("#let helper(body) = [#body @lib]")
    (tmp_path / "part.typ").write_text("Part @part and @two, @fig\n= Two <two>")
    entry = "@misc{%s, title={T}, author={A}, date={2020}}\n"
    (tmp_path / "refs.bib").write_text("".join(entry % key for key in KEYS), encoding="utf-8")
    made = json.loads(typst.query(str(tmp_path / "main.typ"), "cite"))
    theirs = {each["key"].removeprefix("<").removesuffix(">") for each in made}
    theirs = {key.removeprefix('label("').removesuffix('")') for key in theirs}
    project = read_project([tmp_path / "main.typ"])
    ours = {citation.key for _, citation in project.cited()} | project.perhaps_cited()
    assert ours == theirs
    assert "no" not in ours


@pytest.mark.parametrize("text", ["As me@no.org says", "#ref(<no>)"])
def test_what_typst_takes_for_a_reference_is_one(text: str, tmp_path: Path) -> None:
    (tmp_path / "main.typ").write_text(text)
    with pytest.raises(RuntimeError, match="does not exist"):
        typst.compile(str(tmp_path / "main.typ"))
    assert len(list(read_project([tmp_path / "main.typ"]).cited())) == 1
