"""The adapter against its own stand-in, over real sockets."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hub_actiris import Actiris
from hub_actiris.options import ActirisOptions
from hub_actiris.sandbox import ActirisSandbox, build
from hub_actiris.sandbox_item import REFERENCES, REGIMES, item

from hub import (
    Audience,
    AuthenticationRejected,
    Complete,
    Fetched,
    Incomplete,
    Normalised,
    RawRecord,
    RecordError,
    Refused,
    SourceError,
    Vacancy,
)
from hub.testing import Fault, Market

TODAY = date(2026, 11, 22)
Fetch = Callable[..., list[Fetched]]


@pytest.fixture
def sandbox() -> ActirisSandbox:
    return ActirisSandbox(Market(7, size=600, today=TODAY))


@pytest.fixture(scope="module")
def whole() -> ActirisSandbox:
    return build(7, TODAY)


@pytest.fixture(scope="module")
def fetched(fetch: Fetch, whole: ActirisSandbox) -> list[Fetched]:
    return fetch(whole.app, page_size=100, references=REFERENCES)


def references(fetched: list[Fetched]) -> set[str]:
    return {each.local_id for each in fetched if isinstance(each, RawRecord)}


def normalised(fetched: list[Fetched]) -> list[Normalised]:
    adapter, found = Actiris(ActirisOptions.model_validate({"regimes": REGIMES, "references": REFERENCES})), []
    for each in fetched:
        if isinstance(each, RawRecord):
            with suppress(RecordError):
                found.append(adapter.normalise(each))
    return found


def test_everything_the_market_lists_at_actiris_is_read(fetched: list[Fetched], whole: ActirisSandbox) -> None:
    read = sum(isinstance(each, RawRecord | Refused) for each in fetched)
    assert read == len(whole.listed()) > 1500
    assert isinstance(fetched[-1], Complete)


def test_nearly_every_offer_becomes_a_vacancy(fetched: list[Fetched], whole: ActirisSandbox) -> None:
    found = normalised(fetched)
    assert 0.99 < len(found) / len(whole.listed()) < 1
    assert not [each.unknown_fields for each in found if each.unknown_fields]
    assert {table for each in found for table, _ in each.unknown_values} == {"typeContrat"}


def test_offers_of_others_are_known(fetched: list[Fetched]) -> None:
    whose = Counter(each.provenance for each in normalised(fetched))
    assert set(whose) == {"actiris", "vdab-forem", "partner"}


def test_offers_of_others_tell_their_number_there_in_two_of_three(fetched: list[Fetched]) -> None:
    passed_on = [each for each in normalised(fetched) if each.provenance == "vdab-forem"]
    told = [reference for each in passed_on for reference in each.references]
    assert 0.6 < len(told) / len(passed_on) < 0.75
    assert {reference.partition(":")[0] for reference in told} == {"vdab", "forem"}
    assert not [each for each in normalised(fetched) if each.references and each.provenance != "vdab-forem"]


def test_offers_of_others_are_told_in_other_words(whole: ActirisSandbox) -> None:
    passed_on = [opening for opening in whole.listed() if "vdab" in opening.listed_by]
    places = [item(opening)["codePostal"] == opening.place.postal_code for opening in passed_on]
    assert 0.05 < places.count(False) / len(places) < 0.3
    french = [item(opening)["titreNl"] == "" for opening in passed_on]
    assert 0.5 < french.count(True) / len(french) < 0.8


def test_offers_for_people_with_a_disability_are_known(fetched: list[Fetched], whole: ActirisSandbox) -> None:
    vacancies = [each.listing for each in normalised(fetched) if isinstance(each.listing, Vacancy)]
    reserved = [vacancy for vacancy in vacancies if vacancy.reserved_for]
    listed = sum(opening.contract == "disability_reserved" for opening in whole.listed())
    assert listed - 2 <= len(reserved) <= listed
    assert {vacancy.audience for vacancy in reserved} == {(Audience.disability,)}


def test_the_same_seed_gives_the_same_offers_tick_after_tick() -> None:
    one, other = (ActirisSandbox(Market(3, size=200, today=TODAY)) for _ in range(2))
    counts = [(one.tick(), other.tick()) for _ in range(3)]
    assert all(first == second for first, second in counts)
    assert [item(o)["reference"] for o in one.listed()] == [item(o)["reference"] for o in other.listed()]


def test_a_tick_adds_edits_and_withdraws_offers(fetch: Fetch, sandbox: ActirisSandbox) -> None:
    before = references(fetch(sandbox.app, passes={}))
    for _ in range(5):
        sandbox.tick()
    after = references(fetch(sandbox.app, passes={}))
    assert after - before
    assert before - after


def test_a_page_size_above_the_cap_falls_back_and_loses_nothing(fetch: Fetch, sandbox: ActirisSandbox) -> None:
    assert references(fetch(sandbox.app, page_size=500, passes={})) == references(fetch(sandbox.app, passes={}))


def test_more_calls_than_allowed_are_told_to_wait(job_at: Callable[..., Any]) -> None:
    slow = ActirisSandbox(Market(7, size=50, today=TODAY), calls_a_minute=2)
    with job_at(slow.app) as (adapter, job):
        assert "answers with a list of" in adapter.check(job)
        assert "answers with a list of" in adapter.check(job)
        with pytest.raises(SourceError, match="429"):
            adapter.check(job)


@pytest.mark.parametrize("fault", [Fault.html, Fault.half_body, Fault.cut_json, Fault.server_error])
def test_a_partner_that_fails_in_the_middle_ends_the_run(fetch: Fetch, sandbox: ActirisSandbox, fault: Fault) -> None:
    sandbox.fail_next(fault, times=20, after=2)
    with pytest.raises(SourceError) as raised:
        fetch(sandbox.app)
    assert str(raised.value)


def test_refused_credentials_are_said_to_be_so(fetch: Fetch, sandbox: ActirisSandbox) -> None:
    sandbox.fail_next(Fault.wrong_credentials, times=5)
    with pytest.raises(AuthenticationRejected):
        fetch(sandbox.app)


def test_a_list_that_is_empty_from_the_start_is_complete(fetch: Fetch, sandbox: ActirisSandbox) -> None:
    sandbox.fail_next(Fault.empty_list)
    (end,) = fetch(sandbox.app)
    assert isinstance(end, Complete)


def test_a_list_that_is_suddenly_empty_while_it_is_read_is_no_proof(fetch: Fetch, sandbox: ActirisSandbox) -> None:
    sandbox.fail_next(Fault.empty_list, after=2, times=9)
    fetched = fetch(sandbox.app, attempts=1, passes={})
    assert isinstance(fetched[-1], Incomplete)


def test_links_lead_to_no_real_offer(sandbox: ActirisSandbox) -> None:
    numbers = [int(made["reference"]) for made in map(item, sandbox.listed()) if made["reference"]]
    assert min(numbers) > 90_000_000
