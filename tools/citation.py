"""What the project says of itself, as CSL-JSON: ``python -m tools.citation``.

``make citation`` hands it to ``cite export --format cff``, which makes `CITATION.cff` of it. The
version and the description are those of the package.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from citeworks import __version__

ROOT = Path(__file__).parents[1]


def item() -> dict[str, Any]:
    """The project as one CSL item."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "id": project["name"],
        "type": "software",
        "title": f"{project['name']}: a reference-manager integration and citation toolkit",
        "author": [{"literal": "the citeworks authors"}],
        "version": __version__,
        "license": project["license"],
        "abstract": project["description"],
        "keyword": "; ".join(project["keywords"]),
    }


if __name__ == "__main__":
    json.dump([item()], sys.stdout, indent=2)
