"""Run all metadata services by hand, until interrupted."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from .corpus import Corpus, decoys, sample_items, shared_items
from .server import MetadataServer


def main() -> None:
    """Print how to reach the services, then serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument(
        "--catalogue", type=Path, help="conference-papers JSON lines (.gz) to serve"
    )
    parser.add_argument("--papers", type=int, default=3000, help="how many of them")
    options = parser.parse_args()
    items = [*sample_items(), *decoys()]
    if options.catalogue:
        items += shared_items(options.catalogue, options.papers)
    with MetadataServer(Corpus(items), port=options.port) as server:
        for name, value in server.environment.items():
            sys.stdout.write(f"export {name}={value}\n")
        sys.stdout.write(f"# {len(items)} papers at {server.url}; Ctrl-C ends it\n")
        sys.stdout.flush()
        try:
            while True:
                time.sleep(60)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
