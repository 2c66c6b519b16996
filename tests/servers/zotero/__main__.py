"""Run the stand-in by hand, with one user, a key and groups of theirs, until interrupted."""

from __future__ import annotations

import argparse
import sys
import time

from .faults import slow
from .server import ZoteroServer

USER, GROUPS = 1, "42"


def main() -> None:
    """Print how to reach the server, then serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers.zotero", description=__doc__)
    parser.add_argument("--port", type=int, default=8098)
    parser.add_argument("--local", action="store_true", help="be the desktop client's local API")
    parser.add_argument("--shared-versions", action="store_true", help="one version a request")
    parser.add_argument("--faults", type=float, default=0, help="share of requests that fail")
    parser.add_argument("--delay", type=float, default=0, help="seconds that each write takes")
    parser.add_argument("--seed", type=int, default=0, help="seed of the faults")
    parser.add_argument("--groups", default=GROUPS, help="numbers of groups, by commas")
    options = parser.parse_args()
    with ZoteroServer(
        port=options.port, local=options.local, shared_versions=options.shared_versions
    ) as server:
        key = server.add_user(USER, "someone")
        for number in options.groups.split(","):
            server.add_group(int(number), owner=USER)
        if options.faults:
            server.faults.by_chance(options.faults, options.seed)
        if options.delay:
            server.faults.always(slow(options.delay), match="^POST")
        sys.stdout.write(f"export CITE_ZOTERO_URL={server.url} CITE_ZOTERO_API_KEY={key}\n")
        sys.stdout.write(f"# user {USER}, groups {options.groups}; Ctrl-C ends it\n")
        sys.stdout.flush()
        try:
            while True:
                time.sleep(60)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
