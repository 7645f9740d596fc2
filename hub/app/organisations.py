"""Organisations for people: which there are, what one consists of, and deciding which are one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hub.app.hub import Hub
from hub.errors import StoreError
from hub.model.opportunity import utc
from hub.organisations import Known
from hub.pipeline import deciding
from hub.store.organisations import decisions, known, retract, views
from hub.store.organisations.decisions import DecisionRow, Word
from hub.store.organisations.views import Listed, Mention, Uncertain


@dataclass(frozen=True, slots=True)
class Shown:
    """An organisation: what is known of it, its other ids, how sources name it, and what people decided about it."""

    known: Known
    ids: Sequence[str]
    mentions: Sequence[Mention]
    decisions: Sequence[DecisionRow]


def find(hub: Hub, words: str | None, *, limit: int) -> list[Listed]:
    """Return the organisations by this name, part of a name, number or id, or all; those with most offers first."""
    with hub.database.read() as connection:
        return views.find(connection, words, limit=limit)


def review(hub: Hub, *, limit: int) -> list[Uncertain]:
    """Return the pairs that a person should judge, those with most offers in the feed first."""
    with hub.database.read() as connection:
        return views.uncertain(connection, limit=limit)


def show(hub: Hub, named: str) -> Shown:
    """Return one organisation, by an id of it, its number, or a name that only it has."""
    with hub.database.read() as connection:
        organisation = identify(hub, named)
        others = views.ids(connection, organisation)
        about = {
            row.id: row
            for each in (organisation, *others)
            for row in decisions.decisions(connection, each, undone=True)
        }
        return Shown(
            known(connection, [organisation])[organisation],
            others,
            views.mentions(connection, organisation),
            [about[number] for number in sorted(about)],
        )


def merge(hub: Hub, survivor: str, other: str, *, by: str, why: str) -> tuple[str, str]:
    """Make one organisation of two, and return the ids of survivor and other."""
    one, two = identify(hub, survivor), identify(hub, other)
    with hub.database.write() as connection:
        decisions.merge(connection, one, two, _word(by, why))
    return one, two


def keep_apart(hub: Hub, one: str, other: str, *, by: str, why: str) -> None:
    """Keep two organisations apart from now on, taking back that they were merged if they were; by their ids."""
    with hub.database.write() as connection:
        decisions.take_back(connection, one, other, _word(by, why))
        retract(connection, (one, other))
    deciding.take_back(hub.database, hub.data / "plans", datetime.now(UTC))


def split(hub: Hub, named: str, part: tuple[str, str | None], *, by: str, why: str) -> tuple[str, int]:
    """Make an organisation of its own of one name of another, in one place or all; return its id and its mentions."""
    organisation = identify(hub, named)
    with hub.database.write() as connection:
        made = decisions.split(connection, organisation, part, _word(by, why))
        retract(connection, [organisation])
    deciding.take_back(hub.database, hub.data / "plans", datetime.now(UTC))
    return made


def identify(hub: Hub, named: str) -> str:
    """Return the id of the organisation that a person names; StoreError when there is none, or more than one."""
    with hub.database.read() as connection:
        if named.count("-") == 4:  # a UUID
            return decisions.root(connection, named)
        found = views.find(connection, "".join(named.split(".")) if named.replace(".", "").isdigit() else named)
    exact = [each for each in found if named in {each.name, each.kbo}] or found
    if len(exact) != 1:
        how_many = f"{len(exact)} organisations are" if exact else "no organisation is"
        raise StoreError(f"{how_many} called {named!r}; `hub organisation list` shows ids, which are sure")
    return exact[0].id


def _word(by: str, why: str) -> Word:
    return Word(by, why, utc(datetime.now(UTC)))
