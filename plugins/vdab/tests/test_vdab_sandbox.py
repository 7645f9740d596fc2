"""The stand-in of VDAB keeps VDAB's rules; over real sockets with the hub's own client."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hub_vdab.adapter import Vdab
from hub_vdab.sandbox import TOKEN_PATH, VdabSandbox, build

from hub import Complete, RawRecord, SourceUnavailable
from hub.archive import Archive
from hub.client import PartnerJob, Reach
from hub.testing import Fault, combined, serve

LOOPBACK = Reach(private=frozenset({"127.0.0.1"}))
WINDOW = {"van": "2026-11-15T12:00:00.000Z", "tot": "2026-11-20T12:00:00.000Z"}


@pytest.fixture
def address(sandbox: VdabSandbox) -> Iterator[str]:
    with serve(combined({"vdab": sandbox})) as address:
        yield f"{address}/vdab"


def token(address: str, sandbox: VdabSandbox, **changed: str) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "client_id": sandbox.client_id,
        "client_secret": sandbox.client_secret,
        **changed,
    }
    return httpx.post(address + TOKEN_PATH, data=form)


@pytest.fixture
def vdab(address: str, sandbox: VdabSandbox) -> Iterator[httpx.Client]:
    bearer = token(address, sandbox).json()["access_token"]
    headers = {"Authorization": f"Bearer {bearer}", "X-IBM-Client-Id": sandbox.api_key}
    with httpx.Client(base_url=f"{address}/v4", headers=headers) as client:
        yield client


def test_a_token_lasts_900_seconds(vdab: httpx.Client, clock: Any) -> None:
    clock.move(seconds=899)
    assert vdab.get("/vacatures/bulk", params=WINDOW).status_code == 200
    clock.move(seconds=1)
    assert vdab.get("/vacatures/bulk", params=WINDOW).status_code == 401


def test_a_wrong_secret_gets_no_token(address: str, sandbox: VdabSandbox) -> None:
    assert token(address, sandbox, client_secret="wrong").status_code == 401
    assert token(address, sandbox, grant_type="password").status_code == 400


def test_a_token_without_the_api_key_is_not_enough(vdab: httpx.Client) -> None:
    assert vdab.get("/vacatures/bulk", params=WINDOW, headers={"X-IBM-Client-Id": "wrong"}).status_code == 401


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/vacatures/bulk", WINDOW | {"van": "2026-11-15T11:59:59.999Z"}),
        ("/vacatures/bulk", WINDOW | {"tot": "2026-11-14T12:00:00.000Z"}),
        ("/vacatures/bulk", WINDOW | {"aantal": "2001"}),
        ("/vacatures/bulk", {"van": WINDOW["van"]}),
        ("/vacatures/initial", {"datum": "20-11-2026"}),
        ("/vacatures/initial", {"datum": "2026-11-20", "vanaf": "-1"}),
    ],
)
def test_what_vdab_does_not_allow_is_answered_with_400(vdab: httpx.Client, path: str, params: dict[str, str]) -> None:
    answer = vdab.get(path, params=params)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_vacancy_that_does_not_exist_is_not_found(vdab: httpx.Client) -> None:
    answer = vdab.get("/vacatures/5a0f6a0e-0000-5d1e-9a51-0a7d0b7f1c11")
    assert answer.status_code == 404
    assert answer.json()["message"].endswith("is geen bestaande vacature")


def test_the_limit_counts_by_endpoint(clock: Any) -> None:
    limited = VdabSandbox(1, clock.now.date(), size=20, moment=clock, calls_a_minute=30)
    with serve(limited.app) as address:
        # One more is allowed every two seconds, which a busy machine may need for these.
        statuses = [token(address, limited).status_code for _ in range(80)]
        assert statuses[:30] == [200] * 30
        assert 429 in statuses
        assert httpx.get(f"{address}/v4/vacatures/initial").status_code == 401


def test_the_same_seed_gives_the_same_vacancies(clock: Any) -> None:
    one, other = (VdabSandbox(4, clock.now.date(), size=60, moment=clock) for _ in range(2))
    assert [one.tick(), one.tick()] == [other.tick(), other.tick()]
    assert [one._detail(opening) for opening in one._listed.live] == [
        other._detail(opening) for opening in other._listed.live
    ]


def test_the_market_of_the_sandbox_has_what_vdab_is_known_for(clock: Any) -> None:
    whole = build(1, clock.now.date())
    details = [whole._detail(opening) for opening in whole._listed.live]
    assert len(details) > 2000
    assert all(detail["tewerkstellingsadres"]["gemeente"].isupper() for detail in details)
    bare = [detail for detail in details if isinstance(detail["arbeidsovereenkomst"]["arbeidsContract"], str)]
    people = [detail for detail in details if detail["sollicitatieprocedure"]["contactpersoon"]]
    doubles = [detail for detail in details if detail.get("dubbels", {}).get("parentId")]
    assert min(len(bare), len(people), len(doubles)) > 20


def test_the_hubs_own_client_reads_it_over_real_sockets(address: str, sandbox: VdabSandbox, tmp_path: Path) -> None:
    adapter = Vdab(Vdab.options_type.model_validate({**sandbox.options(address), "batch_size": 20}))
    with PartnerJob(Archive(tmp_path), tmp_path, reach=LOOPBACK) as job:
        *fetched, end = adapter.fetch(job)
        assert adapter.check(job).startswith(address)
    assert isinstance(end, Complete)
    assert sum(isinstance(entry, RawRecord) for entry in fetched) > 100


@pytest.mark.parametrize("path", [TOKEN_PATH, "/initial"])
def test_the_client_waits_as_a_429_asks_and_goes_on(
    address: str, sandbox: VdabSandbox, tmp_path: Path, path: str
) -> None:
    sandbox.fail_next(Fault.too_many, path=path)
    adapter = Vdab(Vdab.options_type.model_validate(sandbox.options(address)))
    waits: list[float] = []
    with PartnerJob(Archive(tmp_path), tmp_path, reach=LOOPBACK, sleep=waits.append) as job:
        assert isinstance(list(adapter.fetch(job))[-1], Complete)
    assert {round(wait) for wait in waits} == {1}  # other requests wait too, since no time passes in this test


def test_an_error_in_the_middle_aborts_the_run(address: str, sandbox: VdabSandbox, tmp_path: Path) -> None:
    sandbox.fail_next(Fault.server_error, after=2, times=20, path="/v4/vacatures")
    adapter = Vdab(Vdab.options_type.model_validate({**sandbox.options(address), "batch_size": 20}))
    job = PartnerJob(Archive(tmp_path), tmp_path, reach=LOOPBACK, sleep=lambda _: None)
    with job, pytest.raises(SourceUnavailable):
        list(adapter.fetch(job))
