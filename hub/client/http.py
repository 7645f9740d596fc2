"""The one door to a partner: bounded in time and size, retrying what is worth it, archiving what comes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

import orjson
from pydantic import JsonValue

from hub.adapter import Rate
from hub.client.answer import PartnerAnswer
from hub.client.deadline import Deadline, bounded, stoppable
from hub.client.document import ArchivedDocument, name_of
from hub.client.exchange import Asked, address
from hub.client.identity import Identity
from hub.client.parallel import map_in_order
from hub.client.retry import Persistence
from hub.client.terms import Terms
from hub.client.verdict import judge
from hub.client.wire import Received, Wire

JSON_TYPE = {"Content-Type": "application/json"}

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class PartnerClient:
    """Asks a partner, as the same one each time. Safe to use from several threads.

    Args:
        terms: what all clients of the run share.
        identity: who we are to the partner; by default nobody.
        rate: how often the partner may be asked.
    """

    def __init__(self, terms: Terms, identity: Identity | None = None, *, rate: Rate | None = None) -> None:
        self._terms = terms
        self._identity = identity or Identity(terms.tokens)
        self._wire = Wire(terms, self._identity.certificate, rate=rate)

    def get(self, url: str, *, params: Mapping[str, str] | None = None) -> PartnerAnswer:
        """GET; an answer of 400 or above raises the SourceError that fits, except 404, which is returned."""
        asked = Asked("GET", address(url, params), self._terms.limits.body_bytes)
        return self._answer(asked)

    def post(self, url: str, *, json: JsonValue = None, params: Mapping[str, str] | None = None) -> PartnerAnswer:
        """POST a JSON body, or none; errors as in `get`. Repeated like a GET, since partners' POSTs are queries."""
        content = None if json is None else orjson.dumps(json)
        headers = {} if content is None else JSON_TYPE
        return self._answer(Asked("POST", address(url, params), self._terms.limits.body_bytes, headers, content))

    def download(self, url: str) -> ArchivedDocument:
        """GET a file of any size into the archive; errors as in `get`, 404 included."""
        limits = self._terms.limits
        asked = Asked("GET", address(url), limits.file_bytes, file=True)
        received = self._ask(asked, limits.file_seconds)
        entry = received.entry
        name = name_of(received.url, received.headers)
        return ArchivedDocument(name, entry.size, entry.digest, self._terms.archive, proof="the download complete")

    def map(
        self, function: Callable[[ItemT], ResultT], items: Iterable[ItemT], *, at_once: int = 4
    ) -> Iterator[ResultT]:
        """Yield function(item) for each item, in order, at most this many at once."""
        return map_in_order(function, items, at_once=at_once)

    def close(self) -> None:
        """Close all connections."""
        self._wire.close()

    def _answer(self, asked: Asked) -> PartnerAnswer:
        received = self._ask(asked, self._terms.limits.request_seconds)
        return PartnerAnswer(
            received.status, received.headers, received.body.whole(), asked.where, received.entry.digest
        )

    def _ask(self, asked: Asked, seconds: float) -> Received:
        deadline = Deadline(seconds, within=self._terms.run)
        with bounded(deadline), stoppable(self._terms.stop), self._terms.request(asked) as limits:
            persistence = Persistence(limits, deadline=deadline, run=self._terms.run, sleep=self._terms.sleep)
            return persistence(lambda: self._attempt(asked))

    def _attempt(self, asked: Asked) -> Received:
        received = self._identity.send(asked, self._wire.exchange)
        judge(asked, received.status, received.headers)
        return received
