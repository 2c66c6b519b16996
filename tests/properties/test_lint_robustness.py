"""Whatever stands in a field, `cite lint` says something or nothing, and fixes break nothing."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citeworks.bibtex import loads
from citeworks.lint import check_document, fix_document
from citeworks.lint.requirements import FIELDS

PIECES = st.sampled_from(
    ["-", "--", "1", "10", "\u0661", "A.", " and ", ",", ";", "&", "%", "$", "\\a",
     "\\'e", "et al.",
     "10.1000/x", "https://doi.org/", "arXiv:2306.16388", "{B}", "{{", "}}", "DNA", "&amp;", "June",
     "Ã¼", "\ufffd", "<i>", " ", "\n", "@book{", "=", "#", "0", "?", "url", "é", "X"]
) | st.text(max_size=6)  # fmt: skip
VALUES = st.lists(PIECES, max_size=8).map("".join)
NAMED = st.sampled_from(sorted(FIELDS)) | st.sampled_from(
    "author title pages doi url month year date eprint isbn issn journal".split()
)


@settings(max_examples=300, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(st.tuples(NAMED, VALUES, st.sampled_from(["{}", '""'])), max_size=5))
def test_any_value_is_looked_at_and_fixes_keep_the_rest(
    fields: list[tuple[str, str, str]],
) -> None:
    body = ",\n".join(f"{name} = {marks[0]}{value}{marks[1]}" for name, value, marks in fields)
    document = loads(f"@article{{key,\n{body}\n}}\n% the end\n")
    for finding in check_document(document):
        assert 1 <= finding.location.line <= document.text.count("\n") + 1
    fixed, _ = fix_document(document, check_document)
    assert [block.kind for block in fixed.blocks] == [block.kind for block in document.blocks]
    assert fixed.text.endswith("% the end\n")
    assert fix_document(fixed, check_document)[1] == 0
