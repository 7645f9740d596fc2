"""The one door to a partner: bounded in time and size, retrying what is worth it, archiving what comes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

import orjson
from pydantic import JsonValue

from hub.adapter import ClientCredentials
from hub.client.answer import PartnerAnswer
from hub.client.credentials import Token, checked_headers, grant_request, judge_grant, read_grant
from hub.client.deadline import Deadline, bounded, stoppable
from hub.client.document import ArchivedDocument, name_of
from hub.client.exchange import Asked, address
from hub.client.limits import MEGABYTE
from hub.client.parallel import map_in_order
from hub.client.retry import Persistence
from hub.client.terms import Terms
from hub.client.verdict import judge
from hub.client.wire import Received, Wire

JSON_TYPE = {"Content-Type": "application/json"}

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class PartnerClient:
    """Asks a partner, with the same headers and authentication each time. Safe to use from several threads."""

    def __init__(
        self, terms: Terms, *, headers: Mapping[str, str] | None = None, auth: ClientCredentials | None = None
    ) -> None:
        self._terms = terms
        self._headers = checked_headers(headers or {})
        self._auth = auth
        self._wire = Wire(terms)

    def get(self, url: str, *, params: Mapping[str, str] | None = None) -> PartnerAnswer:
        """GET; an answer of 400 or above raises the SourceError that fits, except 404, which is returned."""
        asked = Asked("GET", address(url, params), self._terms.limits.body_bytes, self._headers)
        return self._answer(asked)

    def post(self, url: str, *, json: JsonValue = None, params: Mapping[str, str] | None = None) -> PartnerAnswer:
        """POST a JSON body, or none; errors as in `get`. Repeated like a GET, since partners' POSTs are queries."""
        content = None if json is None else orjson.dumps(json)
        headers = self._headers if content is None else JSON_TYPE | self._headers
        return self._answer(Asked("POST", address(url, params), self._terms.limits.body_bytes, headers, content))

    def download(self, url: str) -> ArchivedDocument:
        """GET a file of any size into the archive; errors as in `get`, 404 included."""
        limits = self._terms.limits
        asked = Asked("GET", address(url), limits.file_bytes, self._headers, file=True)
        received = self._ask(asked, limits.file_seconds)
        entry = received.entry
        return ArchivedDocument(name_of(received.url, received.headers), entry.size, entry.digest, self._terms.archive)

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
        persistence = Persistence(self._terms.limits, deadline=deadline, run=self._terms.run, sleep=self._terms.sleep)
        with bounded(deadline), stoppable(self._terms.stop):
            return persistence(lambda: self._attempt(asked))

    def _attempt(self, asked: Asked) -> Received:
        received = self._wire.exchange(asked) if self._auth is None else self._with_token(asked, self._auth)
        judge(asked, received.status, received.headers)
        return received

    # Client credentials ---------------------------------------------------------------------------------------

    def _with_token(self, asked: Asked, auth: ClientCredentials) -> Received:
        tokens = self._terms.tokens
        token, reused = tokens.get(auth, lambda: self._fetch_token(auth))
        received = self._wire.exchange(_signed(asked, token))
        if received.status == 401 and reused:
            token = tokens.replace(auth, token, lambda: self._fetch_token(auth))
            received = self._wire.exchange(_signed(asked, token))
        return received

    def _fetch_token(self, auth: ClientCredentials) -> Token:
        headers, form = grant_request(auth)
        asked = Asked("POST", address(auth.token_url), MEGABYTE, headers, form, private=True)
        received = self._wire.exchange(asked)
        body = received.body.whole()
        judge_grant(asked.where, received.status, body)
        judge(replace(asked, file=True), received.status, received.headers)
        return read_grant(asked.where, body, self._terms.tokens.clock())


def _signed(asked: Asked, token: Token) -> Asked:
    return replace(asked, headers={**asked.headers, "Authorization": f"Bearer {token.value}"})
