"""Openings that VDAB and Actiris both list, through a whole hub: published once where one tells the other's number."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import orjson
import pytest
from hub_actiris.sandbox import ActirisSandbox
from hub_actiris.sandbox_item import item
from hub_vdab.sandbox import VdabSandbox
from hub_vdab.stand_in import detail, internal_reference
from small_hub import Folder

from hub.app import matching
from hub.app.hub import Hub
from hub.pipeline import Outcome
from hub.store import pages
from hub.testing import Market, Opening, combined, serve
from hub.testing.server import address_of, listen

SEED, TODAY = 1, date(2026, 11, 23)
SMALL, WHOLE, ALL = 400, 4000, 100_000
SECRETS = 'client_id = { env = "NOT_SET" }\nclient_secret = { env = "NOT_SET" }\n'


class Ran(NamedTuple):
    """What a hub made of a market that both partners list.

    Args:
        openings: of the market, by their numbers.
        published: for each opportunity, the opening behind each of its listings, by source.
        asked: the pairs of openings that people are asked about.
    """

    openings: Mapping[int, Opening]
    published: list[dict[str, int]]
    asked: set[tuple[int, int]]

    @property
    def shared(self) -> set[int]:
        """The openings that came from both partners."""
        at = {source: {each[source] for each in self.published if source in each} for source in ("vdab", "actiris")}
        return at["vdab"] & at["actiris"]

    @property
    def joined(self) -> set[tuple[int, int]]:
        """The opening at VDAB and the one at Actiris of each opportunity that has both."""
        return {(each["vdab"], each["actiris"]) for each in self.published if len(each) == 2}

    @property
    def named(self) -> set[int]:
        """The shared openings whose number at VDAB is told by Actiris."""
        return {number for number in self.shared if "referenceVdab" in item(self.openings[number])}

    @property
    def branches(self) -> set[tuple[int, int]]:
        """The openings at VDAB and at Actiris of which one is nearly the other."""
        nearly = {(each.number, each.branch_of) for each in self.openings.values() if each.branch_of in self.openings}
        return {pair for one, other in nearly if other for pair in ((one, other), (other, one))}


def partners(size: int) -> tuple[VdabSandbox, ActirisSandbox]:
    return VdabSandbox(SEED, TODAY, size=size), ActirisSandbox(Market(SEED, size, today=TODAY))


@pytest.fixture(scope="module", params=[SMALL, pytest.param(WHOLE, marks=pytest.mark.slow)])
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """What a hub made of both partners in a run of each."""
    folder, listener = Folder(tmp_path_factory.mktemp("shared")), listen()
    folder.source("vdab", SECRETS, adapter="vdab", more="sandbox = true")
    folder.source("actiris", adapter="actiris", more="sandbox = true")
    vdab, actiris = partners(request.param)
    with Hub.open(folder.path, sandbox_address=address_of(listener)) as hub:
        vars(hub.sandboxes)["by_adapter"] = {"vdab": vdab, "actiris": actiris}
        with serve(combined(hub.sandboxes.by_adapter), listener=listener):
            assert {hub.run(source).outcome for source in ("vdab", "actiris")} == {Outcome.complete}
        return read(hub, vdab.market.openings)


def read(hub: Hub, openings: Mapping[int, Opening]) -> Ran:
    numbers = {f"vdab/{internal_reference(each)}": each.number for each in openings.values()}
    numbers |= {f"actiris/{each.number_at('actiris')}": each.number for each in openings.values()}
    with hub.database.read() as connection:
        bodies = [each.body for each in pages.items(connection, after=0, limit=ALL) if each.body]
    published = [
        {each["source"]: numbers[f"{each['source']}/{each['localId']}"] for each in orjson.loads(body)["listings"]}
        for body in bodies
    ]
    asked = {(numbers[each.first.name], numbers[each.second.name]) for each in matching.queue(hub, ALL)}
    return Ran(openings, published, asked)


def test_the_stand_ins_of_one_market_share_openings_and_agree_on_their_numbers() -> None:
    vdab, actiris = partners(SMALL)
    shared = [each for each in actiris.listed() if "vdab" in vdab.market.openings[each.number].listed_by]
    told = {each.number: item(each)["referenceVdab"] for each in shared if "referenceVdab" in item(each)}
    at_vdab = {each.number: detail(each, parent=None, doubles=[])["vacatureReferentie"] for each in shared}
    assert len(shared) > SMALL / 15
    assert 0.5 < len(told) / len(shared) < 0.8
    assert told == {number: str(at_vdab[number]["vdabReferentie"]) for number in told}


def test_what_actiris_passes_on_with_its_number_at_vdab_is_one_opportunity_of_two_listings(ran: Ran) -> None:
    assert ran.named
    assert {(number, number) for number in ran.named} <= ran.joined


def test_no_opening_is_joined_with_another_not_even_with_its_branch(ran: Ran) -> None:
    assert [(one, other) for one, other in ran.joined if one != other] == []
    listed = {source: {each.get(source) for each in ran.published} for source in ("vdab", "actiris")}
    assert [pair for pair in ran.branches if pair[0] in listed["vdab"] and pair[1] in listed["actiris"]]


def test_what_is_told_without_its_number_waits_for_people_or_stands_apart(ran: Ran) -> None:
    waiting = {one for one, other in ran.asked if one == other}
    assert ran.shared - ran.named - {one for one, _ in ran.joined} >= waiting
    assert len(waiting) > len(ran.shared - ran.named) / 2
