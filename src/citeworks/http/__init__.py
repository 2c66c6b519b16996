"""One way to ask a service over HTTP: identity, pacing, retries, limits, and a cache on disk.

A `Client` holds what a run needs; `Service` says how one service is to be treated; `Request` and
`Response` are values. Refuses to know what any service's answers mean.
"""

from citeworks.http.client import Client, read
from citeworks.http.interface import Limits, Request, Response, Service

__all__ = ["Client", "Limits", "Request", "Response", "Service", "read"]
