"""Waiting until the hub says that there is more, by server-sent events, or until the time is over."""

import time
from collections.abc import Callable, Iterator

import httpx

_HUNG_UP = frozenset({204, 400, 401, 403, 404, 405, 406, 410, 501})
_AGAIN_SECONDS = 3.0


class Bell:
    """Waits for the events of one feed; sleeps where there are none to be had."""

    def __init__(self, http: httpx.Client, feed: str, sleep: Callable[[float], None] = time.sleep) -> None:
        """Prepare; the stream is opened at the first wait."""
        self._http = http
        self._url = f"{feed}/events"
        self._sleep = sleep
        self._stream: httpx.Response | None = None
        self._lines: Iterator[str] = iter(())
        self.deaf = False
        """Whether the hub said that there are no events to be had."""

    def wait(self, seconds: float, after: int) -> None:
        """Return when the hub says that something came after this change number, or when so many seconds are over."""
        end = time.monotonic() + seconds
        while not self._rang(after, end):
            left = end - time.monotonic()
            if left <= 0:
                return
            self._sleep(left if self.deaf else min(_AGAIN_SECONDS, left))

    def close(self) -> None:
        """Close the stream."""
        if self._stream:
            self._stream.close()
        self._stream, self._lines = None, iter(())

    def _rang(self, after: int, end: float) -> bool:
        """Listen until it rings, the time is over, or the stream ends."""
        if self.deaf:
            return False
        try:
            if not self._stream:
                self._open(after, end - time.monotonic())
            for event in self._events(end):
                if event is None:
                    return False
                if _is_news(event, after):
                    return True
        except (httpx.TransportError, httpx.StreamError):
            pass  # what is the matter, if anything, shows when the page is asked for
        self.close()
        return False

    def _open(self, after: int, seconds: float) -> None:
        headers = {"accept": "text/event-stream", "cache-control": "no-store", "last-event-id": str(after)}
        request = self._http.build_request("GET", self._url, headers=headers, timeout=max(seconds, 0.1))
        self._stream = self._http.send(request, stream=True)
        streams = self._stream.headers.get("content-type", "").startswith("text/event-stream")
        answered = self._stream.status_code
        self.deaf = answered in _HUNG_UP or (answered == httpx.codes.OK and not streams)
        if answered == httpx.codes.OK and streams:
            self._lines = self._stream.iter_lines()

    def _events(self, end: float) -> Iterator[dict[str, str] | None]:
        """Yield the fields of each event that has data; None when the time is over before the next line."""
        event: dict[str, str] = {}
        for line in self._lines:
            name, _, value = line.partition(":")
            if name in {"id", "data"}:
                event[name] = value.removeprefix(" ")
            elif not line:
                if "data" in event:
                    yield event
                event = {}
            if time.monotonic() >= end:
                yield None


def _is_news(event: dict[str, str], after: int) -> bool:
    number = event.get("id", "")
    return not number.isdecimal() or int(number[:20]) > after
