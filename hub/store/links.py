"""What is known of the addresses that listings link to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson
from sqlalchemy import BigInteger, Column, Connection, Index, Integer, Row, Table, Text, text

from hub.links import Patience, Sight, Standing, Verdict, after, renewed
from hub.model.opportunity import utc
from hub.store.schema import metadata

_row = BigInteger().with_variant(Integer, "sqlite")

link = Table(
    "link",
    metadata,
    Column("listing", _row, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("checked", Text),
    Column("alive_at", Text),
    Column("failures", Integer, nullable=False),
    Column("first_failure", Text),
    Column("misses", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reason", Text),
    Column("due", Text, nullable=False),
    Index("link_due", "source", "host", "due"),
    Index("link_url", "source", "url"),
    Index("link_failing", "source", sqlite_where=text("failures > 0")),
    sqlite_with_rowid=False,
)
"""The web addresses of each live listing: its ``page``, and where to ``apply`` or join where that is another one."""

_CHANGED = text(
    "SELECT l.id FROM listing AS l LEFT JOIN lifetime AS t ON t.listing = l.id "
    "WHERE l.source = :source AND l.live = 1 "
    "AND (t.listing IS NULL OR t.content IS NOT l.content OR t.ended IS NOT NULL OR t.linked < :links)"
)
_READ = text(
    "SELECT l.id, l.source, l.kind, l.content, l.first_seen, v.bytes FROM json_each(:wanted) AS wanted "
    "CROSS JOIN listing AS l ON l.id = wanted.value CROSS JOIN version AS v ON v.listing = l.id WHERE l.live = 1"
)
_LIVE = text(
    "INSERT INTO lifetime (listing, source, kind, content, linked, since) "
    "VALUES (:listing, :source, :kind, :content, :links, :since) ON CONFLICT (listing) DO UPDATE SET "
    "content = excluded.content, linked = excluded.linked, since = excluded.since, ended = NULL, reason = NULL"
)
_OLD_LINKS = text(
    "DELETE FROM link WHERE listing = :listing AND (part, url) NOT IN (VALUES ('page', :u1), ('apply', :u2))"
)
_NEW_LINK = text(
    "INSERT INTO link (listing, part, source, url, host, failures, misses, verdict, due) "
    "VALUES (:listing, :part, :source, :url, :host, 0, 0, 'unknown', :due) ON CONFLICT (listing, part) DO NOTHING"
)
_SHARED = 4
"""So many listings may share each address that is due, or fewer addresses are looked at in a round."""
_FORGET = (
    text("DELETE FROM link WHERE source = :source"),
    text("UPDATE lifetime SET linked = 0 WHERE source = :source AND linked > 0"),
)
_ANY = text("SELECT 1 FROM link WHERE source = :source LIMIT 1")
_HOSTS = text(
    "SELECT host FROM link WHERE source = :source AND due <= :now GROUP BY host ORDER BY min(due) LIMIT :hosts"
)
_DUE = text("SELECT url FROM link WHERE source = :source AND host = :host AND due <= :now ORDER BY due LIMIT :rows")
_AT = text(
    "SELECT k.*, l.content_changed FROM link AS k CROSS JOIN listing AS l ON l.id = k.listing "
    "WHERE k.source = :source AND k.url = :url"
)
_NOTE = text(
    "UPDATE link SET checked = :checked, alive_at = :alive_at, failures = :failures, first_failure = :first_failure, "
    "misses = :misses, verdict = :verdict, reason = :reason, due = :due WHERE listing = :listing AND part = :part"
)
_OF = text("SELECT * FROM link WHERE listing = :listing ORDER BY part DESC")
_BY_VERDICT = text("SELECT source, verdict, count(*) FROM link GROUP BY source, verdict")
_LISTED = text(
    "SELECT k.*, l.local_id, l.doubt FROM link AS k CROSS JOIN listing AS l ON l.id = k.listing "
    "WHERE k.source = :source AND k.verdict IN ('dead', 'failing') "
    "ORDER BY k.failures DESC, k.first_failure LIMIT :limit"
)
_HURRY = text(
    "UPDATE link SET due = :front WHERE due > :now AND (checked IS NULL OR checked < :lately) "
    "AND listing IN (SELECT id FROM listing WHERE opportunity = :opportunity AND live = 1)"
)
_FRONT, _LATELY = "1970-01-01T00:00:00Z", timedelta(hours=1)
_NEXT_UP = text(
    "SELECT url FROM link WHERE source = :source GROUP BY url "
    "ORDER BY min(coalesce(checked, '')), min(due) LIMIT :limit"
)


class Linked(NamedTuple):
    """What a listing says that matters here: the first day it was offered, its page, and where to apply or join."""

    since: str | None
    page: str | None
    apply: str | None

    def parts(self) -> list[tuple[str, str]]:
        """Return the addresses that there are, each with what it is of."""
        return [(name, url) for name, url in (("page", self.page), ("apply", self.apply)) if url and _host(url)]


class Due(NamedTuple):
    """The addresses of one host to look at now, those due longest first."""

    host: str
    urls: list[str]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One address of a listing; moments are ISO 8601 in UTC."""

    listing: int
    part: str
    source: str
    url: str
    checked: str | None
    alive_at: str | None
    failures: int
    first_failure: str | None
    verdict: str
    reason: str | None
    due: str


@dataclass(frozen=True, slots=True)
class Suspect(LinkRow):
    """An address that was gone at the last look, of which listing, and what is doubted of that."""

    local_id: str
    doubt: str | None


# Addresses ------------------------------------------------------------------------------------------------------


def changed(connection: Connection, source: str, *, links: bool) -> Sequence[int]:
    """Return the numbers of the live listings of a source that are to be read (again), for their addresses or not."""
    return connection.execute(_CHANGED, {"source": source, "links": int(links)}).scalars().all()


def collect(connection: Connection, numbers: Sequence[int], *, due: Callable[[str], datetime], links: bool) -> None:
    """Read the first day of these listings, and their addresses.

    Args:
        connection: a transaction that writes.
        numbers: of the listings; those that are no longer live are left out.
        due: says when to look at a new address for the first time.
        links: whether the addresses are wanted.
    """
    listings, kept, new = [], [], []
    for row in connection.execute(_READ, {"wanted": orjson.dumps(numbers).decode()}):
        said = _linked(row.bytes)
        values = {"listing": row.id, "source": row.source, "kind": row.kind, "content": row.content}
        listings.append(values | {"since": said.since or row.first_seen[:10], "links": int(links)})
        kept.append({"listing": row.id, "u1": said.page or "", "u2": said.apply or ""})
        new += [_new(row.id, row.source, part, url, due) for part, url in said.parts()]
    if listings:
        connection.execute(_LIVE, listings)
    if listings and links:
        connection.execute(_OLD_LINKS, kept)
    if new and links:
        connection.execute(_NEW_LINK, new)


def forget(connection: Connection, source: str) -> None:
    """Forget the addresses of a source that is no longer looked after."""
    for step in _FORGET:
        connection.execute(step, {"source": source})


def any_of(connection: Connection, source: str) -> bool:
    """Say whether any address of a source is known."""
    return connection.execute(_ANY, {"source": source}).scalar() is not None


def due(connection: Connection, source: str, *, now: datetime, limit: int, hosts: int = 200) -> list[Due]:
    """Return what to look at now: at most so many hosts, and so many addresses of each, those due longest first."""
    said = {"source": source, "now": utc(now), "hosts": hosts, "rows": limit * _SHARED}
    found = []
    for host in connection.execute(_HOSTS, said).scalars().all():
        urls = dict.fromkeys(connection.execute(_DUE, said | {"host": host}).scalars())
        found.append(Due(host, list(urls)[:limit]))
    return found


def next_up(connection: Connection, source: str, limit: int) -> list[str]:
    """Return the addresses of a source that were not looked at for longest, due or not."""
    return list(connection.execute(_NEXT_UP, {"source": source, "limit": limit}).scalars())


def hurry(connection: Connection, opportunity: str, *, now: str) -> int:
    """Put the addresses of an opportunity before all others, but for those just looked at; return how many."""
    lately = utc(datetime.fromisoformat(now) - _LATELY)
    said = {"opportunity": opportunity, "now": now, "lately": lately, "front": _FRONT}
    return connection.execute(_HURRY, said).rowcount


def note(
    connection: Connection, source: str, sights: Iterable[tuple[str, Sight]], *, now: datetime, patience: Patience
) -> None:
    """Record what was seen at these addresses, for every listing of the source that has one of them."""
    for url, sight in sights:
        for row in connection.execute(_AT, {"source": source, "url": url}).all():
            before = renewed(_standing(row), datetime.fromisoformat(row.content_changed))
            found = after(before, sight, now, url=url, patience=patience)
            connection.execute(_NOTE, _values(found) | {"listing": row.listing, "part": row.part})


def of_listing(connection: Connection, listing: int) -> list[LinkRow]:
    """Return the addresses of a listing, its page first."""
    return [_link(row) for row in connection.execute(_OF, {"listing": listing})]


def by_verdict(connection: Connection) -> dict[str, dict[str, int]]:
    """Return how many addresses of each source stand how."""
    found: dict[str, dict[str, int]] = {}
    for source, verdict, count in connection.execute(_BY_VERDICT):
        found.setdefault(source, {})[verdict] = count
    return found


def suspects(connection: Connection, source: str, limit: int) -> list[Suspect]:
    """Return the addresses of a source that were gone at the last look, those that failed most often first."""
    rows = connection.execute(_LISTED, {"source": source, "limit": limit})
    return [Suspect(**_fields(row), local_id=row.local_id, doubt=row.doubt) for row in rows]


# Rows -----------------------------------------------------------------------------------------------------------


def _linked(version: bytes) -> Linked:
    said: dict[str, Any] = orjson.loads(version)
    ways = said.get("howToApply") or said.get("howToJoin") or ()
    apply = next((way.get("value") for way in ways if way.get("channel") == "url"), None)
    page = said.get("url")
    return Linked(said.get("published"), page, apply if apply != page else None)


def _new(listing: int, source: str, part: str, url: str, due: Callable[[str], datetime]) -> dict[str, Any]:
    said = {"listing": listing, "source": source, "part": part, "url": url, "host": _host(url)}
    return said | {"due": utc(due(url))}


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0].casefold()


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        _moment(row.checked),
        _moment(row.alive_at),
        row.failures,
        _moment(row.first_failure),
        row.misses,
        Verdict(row.verdict),
        row.reason,
        _moment(row.due),
    )


def _values(found: Standing) -> dict[str, Any]:
    said = {name: getattr(found, name) for name in ("checked", "alive_at", "first_failure", "due")}
    plain = {"failures": found.failures, "misses": found.misses, "verdict": found.verdict.value, "reason": found.reason}
    return plain | {name: utc(moment) if moment else None for name, moment in said.items()}


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said).astimezone(UTC) if said else None


def _link(row: Row[Any]) -> LinkRow:
    return LinkRow(**_fields(row))


def _fields(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in LinkRow.__slots__}
