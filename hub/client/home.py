"""Where our credentials may go: to one host, whatever addresses the partner's answers name."""

from threading import Lock

import httpx

from hub.client.exchange import address
from hub.client.redirect import same_host


class Home:
    """The origin (scheme, host and port) that headers, authentication and certificate are for.

    It is that of the declared base, else that of the first request. The host's own https belongs to it as well.
    """

    def __init__(self, base: str | None = None) -> None:
        self._origin = None if base is None else address(base)
        self._lock = Lock()

    def includes(self, url: httpx.URL) -> bool:
        """Say whether what proves who we are may go along with a request to this address."""
        with self._lock:
            self._origin = self._origin or url
        return same_host(self._origin, url)
