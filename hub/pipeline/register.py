"""The register of organisations at work: who a listing is from, and what is known of them besides what it says.

What is learned of an organisation is said of listings that are described from then on, and moves no other: one number
learned would move thousands. What proves wrong is taken back wherever it was said, since it would mislead.
"""

from collections.abc import Callable, Collection
from itertools import islice
from typing import Any

import orjson

from hub.organisations import METHOD, VERSION, Known, described, sighting
from hub.store import Connection, Database, matches, organisations
from hub.store.plan_file import PlanFile

_AT_ONCE = 5_000
"""Mentions that are entered at once: all that is known of their names is read with them, again for each such lot."""
_OF_REGISTER = ("kbo", "alternativeNames")

Json = dict[str, Any]


class Register:
    """What is known of organisations, as far as one run asks."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def look_up(self, connection: Connection, names: Collection[str]) -> None:
        """Read what is known of these organisations, where it was not read before."""
        if missing := set(names) - self._known.keys():
            self._known.update(organisations.known(connection, missing))

    def describe(self, said: Json, organisation: str) -> bool:
        """Add to what is published of a listing what is known of its organisation, and say whether that is anything."""
        found = self._known.get(organisation)
        if found is None:
            return False
        told, derivation = described(said["organisation"], found)
        if derivation is None:
            return False
        told.pop("id", None)
        said["organisation"] = told
        said["derived"] = [*said.get("derived", ()), derivation]
        return True


def register_plan(
    database: Database, plan: PlanFile, source: str, *, now: str, fence: Callable[[Connection], None]
) -> None:
    """Enter whom the listings of a plan are from, and write into the plan which organisations these are.

    Before, the register is reconsidered where another edition of the rules made it; what that takes back is described
    again when the plan is applied.
    """
    _renew(database, now=now, fence=fence)
    mentions = ((place, sighting(source, orjson.loads(body))) for batch in plan.published() for place, body in batch)
    while seen := list(islice(mentions, _AT_ONCE)):
        with database.write() as connection:
            fence(connection)
            done = organisations.sight(connection, [mention for _, mention in seen], now=now)
            organisations.retract(connection, done.retracted)
        plan.belongs((place, done.organisations[mention]) for place, mention in seen)


def _renew(database: Database, *, now: str, fence: Callable[[Connection], None]) -> None:
    with database.read() as connection:
        if organisations.is_current(connection, VERSION):
            return
    with database.write() as connection:
        fence(connection)
        if not organisations.is_current(connection, VERSION):  # another run may have come first
            organisations.renew(connection, VERSION, now=now)


def describe_again(connection: Connection) -> set[int]:
    """Describe the listings again of whose organisations something proved wrong, and return those that changed."""
    stale = organisations.retracted(connection)
    organisations.settle_retractions(connection)
    if not stale:
        return set()
    versions = {number: orjson.loads(body) for number, body in matches.versions(connection, stale).items()}
    sources = {member.id: member.source for member in matches.members(connection, stale)}
    for said in versions.values():
        _forget(said)
    mentions = {number: sighting(sources[number], said) for number, said in versions.items()}
    belongs = organisations.belonging(connection, mentions.values())
    register = Register()
    register.look_up(connection, set(belongs.values()))
    for number, mention in mentions.items():
        register.describe(versions[number], belongs.get(mention, ""))
    organisations.attach(connection, {number: belongs[each] for number, each in mentions.items() if each in belongs})
    return _replace(connection, {number: orjson.dumps(said) for number, said in versions.items()})


def _forget(said: Json) -> None:
    """Take out of what is published of a listing what the register had added."""
    ours = {field for each in said.get("derived", ()) if each["method"] == METHOD for field in each["fields"]}
    for name in _OF_REGISTER:
        if f"organisation.{name}" in ours:
            said["organisation"].pop(name, None)
    if rest := [each for each in said.get("derived", ()) if each["method"] != METHOD]:
        said["derived"] = rest
    else:
        said.pop("derived", None)


def _replace(connection: Connection, written: dict[int, bytes]) -> set[int]:
    before = matches.versions(connection, written)
    changed = {number: body for number, body in written.items() if before[number] != body}
    matches.rewrite(connection, changed.items())
    return set(changed)
