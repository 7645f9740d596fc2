"""A real browser that tests drive as a person does, by its keyboard: Chromium, spoken to over a pipe."""

import base64
import fcntl
import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip
_KEYS = {"Tab": 9, "Enter": 13, " ": 32, "ArrowDown": 40}
_PATIENCE = 20.0


class Refusal(Exception):
    """The browser cannot do what it was asked to, such as look at a page that is just going."""


class Browser:
    """One page of a browser.

    Args:
        said: where its answers are read.
        told: where it reads what is asked.
    """

    def __init__(self, said: int, told: int) -> None:
        self._said, self._told = said, told
        self._number = 0
        self._kept = b""
        self._session: str | None = None
        self.complaints: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Log", "Runtime"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Have the browser do something (of the Chrome DevTools Protocol), and return what it says."""
        self._number += 1
        asked = {"id": self._number, "method": method, "params": params}
        more = {"sessionId": self._session} if self._session else {}
        os.write(self._told, json.dumps({**asked, **more}).encode() + b"\0")
        while (heard := self._hear()).get("id") != self._number:
            if heard.get("method") == "Log.entryAdded":
                self.complaints.append(heard["params"]["entry"]["text"])
        if "error" in heard:
            raise Refusal(f"{method}: {heard['error']['message']}")
        return dict(heard["result"])

    def open(self, address: str) -> None:
        """Open an address."""
        self._leave(lambda: self.ask("Page.navigate", url=address))

    def press(self, key: str, *, leaves: bool = False) -> None:
        """Press a key; one that leaves the page is waited for until the next one is there."""
        text = {"Enter": "\r", " ": " "}.get(key, "")
        codes = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": _KEYS[key]}

        def strike() -> None:
            self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **codes)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **codes)

        self._leave(strike) if leaves else strike()

    def write(self, text: str) -> None:
        """Write into what has the focus."""
        self.ask("Input.insertText", text=text)

    def tab_to(self, what: str, most: int = 60) -> None:
        """Press the tabulator until what has the focus matches a CSS selector."""
        for _ in range(most):
            self.press("Tab")
            if self.see(f"document.activeElement.matches({json.dumps(what)})"):
                return
        raise AssertionError(f"the keyboard does not reach {what}")

    def see(self, expression: str) -> Any:
        """Return what an expression (JavaScript) is on the page."""
        return self.ask("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def photograph(self, file: Path, width: int) -> None:
        """Write a picture of the whole page, on a screen of this width."""
        mobile = width < 600
        size = {"width": width, "deviceScaleFactor": 1, "mobile": mobile}
        self.ask("Emulation.setDeviceMetricsOverride", height=900, **size)
        tall = self.ask("Page.getLayoutMetrics")["cssContentSize"]["height"]
        self.ask("Emulation.setDeviceMetricsOverride", height=int(tall), **size)
        file.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot")["data"]))

    def _leave(self, act: Callable[[], object]) -> None:
        self.see("window.before = true")
        act()
        ends = time.monotonic() + _PATIENCE
        while not self._has_arrived():
            assert time.monotonic() < ends, "the next page did not come"
            time.sleep(0.02)

    def _has_arrived(self) -> bool:
        """Tell whether the next page is there, and drawn: the focus is given as that is done."""
        drawn = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
        try:
            if self.see("window.before === true || document.readyState !== 'complete'") is not False:
                return False
            self.ask("Runtime.evaluate", expression=drawn, awaitPromise=True)
        except Refusal:  # it goes, or comes, at this very moment
            return False
        return True

    def _hear(self) -> dict[str, Any]:
        while b"\0" not in self._kept:
            piece = os.read(self._said, 65536)
            assert piece, "the browser is gone"
            self._kept += piece
        whole, _, self._kept = self._kept.partition(b"\0")
        return dict(json.loads(whole))


@contextmanager
def browsing(profile: Path, *more: str) -> Iterator[Browser]:
    """Start a browser, and stop it at the end."""
    (read_told, told), (said, write_said) = (map(_out_of_the_way, os.pipe()) for _ in range(2))
    silent = os.open(os.devnull, os.O_RDWR)
    given = ((silent, 0), (silent, 1), (silent, 2), (read_told, 3), (write_said, 4))  # where Chromium looks for them
    command = [str(CHROMIUM), *_QUIET, *more, f"--user-data-dir={profile}", "about:blank"]
    actions = [(os.POSIX_SPAWN_DUP2, ours, theirs) for ours, theirs in given]
    process = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    for each in (read_told, write_said, silent):
        os.close(each)
    try:
        yield Browser(said, told)
    finally:
        os.kill(process, signal.SIGTERM)
        os.waitpid(process, 0)
        os.close(told)
        os.close(said)


def _out_of_the_way(file: int) -> int:
    """Return a file under a number that is none of those that the browser is to have."""
    try:
        return fcntl.fcntl(file, fcntl.F_DUPFD_CLOEXEC, 10)
    finally:
        os.close(file)
