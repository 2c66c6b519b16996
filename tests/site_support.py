"""Records for the tests of publication pages, hostile ones among them."""

from __future__ import annotations

from typing import Any

from citeworks.csl_json import record_from_item
from citeworks.model import Record

HOSTILE = """</script><script>alert(1)</script>"'><img src=x onerror=alert(2)>]]>&amp;"""


def record(key: str = "smith2020", **variables: Any) -> Record:
    """A record made from CSL-JSON; underscores in names become hyphens."""
    item = {name.replace("_", "-"): value for name, value in variables.items()}
    return record_from_item(
        {
            "id": key,
            "type": "article-journal",
            "title": "A Title",
            "author": [{"family": "Smith", "given": "Ann B."}, {"family": "Doe", "given": "Joe"}],
            "issued": {"date-parts": [[2020, 3, 4]]},
            **item,
        }
    )


def hostile_record() -> Record:
    """A record in which every text tries to break out of the page."""
    return record(
        'a/../b"<i>',
        title=HOSTILE,
        author=[{"literal": HOSTILE}, {"family": HOSTILE, "given": HOSTILE}],
        container_title=HOSTILE,
        abstract=HOSTILE,
        publisher=HOSTILE,
        volume=HOSTILE,
        URL="javascript:alert(3)",
        DOI='10.1000/"><script>alert(4)</script>',
        custom={
            "bibtex": {
                "fields": {
                    "pdf": "{javascript:alert(5)}",
                    "code": "{data:text/html,x}",
                    "video": "{../../etc/passwd}",
                    "award": "{" + HOSTILE + "}",
                    "selected": "{true}",
                }
            }
        },
    )


def many(count: int) -> list[Record]:
    """Plain records, spread over years, types and venues."""
    kinds = ("article-journal", "paper-conference", "book", "article", "thesis")
    return [
        record(
            f"paper{number:05d}",
            type=kinds[number % len(kinds)],
            title=f"Paper number {number} on {'graphs' if number % 2 else 'trees'}",
            container_title=f"Journal {number % 7}",
            abstract="A sentence that says what was done. " * 12,
            issued={"date-parts": [[1990 + number % 30, 1 + number % 12]]},
            DOI=f"10.1000/{number}",
        )
        for number in range(count)
    ]
