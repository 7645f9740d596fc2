"""Promises about `normalise`: a record in, a listing or a reason out, and nothing else."""

import copy
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlsplit

from hub.model.vocabulary import Channel
from hub.testing.elsewhere import readings_elsewhere
from hub.testing.reading import Reading, read, read_itself, shown
from hub.testing.subject import SEED, Subject
from hub.testing.verdict import Broken, NotApplicable
from hub.testing.watch import no_clock, no_world

MOST = 400
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def every_record_becomes_a_listing_or_is_refused_with_a_reason(subject: Subject) -> None:
    """Every record becomes a listing, or is refused with a code of the issue catalogue; nothing else is raised."""
    for reading in subject.readings:
        if reading.fault:
            raise Broken(
                f"for {shown(reading.record)} normalise {reading.fault}",
                'raise RecordError("…") with a code of the issue catalogue (docs/reference/issues.md) for a record '
                "that cannot be published, and return Normalised for every other.",
            )


def most_records_become_listings(subject: Subject) -> None:
    """At least half of the records become listings; an adapter that refuses most of a partner does not fit it."""
    listed = len(list(subject.listed()))
    if listed * 2 < len(subject.readings):
        refused = next(each for each in subject.readings if each.normalised is None)
        raise Broken(
            f"{listed} of {len(subject.readings)} records became listings; {shown(refused.record)}, for example, is "
            f"refused: {refused.reasons or refused.fault}",
            "read the fields where this partner has them; refuse only what has no title, no organisation or no id.",
        )


def the_same_record_gives_the_same_listing(subject: Subject) -> None:
    """The same record gives the same listing: twice by one adapter, and by two adapters with the same options."""
    other = subject.new_adapter()
    for reading in subject.readings:
        for adapter, who in ((subject.one, "the same adapter"), (other, "another adapter with the same options")):
            _same(reading, read(adapter, reading.record).said, f"when {who} normalises it again")


def another_process_gives_the_same_listing(subject: Subject) -> None:
    """The same record gives the same listing in another process, where sets are in another order."""
    readings = subject.readings[:MOST]
    elsewhere = readings_elsewhere(subject.adapter, subject.given(), [each.record for each in readings])
    if elsewhere is None:
        raise NotApplicable(
            f"'{subject.adapter.name}' cannot be made in another process: put it into a module that can be imported"
        )
    for reading, said in zip(readings, elsewhere, strict=True):
        _same(reading, said, "in another process")


def the_order_of_records_does_not_matter(subject: Subject) -> None:
    """Records in any order give the same listings, so nothing of one record stays behind for the next."""
    shuffled = list(subject.readings)
    Random(SEED).shuffle(shuffled)  # noqa: S311 - an order, not a secret
    adapter = subject.new_adapter()
    for reading in shuffled:
        _same(reading, read(adapter, reading.record).said, "when the records come in another order")


def _same(before: Reading, after: str, when: str) -> None:
    if before.said != after:
        raise Broken(
            f"{shown(before.record)} gives another result {when}: {_difference(before.said, after)}",
            "let normalise depend on the record and the options alone: keep nothing on self or in the module, iterate "
            "over sorted(…) instead of a set, and use no clock and no chance.",
        )


def _difference(one: str, other: str) -> str:
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1), 0)
    begin = max(0, start - 30)
    return f"…{one[begin : start + 40]}… and then …{other[begin : start + 40]}…"


def normalise_leaves_its_record_as_it_is(subject: Subject) -> None:
    """`normalise` does not change the record it is given, which is archived and compared afterwards."""
    for reading in subject.readings:
        given = copy.deepcopy(reading.record)
        read_itself(subject.one, given)
        if given != reading.record:
            raise Broken(
                f"normalise changes the payload of {shown(reading.record)}",
                "build new objects instead: no pop, del, sort, update or assignment on what came from the partner.",
            )


def normalise_touches_nothing(subject: Subject) -> None:
    """`normalise` opens no file, socket, process or thread; what it reads once and keeps, such as a table, is fine."""
    _ = subject.readings  # tables that are read once have been read now
    for reading in subject.readings:
        with no_world(subject.package) as seen:
            read(subject.one, reading.record)
        if seen:
            raise Broken(
                f"while normalising {shown(reading.record)} this happened: {seen[0]}",
                "ask the partner in fetch and put what came into the payload; read tables once, when the module is "
                "imported or the adapter is made.",
            )


def normalise_reads_no_clock_and_draws_no_lots(subject: Subject) -> None:
    """`normalise` reads no clock and draws nothing by chance, so that a record replayed next year gives the same."""
    for reading in subject.readings:
        with no_clock(subject.package) as seen:
            read(subject.one, reading.record)
        if seen:
            raise Broken(
                f"while normalising {shown(reading.record)} this was called: {seen[0]}",
                "take dates from the record; if the moment of reading matters, put job.now into the payload in fetch. "
                "The hub itself ends what has expired.",
            )


def dates_have_zones_and_are_plausible(subject: Subject) -> None:
    """`partner_modified` has a time zone, and lies between 1990 and tomorrow."""
    latest = datetime.now(UTC) + timedelta(days=1)
    for reading in subject.listed():
        modified = reading.normalised.partner_modified if reading.normalised else None
        if modified is None:
            continue
        if not isinstance(modified, datetime) or modified.tzinfo is None:
            raise Broken(
                f"{shown(reading.record)} has partner_modified = {modified!r}, without a time zone",
                'give it the partner\'s zone: moment.replace(tzinfo=ZoneInfo("Europe/Brussels")), or UTC where the '
                "partner writes Z.",
            )
        if not EARLIEST <= modified <= latest:
            raise Broken(
                f"{shown(reading.record)} has partner_modified = {modified.isoformat()}, which is not plausible",
                "check the order of day and month, and seconds against milliseconds; leave out what cannot be right.",
            )


def links_are_absolute(subject: Subject) -> None:
    """Every link is absolute, with http or https and a host; no record is refused for a link the adapter made."""
    for reading in subject.readings:
        relative = next((issue for issue in reading.issues if issue.code == "url-not-absolute"), None)
        if relative:
            raise Broken(
                f"{shown(reading.record)} is refused because {relative.field or 'a link'} is not absolute",
                "join it with the partner's address (urllib.parse.urljoin), or leave it out with a warning.",
            )
        listing = reading.normalised.listing if reading.normalised else None
        for field, link in _links(listing):
            parts = urlsplit(str(link))
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise Broken(
                    f"{shown(reading.record)} has {field} = {link!r}, which is not absolute",
                    "join it with the partner's address (urllib.parse.urljoin), and build listings with "
                    "model_validate or the constructor, never with model_construct.",
                )


def _links(listing: Any) -> list[tuple[str, Any]]:
    organisation = getattr(listing, "organisation", None)
    found = [("url", getattr(listing, "url", None)), ("organisation.url", getattr(organisation, "url", None))]
    for field in ("how_to_apply", "how_to_join"):
        found += [
            (field, way.value)
            for way in getattr(listing, field, None) or ()
            if way.channel is Channel.url and way.value
        ]
    return [(field, link) for field, link in found if link is not None]
