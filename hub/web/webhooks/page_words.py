"""A subscriber and what it was sent, in the words of the pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hub.push import ASKABLE
from hub.store.push import ENDPOINT_VERIFY
from hub.store.push.deliveries import DeliveryRow
from hub.store.push.subscribers import SubscriberRow
from hub.web.pages.texts import say
from hub.web.pages.values import Words, words
from hub.web.site import Site
from hub.web.webhooks.desk import Sent, secret_mark

TROUBLES: Sequence[tuple[str, str]] = (
    (r"it answered (?P<status>\d+), a redirect\b.*", "redirect"),
    (r"it answered 410\b.*", "gone"),
    (r"it answered \d+ without the challenge\b.*", "no_challenge"),
    (r"it answered (?P<status>\d+)\b.*", "status"),
    (r"no connection came about\b.*|the connection broke off", "no_connection"),
    (r"no answer came\b.*|it did not take the message in", "no_answer"),
    (r"its host is not on the public internet|its address cannot be read", "no_address"),
    (r"the address was changed", "changed"),
    (r"the subscriber was disabled: .*", "disabled"),
    (r"every attempt failed for (?P<days>\d+) days", "days"),
    (r"its view is no longer there", "no_view"),
    (r"its view is read with a key, .*", "key"),
    (r"the hub could not send it|no connection came free in time", "ours"),
)
"""What the hub notes of an attempt that failed or of a subscriber that it stopped, and its name in the texts."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One view that can be followed."""

    id: str
    title: Words
    closed: bool


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt: when, what was answered, how long it took, and why it failed."""

    at: str
    shown_at: str
    status: int | None
    seconds: float
    trouble: Words | None


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One delivery as the page shows it; moments as they are, and as they are shown.

    Its ``standing`` is its state, or ``again`` where it waits to be tried once more.
    """

    id: int
    event: str
    made: str
    shown_made: str
    state: str
    standing: str
    number_of_tries: int
    tries: Sequence[Try]
    next_try: str | None
    shown_next_try: str | None
    status: int | None
    trouble: Words | None
    again: bool


@dataclass(frozen=True, slots=True)
class SubscriberView:
    """A subscriber as the page shows it."""

    row: SubscriberRow
    title: Words
    mark: str
    since: str | None
    failing_since: str | None
    old_ends: str | None
    why: Words | None
    by_operator: bool


def choices(site: Site, language: str) -> Sequence[Choice]:
    """Return the views that can be followed."""
    return [Choice(view.id, words(view.title, language), view.access != "public") for view in site.followed]


def view_of(site: Site, row: SubscriberRow, language: str) -> SubscriberView:
    """Return a subscriber as the page shows it."""
    since = {"pending": row.created, "active": row.verified, "disabled": row.disabled}[row.state]
    return SubscriberView(
        row=row,
        title=_title(site, row.wanted.view, language),
        mark=secret_mark(row),
        since=shown_moment(since),
        failing_since=shown_moment(_iso(row.failing_since)),
        old_ends=shown_moment(_iso(row.old_ends)),
        why=trouble(row.why, language),
        by_operator=row.disabled_by == "operator",
    )


def lines(sent: Sent, row: SubscriberRow, language: str) -> Sequence[DeliveryLine]:
    """Return deliveries as the page shows them."""
    active = row.state == "active"
    return [_line(each, sent, language, again=active and each.type in ASKABLE) for each in sent.rows]


def proof(found: Sequence[DeliveryLine]) -> DeliveryLine | None:
    """Return how the newest proof that was asked for went, of deliveries with the newest first."""
    return next((each for each in found if each.event == ENDPOINT_VERIFY), None)


def trouble(said: str | None, language: str) -> Words | None:
    """Return why something failed or was stopped; in English where a person, or a later hub, wrote it."""
    if not said:
        return None
    for pattern, name in TROUBLES:
        if found := re.fullmatch(pattern, said):
            return Words(say(f"trouble.{name}", language, **found.groupdict()), language)
    return Words(said, "en")


def shown_moment(said: str | None) -> str | None:
    """Return a moment to the second, as a page writes it: what happens here may be five seconds apart."""
    return said and f"{datetime.fromisoformat(said).astimezone(UTC):%d/%m/%Y %H:%M:%S} UTC"


def _line(row: DeliveryRow, sent: Sent, language: str, *, again: bool) -> DeliveryLine:
    next_try = _iso(row.next_try)
    tries = [
        Try(at, shown_moment(at) or "", each.status, round(each.seconds, 2), trouble(each.error, language))
        for each in sent.attempts.get(row.id, ())
        if (at := _iso(each.at))
    ]
    return DeliveryLine(
        id=row.id,
        event=row.type,
        made=row.made,
        shown_made=shown_moment(row.made) or "",
        state=row.state,
        standing="again" if row.state == "waiting" and row.tries else row.state,
        number_of_tries=row.tries,
        tries=tries,
        next_try=next_try,
        shown_next_try=shown_moment(next_try),
        status=row.status,
        trouble=trouble(row.error, language),
        again=again,
    )


def _title(site: Site, name: str, language: str) -> Words:
    view = next((view for view in site.followed if view.id == name), None)
    return words(view.title, language) if view else Words(name, language)


def _iso(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
