"""Watching the sources: what is out of the ordinary becomes an alarm, and people are told when it opens and closes."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.alarms import Condition, Facts, Kind, Mass, RunFacts, conditions, sentence
from hub.app.calling import caller
from hub.app.hub import Hub
from hub.app.links import doubting
from hub.client.mail import MailDoor
from hub.config.settings import Alarms
from hub.errors import DeliveryError, HubError
from hub.links import Norm, Share
from hub.model.opportunity import utc
from hub.pipeline.doubt import weigh
from hub.schedule import next_slot
from hub.store import Connection, holds, push, runs
from hub.store import alarms as rows
from hub.store.alarms import AlarmRow, NoticeRow
from hub.store.doubts import Weighing
from hub.store.runs import RunRow

_RUNS = 30
_PAUSES = 3
_RETRY_MINUTES = (1, 5, 30, 120, 300, 600)
_log = logging.getLogger(__name__)

Send = Callable[[Hub, AlarmRow, str], None]


def watch(hub: Hub, sources: Iterable[str], now: datetime, *, again: bool = False) -> None:
    """Bring the alarms of these sources up to date, and note who is to be told.

    Args:
        hub: the opened hub.
        sources: ids of the sources.
        now: the moment.
        again: whether these sources have just run, so that what still holds has been seen once more.
    """
    for source in sources:
        facts = facts_of(hub, source, now)
        holding = {each.kind.value: each.params for each in conditions(facts)}
        with hub.database.write() as connection:
            opened, closed = rows.settle(connection, source, holding, utc(now), again=again)
            told = ways(hub.config.settings.alarms)
            rows.announce(connection, opened, "opened", told, utc(now))
            rows.announce(connection, closed, "closed", told, utc(now))
            _hint(connection, source, opened, closed, utc(now))


def _hint(connection: Connection, source: str, opened: Sequence[int], closed: Sequence[int], now: str) -> None:
    """Let subscribers who ask for it know that a source is stale, or recovered."""
    for numbers, event in ((opened, push.SOURCE_STALE), (closed, push.SOURCE_RECOVERED)):
        for alarm in (rows.get(connection, number) for number in numbers):
            if alarm.kind == Kind.stale:
                last_good = runs.state(connection, source).last_complete
                push.tell(connection, event, {"source": source, "lastGoodRun": last_good}, now)


def tell(hub: Hub, now: datetime) -> int:
    """Send the notices that are due, and return how many were sent; what fails is tried again, less and less often."""
    with hub.database.read() as connection:
        waiting = rows.due(connection, utc(now))
    return sum(_sent(hub, notice, now) for notice in waiting)


def after_runs(hub: Hub, sources: Iterable[str]) -> None:
    """Look at sources that have just run, and tell people what is new; trouble with telling is logged, never raised."""
    now = datetime.now(UTC)
    try:
        watch(hub, sources, now, again=True)
        tell(hub, now)
    except HubError:
        _log.exception("the alarms could not be brought up to date")


def facts_of(hub: Hub, source: str, now: datetime) -> Facts:
    """Return what is known of a source: its last runs, its norm, and what waits for a person."""
    config = hub.config.source(source)
    with hub.database.read() as connection:
        ended = runs.latest(connection, source, _RUNS, ended=True)
        last_good = runs.state(connection, source).last_complete
        waiting = holds.find(connection, source, states=(holds.WAITING,), limit=1)
        weighed = weigh(connection, doubting(hub, config), now)
    return Facts(
        source,
        now,
        last_good=datetime.fromisoformat(last_good) if last_good else None,
        norm=norm(hub, source, now),
        runs=[_run_facts(run) for run in ended],
        waiting=waiting[0].reason if waiting else _held_without_plan(ended),
        dead_links=_mass(weighed.failing, None) if weighed.links is Weighing.hold else None,
        old=_mass(weighed.old, weighed.norm) if weighed.age is Weighing.hold else None,
    )


def _mass(share: Share, norm: Norm | None) -> Mass:
    return Mass(share.count, share.of, norm.days if norm else None)


def _held_without_plan(ended: Sequence[RunRow]) -> str | None:
    """Return why the last run was held by its adapter, which left no plan to decide about."""
    return next((run.reason for run in ended[:1] if run.outcome == "held" and run.plan is None), None)


def described(alarm: AlarmRow) -> dict[str, Any]:
    """Return an alarm as JSON, with its sentence in each language."""
    said = {language: sentence(alarm.kind, alarm.params, language) for language in ("nl", "fr", "en")}
    return {**asdict(alarm), "said": said}


def norm(hub: Hub, source: str, now: datetime) -> timedelta | None:
    """Return how long the next good run may take, as configured or three pauses; None where it runs by hand."""
    config = hub.config.source(source)
    if not config.enabled or not config.schedule:
        return None
    if config.stale_hours is not None:
        return timedelta(hours=config.stale_hours)
    timezone = hub.config.settings.timezone
    first = next_slot(config.schedule, after=now, timezone=timezone)
    second = first and next_slot(config.schedule, after=first, timezone=timezone)
    return (second - first) * _PAUSES if first and second else timedelta(days=366)


def _run_facts(run: RunRow) -> RunFacts:
    counts, notes = run.counts, run.notes
    return RunFacts(
        run.outcome or "interrupted",
        covers=run.covers,
        fetched=counts.get("fetched", 0),
        changed=sum(counts.get(name, 0) for name in ("created", "updated", "withdrawn", "absent")),
        refused=counts.get("refused", 0),
        reasons=notes.get("reasons", {}),
        unknown_fields=notes.get("unknown_fields", {}),
        read=sum(sum(values.values()) for values in notes.get("read_values", {}).values()),
        unknown_values=_named(notes.get("unknown_values", {})),
        reason=run.reason,
    )


def _named(tables: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {f"{table} “{value}”": count for table, values in tables.items() for value, count in values.items()}


# Notices ------------------------------------------------------------------------------------------------------


def ways(settings: Alarms) -> Sequence[str]:
    """Return by which ways people are told of alarms."""
    return ["log", *(name for name in ("webhook", "mail") if getattr(settings, name) is not None)]


def _sent(hub: Hub, notice: NoticeRow, now: datetime) -> bool:
    with hub.database.read() as connection:
        alarm = rows.get(connection, notice.alarm)
    try:
        _SENDERS[notice.way](hub, alarm, notice.event)
    except HubError as error:
        pause = timedelta(minutes=_RETRY_MINUTES[min(notice.tries, len(_RETRY_MINUTES) - 1)])
        _log.warning("a notice about %s could not be sent: %s", alarm.source, error)
        with hub.database.write() as connection:
            rows.mark_failed(connection, notice.id, error=str(error), next_try=utc(now + pause))
        return False
    with hub.database.write() as connection:
        rows.mark_sent(connection, notice.id, utc(now))
    return True


def _to_log(_hub: Hub, alarm: AlarmRow, event: str) -> None:
    level = logging.WARNING if event == "opened" else logging.INFO
    _log.log(level, "alarm %s of %s %s: %s", alarm.kind, alarm.source, event, sentence(alarm.kind, alarm.params))


def _to_webhook(hub: Hub, alarm: AlarmRow, event: str) -> None:
    address = str(hub.config.settings.alarms.webhook)
    body = {"event": f"alarm.{event}", "hub": hub.public_url, **described(alarm)}
    with caller(private=hub.config.settings.network.private_hosts) as client:
        status = client.post(address, json=body).status
    if not 200 <= status < 300:
        raise DeliveryError(f"the webhook answered {status}; check alarms.webhook in hub.toml")


def _to_mail(hub: Hub, alarm: AlarmRow, event: str) -> None:
    settings = hub.config.settings.alarms
    server = settings.mail
    assert server is not None  # noqa: S101 - a notice by mail is made only where there is a server
    door = MailDoor(
        server.host,
        server.port,
        server.security,
        server.user,
        server.password.read() if server.password else None,
    )
    said = sentence(alarm.kind, alarm.params, settings.language)
    mark = {"opened": "!", "closed": "✓"}[event]
    door.send(
        sender=server.sender,
        to=server.to,
        subject=f"{mark} {alarm.source}: {alarm.kind} ({hub.public_url})",
        text=f"{said}\n\n{alarm.source}: {alarm.kind}, {alarm.opened} – {alarm.closed or ''}\n{hub.public_url}\n",
    )


_SENDERS: Mapping[str, Send] = {"log": _to_log, "webhook": _to_webhook, "mail": _to_mail}

__all__ = ["Condition", "described", "facts_of", "norm", "tell", "watch", "ways"]
