"""What a site lets programs do: its robots.txt (RFC 9309), read once a day."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from protego import Protego

KEPT_SECONDS = 24 * 3600.0
UNREACHABLE_SECONDS = 3600.0
MOST_BYTES = 500 * 1024
MOST_HOSTS = 5000
_SHUT = "User-agent: *\nDisallow: /\n"


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site says, until when it is believed (in seconds of the clock), and whether it could be read."""

    said: Protego
    until: float
    readable: bool = True


class Robots:
    """The rules of the sites that were met; safe to use from several threads.

    Args:
        name: the name that the rules are for, such as ``schakel``.
        clock: seconds.
    """

    def __init__(self, name: str, clock: Callable[[], float]) -> None:
        self._name = name
        self._clock = clock
        self._lock = Lock()
        self._known: dict[str, Rules] = {}

    def known(self, site: str) -> bool:
        """Say whether the rules of a site are known and fresh."""
        with self._lock:
            rules = self._known.get(site)
        return rules is not None and self._clock() < rules.until

    def learn(self, site: str, status: int | None, body: bytes) -> None:
        """Take in the answer to the question for robots.txt: None stands for no answer.

        One that is not there allows everything (4xx); a site that cannot answer (5xx, 429, none) nothing for a while.
        """
        now = self._clock()
        if status is not None and 200 <= status < 300:
            rules = Rules(Protego.parse(body[:MOST_BYTES].decode("utf-8", "replace")), now + KEPT_SECONDS)
        elif status is not None and status < 500 and status != 429:
            rules = Rules(Protego.parse(""), now + KEPT_SECONDS)
        else:
            rules = Rules(Protego.parse(_SHUT), now + UNREACHABLE_SECONDS, readable=False)
        with self._lock:
            if len(self._known) >= MOST_HOSTS:
                del self._known[next(iter(self._known))]
            self._known[site] = rules

    def refusal(self, site: str, url: str) -> str | None:
        """Return why an address may not be asked for; None where it may. The rules of its site must be known."""
        with self._lock:
            rules = self._known[site]
        if rules.said.can_fetch(url, self._name):
            return None
        return "robots" if rules.readable else "robots.txt cannot be read"

    def delay(self, site: str) -> float | None:
        """Return the seconds that a site wants between two requests."""
        with self._lock:
            return self._known[site].said.crawl_delay(self._name)
