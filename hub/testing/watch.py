"""What an adapter does besides what it should: sockets, files, processes, the clock and chance.

Sockets, files and processes are seen by an audit hook of the interpreter (PEP 578), which no import can go round; the
clock and chance by a profile function, which sees every call of a built-in function.
"""

import gc
import random
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType
from typing import Any

NETWORK = frozenset(
    {
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.fork",
    }
)
"""Events by which something leaves the process."""
WORLD: frozenset[str] = NETWORK | {
    "open",
    "os.listdir",
    "os.scandir",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "sqlite3.connect",
    "_thread.start_new_thread",
}
"""Events by which a function touches anything but its arguments."""
CLOCK = frozenset(
    {
        *(("datetime", name) for name in ("now", "utcnow", "today")),
        ("date", "today"),
        *(("time", name) for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "sleep")),
        ("posix", "urandom"),
        ("nt", "urandom"),
        ("posix", "getrandom"),
        ("_uuid", "generate_time_safe"),
    }
)
"""Built-in functions that answer differently from one moment to the next: their module or class, and their name."""
_CLIENT = "hub.client"
_DRIVER = "hub.testing"
_SERVER_THREAD = "sandbox-server"

_watches: list["_Watch"] = []
_installed: list[bool] = []


class _Watch:
    """Notes events of some kinds, and stops them.

    Args:
        events: those that are noted.
        package: the adapter's top package.
        own: only what this thread does; else all threads, except what the hub's client does.
    """

    def __init__(self, events: frozenset[str], package: str, *, own: bool) -> None:
        self.events = events
        self.package = package
        self.thread = threading.get_ident() if own else None
        self.seen: list[str] = []

    def see(self, event: str, args: tuple[Any, ...]) -> None:
        frame = sys._getframe(2)
        if self.thread is None:
            if threading.current_thread().name == _SERVER_THREAD or _by_client(frame, self.package):
                return
        elif self.thread != threading.get_ident():
            return
        self.seen.append(f"{event}{_told(event, args)}{_place(frame, self.package)}")
        raise PermissionError(f"the kit does not let an adapter do this: {event}")


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _watches:
        for watch in tuple(_watches):
            if event in watch.events:
                watch.see(event, args)


@contextmanager
def _watched(watch: _Watch) -> Iterator[list[str]]:
    if not _installed:  # a hook cannot be taken away again
        _installed.append(True)
        sys.addaudithook(_hook)
    _watches.append(watch)
    try:
        yield watch.seen
    finally:
        _watches.remove(watch)


@contextmanager
def no_way_round_the_client(package: str) -> Iterator[list[str]]:
    """Stop and note every socket and process, of any thread, that is not the hub's client's own."""
    with _watched(_Watch(NETWORK, package, own=False)) as seen:
        yield seen


@contextmanager
def no_world(package: str) -> Iterator[list[str]]:
    """Stop and note whatever this thread does with files, sockets, processes and threads."""
    with _watched(_Watch(WORLD, package, own=True)) as seen:
        yield seen


@contextmanager
def no_clock(package: str) -> Iterator[list[str]]:
    """Note whenever this thread reads the clock or draws from chance."""
    seen: list[str] = []

    def profile(frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and (name := _fickle(called)):
            seen.append(f"{name}(){_place(frame, package)}")

    before, collects = sys.getprofile(), gc.isenabled()
    gc.disable()  # what other tools do when garbage is collected, such as timing it, is not the adapter's doing
    sys.setprofile(profile)
    try:
        yield seen
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()


def _fickle(called: Any) -> str | None:
    owner = getattr(called, "__self__", None)
    if owner is _SHARED_CHANCE:
        return f"random.{called.__name__}"
    named = owner.__name__ if isinstance(owner, type | ModuleType) else ""
    return f"{named}.{called.__name__}" if (named, called.__name__) in CLOCK else None


_SHARED_CHANCE = random.random.__self__  # type: ignore[attr-defined]  # what random.random() and the others draw from


def _by_client(frame: FrameType | None, package: str) -> bool:
    """Say whether the hub's client does this, and not the adapter, which the client may have called."""
    for module in _modules(frame):
        if module.startswith(_CLIENT):
            return True
        if module.startswith(_DRIVER) or module.partition(".")[0] == package:
            return False
    return False


def _modules(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        yield str(frame.f_globals.get("__name__", ""))
        frame = frame.f_back


def _told(event: str, args: tuple[Any, ...]) -> str:
    if event.startswith("socket."):
        return f" to {next((each for each in args if isinstance(each, tuple | str)), '')}"
    return f" {args[0]}" if args and isinstance(args[0], str) else ""


def _place(frame: FrameType | None, package: str) -> str:
    """Return the innermost line of the adapter's package, as `` at file:line``."""
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] == package:
            return f" at {frame.f_code.co_filename.rpartition('/')[2]}:{frame.f_lineno}"
        frame = frame.f_back
    return ""
