"""Sending webhooks as long as the hub serves: in threads of their own, so that a slow subscriber delays no other."""

import logging
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from hub.alarms import Kind
from hub.app.alarming import tell, ways
from hub.app.courier import Courier
from hub.app.hub import Hub
from hub.client import Limits, Reach
from hub.client.posting import PROMPT, Poster, judge_address, site_of, written
from hub.errors import HubError
from hub.model.opportunity import utc
from hub.push import Answer, Vault
from hub.store import Connection, alarms, push
from hub.store.database import Watch
from hub.store.keys.data_key import FILE, make_key, read_keys
from hub.store.push import errands, subscribers
from hub.store.push.errands import Errand
from hub.web.hooks import Hooks

KEPT_DAYS = 30
"""How long what was sent can be looked up and replayed."""
UNPROVED_DAYS = 7
"""How long an address may take to prove itself before it is forgotten."""

_LOOK_SECONDS = 0.2
_TURN_SECONDS = 2.0
_DRAIN_SECONDS = 3.0
_HOUR_SECONDS = 3600.0

_log = logging.getLogger(__name__)


class Pusher:
    """Sends what is due, as long as the hub serves.

    Args:
        hub: the opened hub.
        clock: seconds since 1970.
        limits: of one attempt.
    """

    def __init__(self, hub: Hub, *, clock: Callable[[], float] = time.time, limits: Limits = PROMPT) -> None:
        self._hub = hub
        self._clock = clock
        self._at_once = hub.config.settings.push.at_once
        self._stop, self._hurry, self._wake = threading.Event(), threading.Event(), threading.Event()
        self._poster = Poster(reach=reach(hub), limits=limits, stop=self._hurry)
        self._courier = courier(hub, self._poster, clock=clock, notice=self._notice)
        self._flying: dict[str, bool] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(self._at_once, thread_name_prefix="push")
        self._thread = threading.Thread(target=self._go_on, name="pusher", daemon=True)
        self._cleaned = 0.0
        self._untold = False
        self._said = ""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more, let what is on its way arrive within seconds, and give the rest back."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        patience = time.monotonic() + _DRAIN_SECONDS
        while self._flying and time.monotonic() < patience:
            time.sleep(0.02)
        self._hurry.set()
        self._pool.shutdown(wait=True)
        self._poster.close()

    def send_due(self) -> int:
        """Begin to send what is due, as far as there is room, and return how many subscribers that is for."""
        with self._lock:
            room, failing = self._at_once - len(self._flying), sum(self._flying.values())
        taken = self._courier.take(room, failing=self._at_once // 2 - failing)
        for errand in taken:
            with self._lock:
                self._flying[errand.subscriber] = errand.failing_since is not None
            self._pool.submit(self._turn, errand)
        return len(taken)

    def _turn(self, first: Errand) -> None:
        """Send to one subscriber what is due for it, one after the other, for a short while."""
        until = time.monotonic() + _TURN_SECONDS
        errand: Errand | None = first
        try:
            while errand:
                errand = self._carried(errand, until)
        except HubError as error:  # the lease runs out, and the same is sent again
            self._complain(f"what came of a webhook cannot be written: {error}")
        except Exception:  # the same holds for what nobody foresaw
            _log.exception("what came of a webhook to %s is not known", first.subscriber)
        finally:
            with self._lock:
                self._flying.pop(first.subscriber, None)
            self._wake.set()

    def _carried(self, errand: Errand, until: float) -> Errand | None:
        at, answer = self._courier.carry(errand)
        if answer.status is None and self._hurry.is_set():  # it is we who broke it off
            self._courier.release(errand)
            return None
        hold = answer.status is not None and time.monotonic() < until and not self._stop.is_set()
        return self._courier.settle(errand, at, answer, hold=hold)

    def _go_on(self) -> None:
        watch = self._hub.database.watch()
        seen, due = -1, None
        try:
            while not self._stop.is_set():
                try:
                    seen, due = self._step(watch, seen, due)
                except HubError as error:
                    self._complain(f"webhooks cannot be sent: {error}")
                except Exception:  # whatever it is, it must not be the end of all webhooks
                    _log.exception("webhooks cannot be sent")
                self._wake.wait(_LOOK_SECONDS)
        finally:
            watch.close()

    def _step(self, watch: Watch, seen: int, due: float | None) -> tuple[int, float | None]:
        """Send what is due, if anything was written or its time came; return the store's version and what is next."""
        version = watch.version()
        woken = self._wake.is_set()
        self._wake.clear()
        if woken or version != seen or (due is not None and due <= self._clock()):
            due = self._look()
        return version, due

    def _look(self) -> float | None:
        """Send what is due, clean up once an hour, tell who is to be told, and return when something is due next."""
        self.send_due()
        self._clean()
        if self._untold:
            self._untold = False
            tell(self._hub, datetime.fromtimestamp(self._clock(), UTC))
        self._said = ""
        with self._hub.database.read() as connection:
            return errands.next_due(connection)

    def _clean(self) -> None:
        moment = self._clock()
        if moment - self._cleaned < _HOUR_SECONDS:
            return
        self._cleaned = moment
        now = datetime.fromtimestamp(moment, UTC)
        with self._hub.database.write() as connection:
            push.forget(connection, before=utc(now - timedelta(days=KEPT_DAYS)))
            subscribers.forget(connection, unproved_before=utc(now - timedelta(days=UNPROVED_DAYS)), now=utc(now))
        self._untold = True

    def _notice(self, connection: Connection, errand: Errand, why: str, now: str) -> None:
        """Open an alarm about a subscriber that was disabled, and note who is to be told."""
        said = {"subscriber": errand.subscriber, "site": site_of(errand.url), "why": why}
        holding = {Kind.subscriber_disabled.value: said}
        opened, _ = alarms.settle(connection, errand.subscriber, holding, now, again=False)
        alarms.announce(connection, opened, "opened", ways(self._hub.config.settings.alarms), now)
        self._untold = True

    def _complain(self, said: str) -> None:
        if said != self._said:
            self._said = said
            _log.error("%s", said)


def courier(hub: Hub, poster: Poster, **more: Any) -> Courier:
    """Return what carries the hub's webhooks."""

    def post(url: str, body: bytes, headers: Any) -> Answer:
        posted = poster.post(url, body, headers)
        return Answer(posted.seconds, posted.status, posted.trouble, posted.asked, posted.body)

    views = {view.id: view for view in hub.config.followed}
    draw = random.SystemRandom().random
    return Courier(hub.database, partial(vault, hub), post, views, **{"clock": time.time, "lot": draw, **more})


def reach(hub: Hub) -> Reach:
    """Return whom webhooks may be sent to: the public internet, and the hosts that are named for them."""
    settings = hub.config.settings
    return Reach(frozenset(settings.push.private_hosts), settings.network.proxy)


def vault(hub: Hub) -> Vault:
    """Return what seals the subscribers' secrets; its key is made where there are none to lose."""
    file = hub.data / FILE
    if not file.exists():
        with hub.database.read() as connection:
            any_sealed = bool(subscribers.find(connection))
        if not any_sealed:
            make_key(file)
    return Vault(read_keys(file))


def hooks(hub: Hub) -> Hooks | None:
    """Return what subscribers are registered with over HTTP; None where the settings say that no webhooks are sent."""
    settings = hub.config.settings.push
    if not settings.enabled:
        return None
    bounds = reach(hub)
    return Hooks(
        vault=partial(vault, hub),
        refusal=lambda url: judge_address(url, bounds),
        written=written,
        site_of=site_of,
        register=settings.registration,
    )
