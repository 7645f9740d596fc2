"""Names become addresses within the time there is."""

import socket
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from time import monotonic

import httpcore

from hub.client.deadline import seconds_left, stopped

SLICE_SECONDS = 0.5
"""How often a wait looks whether it must end."""


def resolve(host: str, port: int, timeout: float) -> list[str]:
    """Return the addresses of a name, each once, in the order of the resolver, which may take so many seconds."""
    found: Future[list[str]] = Future()
    Thread(target=_resolve, args=(host, port, found), name="hub-resolver", daemon=True).start()
    until = monotonic() + timeout
    while True:
        left = allowed(until - monotonic(), httpcore.ConnectTimeout)
        try:
            return found.result(min(left, SLICE_SECONDS))
        except TimeoutError:
            continue


def _resolve(host: str, port: int, found: "Future[list[str]]") -> None:
    """Ask the resolver, which knows no deadline, in a thread that can be left behind."""
    try:
        answer = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found.set_result(list(dict.fromkeys(str(address[4][0]) for address in answer)))
    except Exception:  # whatever it is: without an end it would be waited for
        found.set_exception(httpcore.ConnectError(f"the name {host} is not known"))


def allowed(most: float, failure: Callable[[str], Exception]) -> float:
    """Return the seconds left, at most so many; raises the failure when the time of the present work is over."""
    left = seconds_left(most)
    if left <= 0 or stopped():
        raise failure("the time is over")
    return left
