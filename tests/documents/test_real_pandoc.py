"""The citations of a Markdown text are those that the real Pandoc finds in it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pypandoc
import pytest

from citeworks.documents import scan

TEXTS = [
    "[@a; see @b, p. 3 and *passim*] -@c [-@d] @e [p. 3] @{f} @{https://x.org/a?b=c,d}",
    "me@x.org <me@y.org> \\@no `@no` ``a ` @no`` [x](http://y/@no) ![@a](z.png) [@b]{.mark}",
    "---\ntitle: A [@a]\nnocite: |\n  @b, @c\nabstract: |\n  As @d says.\n---\n\nText @e.",
    "# Title @a {#sec:b}\n\n- @c\n\n      @no\n\n1. @d\n\n   @e\n\n       @no\n\ntext\n    @f\n",
    "> @a\n>\n>     @no\n>\n> ```\n> @no\n> ```\n\n::: {.note}\n@b\n:::\n\n~~~ {.r}\n@no\n~~~",
    "$@no$ costs $5 @a and $6 $$ @no $$ [x]{.c k=\"@no\"} `@no`{=html} \\begin{x}\n@no\n\\end{x}",
    "A[^1] ^[B @a]\n\n[^1]: @b\n\n    @c\n\n        @no\n\nTerm @d\n\n:   @e\n\n        @no",
    "(@good) Example @a\n\nAs (@good) shows.\n\n| x | y |\n|---|---|\n| @b | `@no` |\n\n: Cap @c",
    "<pre>\n@no\n</pre>\n\n<script>\n@no\n</script>\n\n<b>@a</b> <!-- @no -->\n\n[r]: http://x/@no",
    "@a:b.c/d_e #x @f' (@g), @été2020 @日本 @10 @_u “@h”—@i @j--k @l... @m: @n/",
]  # fmt: skip


def _cited(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("t") == "Cite":
            yield from (each["citationId"] for each in node["c"][0])
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from _cited(each)


@pytest.mark.parametrize("text", TEXTS)
def test_keys_are_those_of_pandoc(text: str) -> None:
    command = [pypandoc.get_pandoc_path(), "--from=markdown", "--to=json"]
    made = subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=60)
    ours = {each.key for each in scan(text, "markdown").citations if each.kind == "cite"}
    assert ours == set(_cited(json.loads(made.stdout)))
    assert "no" not in ours
