"""What a view with a filter would hold, and would have told its readers lately."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

import orjson
from pydantic import ValidationError

from hub.model.opportunity import utc
from hub.store import Connection, views
from hub.store.views import extents
from hub.store.views.extents import WHOLE, Extent
from hub.views import Filter, accepts

DAYS = 30
NEWEST = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """One opportunity that the view would tell next, in short; ``changed`` is ISO 8601 in UTC."""

    id: str
    kind: str
    title: Mapping[str, str]
    organisation: str
    changed: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a view would be.

    Args:
        filter: what it asks.
        live: how many opportunities belong to it now, by kind.
        days: of how many days the rest is.
        delivered: how many opportunities its readers would have been told of, new or changed.
        changes: how many changes these were; some change more than once.
        gone: how many its readers would have been told to be gone, as far as it is still known what they were.
        newest: what changed last, the newest first: what a reader who begins now hears of last.
    """

    filter: Mapping[str, Any]
    live: Mapping[str, int]
    days: int
    delivered: int
    changes: int
    gone: int
    newest: Sequence[Sample]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return asdict(self)


def preview(connection: Connection, wanted: Filter, now: datetime, *, of: Extent = WHOLE) -> Preview:
    """Return what a view with this filter would be; reads everything that is published.

    Args:
        connection: to the store.
        wanted: the filter.
        now: the moment.
        of: what may be told of; the rest is as if it were not there.
    """
    since = utc(now - timedelta(days=DAYS))
    known = _Known.of(connection, of)
    held = {each.id: each for each in views.chosen(connection, wanted) if known.is_held(each.id, each.kind)}
    changes = {name: count for name, count in views.told_since(connection, since) if name in held}
    newest = sorted(held.values(), key=lambda each: -each.position)[:NEWEST]
    return Preview(
        filter=wanted.asked,
        live=dict(sorted(Counter(each.kind for each in held.values()).items())),
        days=DAYS,
        delivered=len(changes),
        changes=sum(changes.values()),
        gone=len(set(_gone(connection, wanted, since, known))),
        newest=[_sample(views.body(connection, each.position), each) for each in newest],
    )


def read_filter(said: Mapping[str, Sequence[str]]) -> Filter:
    """Return the filter that names and values say, several by commas; ValueError says in a sentence what is wrong."""
    values = {name: [part for value in given for part in value.split(",") if part] for name, given in said.items()}
    single = {name: given[0] if name == "min_quality" and len(given) == 1 else given for name, given in values.items()}
    try:
        return Filter.model_validate(single)
    except ValidationError as error:
        raise ValueError(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        return f"{name} is nothing a view can ask; it can ask {', '.join(Filter.model_fields)}."
    return f"{name} is {str(first['input'])[:40]!r}: {first['msg'].removeprefix('Value error, ')}."


class _Known(NamedTuple):
    """What may be told of: all of some kinds, and members of views, each with whether it still is one."""

    kinds: frozenset[str]
    members: Mapping[str, bool]

    @classmethod
    def of(cls, connection: Connection, extent: Extent) -> Self:
        return cls(extent.kinds, {} if extent.is_whole else extents.members(connection, extent))

    def is_held(self, name: str, kind: str) -> bool:
        return kind in self.kinds or self.members.get(name, False)

    def was_held(self, name: str, kind: str) -> bool:
        return kind in self.kinds or name in self.members


def _gone(connection: Connection, wanted: Filter, since: str, known: _Known) -> Iterator[str]:
    for name, kind, body in views.ended_since(connection, since):
        if known.was_held(name, kind) and accepts(wanted, kind, orjson.loads(body)):
            yield name


def _sample(body: bytes, chosen: views.Chosen) -> Sample:
    said = orjson.loads(body)
    contents = max(each["contentChanged"] for each in said["listings"])
    return Sample(chosen.id, chosen.kind, said["title"], said["organisation"]["name"], contents)
