"""Stand-ins for the metadata services: real HTTP on a real socket, one module for each service.

All serve one `Corpus`. By hand: ``python -m tests.servers --port 8099`` prints the variables that
point `cite` at it. In tests the fixture `metadata_server` gives a running `MetadataServer`; its
`environment` holds the same variables, `fault` makes a service fail, `counts` tells what was asked:

::

    metadata_server.fault("arxiv", "429", times=2, retry_after=1)
    metadata_server.fault("crossref", "down")
    metadata_server.heal()
    metadata_server.counts["arxiv"]

The kinds of faults are `KINDS`. By hand, ``POST /_fault?service=arxiv&kind=429&times=2`` and
``POST /_heal`` do the same, and ``GET /_counts`` and ``GET /_log`` tell what was asked.
"""

from .corpus import Corpus, decoys, sample_items, shared_items
from .server import KINDS, SERVICES, Asked, Fault, MetadataServer

__all__ = [
    "KINDS",
    "SERVICES",
    "Asked",
    "Corpus",
    "Fault",
    "MetadataServer",
    "decoys",
    "sample_items",
    "shared_items",
]
