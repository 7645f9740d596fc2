"""Portals tell back: records that are wrong, and counts; from strangers too, who may send anything."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import http_sf
import httpx
import orjson
import pytest

from hub.model.vocabulary import ReportReason
from hub.store import keys
from hub.store.feedback import reports
from hub.store.feedback.reports import ReportRow
from hub.store.feedback.tables import report, usage, usage_batch
from hub.store.keys import Grant
from hub.store.keys.tables import access_key
from hub.web import AccessRules, Server, Site, app

NOW = "2026-11-23T06:00:00Z"
CANARIES = ("an.janssens@gmail.example", "0478 12 34 56", "09 234 56 78", "85.07.30-033.28", "BE68 5390 0754 7034")
DEEP = b'{"reason":' + b"[" * 1500 + b"]" * 1500 + b"}"
HOSTILE = {
    "nothing": b"",
    "a cut object": b'{"reason": "exp',
    "no object": b'["expired"]',
    "null": b"null",
    "a number": b"1e999",
    "deeply nested": DEEP,
    "no reason": b"{}",
    "another reason": b'{"reason": "because"}',
    "a reason that is a list": b'{"reason": ["expired"]}',
    "more than is asked": b'{"reason": "expired", "mail": "an@example.org"}',
    "a long note": b'{"reason": "other", "note": "' + b"x" * 501 + b'"}',
    "a note that is an object": b'{"reason": "other", "note": {"a": 1}}',
    "half a character": b'{"reason": "other", "note": "\\ud800"}',
    "half a character as a name": b'{"reason": "other", "\\ud800": 1}',
    "bytes that are no text": b'{"reason": "other", "note": "\xff\xfe"}',
    "a position below zero": b'{"reason": "other", "position": -1}',
    "a huge position": b'{"reason": "other", "position": 9223372036854775808}',
    "a position that is a text": b'{"reason": "other", "position": "1"}',
    "a double of what expired": b'{"reason": "expired", "duplicateOf": "x"}',
}


class Portal:
    """Speaks to the hub from an address of its own, as told by the proxy before the hub."""

    def __init__(self, client: httpx.Client, database: Any, address: str = "192.0.2.1") -> None:
        self.client = client
        self.database = database
        self.headers = {"x-forwarded-for": address}
        self.key: str | None = None

    def keyed(self, name: str = "Portaal") -> "Portal":
        with self.database.write() as connection:
            made = keys.give(connection, Grant(name, "it@portal.example", None), now=NOW)
        other = Portal(self.client, self.database)
        other.headers = {"authorization": f"Bearer {made.text}"}
        other.key = made.id
        return other

    def at(self, address: str) -> "Portal":
        return Portal(self.client, self.database, address)

    def report(self, identifier: str, reason: str = "expired", **more: Any) -> httpx.Response:
        address = f"/opportunities/{identifier}/reports"
        return self.client.post(address, json={"reason": reason, **more}, headers=self.headers)

    def send(self, counts: Any, *, batch: str | None = None, day: str | None = None, **more: Any) -> httpx.Response:
        said = {"batch": batch or str(uuid4()), "day": day or today(), "counts": counts, **more}
        return self.client.post("/usage", json=said, headers=self.headers)

    def kept(self) -> list[ReportRow]:
        with self.database.read() as connection:
            return reports.find(connection, limit=1000)


def today(days_ago: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(hours=1) - timedelta(days=days_ago)).date().isoformat()


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[httpx.Client]:
    server = Server(port=0)
    with (
        server.serving(app(replace(site, access=AccessRules(proxies=1)))),
        httpx.Client(base_url=server.address, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
def portal(client: httpx.Client, site: Site) -> Iterator[Portal]:
    yield Portal(client, site.database, f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1")
    with site.database.write() as connection:
        for table in (report, usage, usage_batch, access_key):
            connection.execute(table.delete())


@pytest.fixture
def job(shelf: Any) -> str:
    """Return the id of an opportunity that one source lists."""
    shelf.note_run("vdab", "applied")
    return str(shelf.put(0, 1))


# Reports ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", list(ReportReason))
def test_a_report_waits_for_a_person_with_the_sources_of_its_opportunity(
    portal: Portal, job: str, reason: ReportReason
) -> None:
    answer = portal.report(job, reason, position=1, note="De winkel is dicht.")
    (kept,) = portal.kept()
    assert (answer.status_code, answer.headers["cache-control"]) == (202, "no-store")
    assert answer.json() == {"id": kept.id, "state": "open", "repeated": False}
    assert (kept.opportunity, kept.reason, kept.position, kept.reader) == (job, reason, 1, "anonymous")
    assert (kept.note, kept.sources, kept.state) == ("De winkel is dicht.", ("vdab",), "open")


def test_a_report_with_a_key_is_its_portals(portal: Portal, job: str) -> None:
    keyed = portal.keyed()
    keyed.report(job)
    assert [each.reader for each in portal.kept()] == [keyed.key]


def test_the_same_reason_counts_once_for_each_reader(portal: Portal, job: str) -> None:
    first = portal.report(job).json()
    again = portal.report(job, note="Nog eens").json()
    assert again == {"id": first["id"], "state": "open", "repeated": True}
    for other in (portal.at("192.0.2.7"), portal.keyed()):
        assert other.report(job).json()["id"] != first["id"]
    assert portal.report(job, "offensive").json()["id"] != first["id"]
    assert len(portal.kept()) == 4


def test_a_duplicate_is_named_by_id_or_by_address(portal: Portal, job: str, shelf: Any) -> None:
    other = shelf.put(5, 2)
    assert portal.report(job, "duplicate", duplicateOf=f"https://hub.example/opportunities/{other}").status_code == 202
    assert portal.at("192.0.2.9").report(job, "duplicate", duplicateOf=other).status_code == 202
    assert [each.duplicate_of for each in portal.kept()] == [other, other]
    for impossible in (job, "nope", "https://hub.example/opportunities/nope", ""):
        refused = portal.report(job, "duplicate", duplicateOf=impossible)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (409, "#/duplicateOf")


def test_what_never_was_or_is_gone_cannot_be_reported(portal: Portal, shelf: Any) -> None:
    never, gone = portal.report("nope"), portal.report(shelf.end(3, 3, "merged", "x"))
    assert (never.status_code, never.json()["type"]) == (404, "https://hub.example/problems/no-such-opportunity")
    assert (gone.status_code, gone.json()["reason"]) == (410, "merged")
    assert gone.json()["mergedInto"] == "https://hub.example/opportunities/x"
    assert portal.kept() == []


@pytest.mark.parametrize("canary", CANARIES)
def test_no_address_or_number_of_anybody_is_kept_of_a_note(portal: Portal, job: str, canary: str) -> None:
    assert portal.report(job, "other", note=f"Bel of mail: {canary}. Het klopt niet.").status_code == 202
    (kept,) = portal.kept()
    assert kept.note
    assert "klopt niet" in kept.note
    assert not set(canary.split()) & set(kept.note.replace(".", " ").split())
    assert not any(canary.encode() in path.read_bytes() for path in portal.database.path.parent.glob("*.sqlite*"))


def test_the_address_of_who_reports_is_not_kept(portal: Portal, job: str) -> None:
    portal.at("198.51.100.77").report(job)
    with portal.database.read() as connection:
        row = connection.execute(report.select()).one()
    assert "198.51.100" not in repr(tuple(row))
    assert len(row.mark) == 16


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_report_is_refused_with_a_problem_and_not_kept(portal: Portal, job: str, body: bytes) -> None:
    headers = {**portal.headers, "content-type": "application/json"}
    answer = portal.client.post(f"/opportunities/{job}/reports", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert portal.kept() == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_read(portal: Portal, job: str, kind: str) -> None:
    headers = {**portal.headers, "content-type": kind}
    answer = portal.client.post(f"/opportunities/{job}/reports", content=b'{"reason":"expired"}', headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (415, "application/problem+json")
    assert portal.kept() == []


def test_the_longest_report_fits_however_it_is_escaped(portal: Portal, job: str) -> None:
    note = b'{"reason":"other","note":"' + rb"\ud83d\ude00" * 500 + b'"}'
    headers = {**portal.headers, "content-type": "application/json"}
    assert portal.client.post(f"/opportunities/{job}/reports", content=note, headers=headers).status_code == 202


@pytest.mark.parametrize("announced", [True, False])
def test_a_large_body_is_refused_announced_or_not(portal: Portal, job: str, announced: bool) -> None:
    body = b'{"reason":"other","note":"' + b"x" * 16_384 + b'"}'
    content: Any = body if announced else iter([body[:9000], body[9000:]])
    headers = {**portal.headers, "content-type": "application/json"}
    answer = portal.client.post(f"/opportunities/{job}/reports", content=content, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("address", ["/opportunities/x/reports", "/usage"])
def test_other_methods_are_not_for_this_address(portal: Portal, method: str, address: str) -> None:
    answer = portal.client.request(method, address, headers=portal.headers)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_reader_without_a_key_reports_ten_times_an_hour(portal: Portal, job: str, shelf: Any) -> None:
    answers = [portal.report(shelf.put(20 + number, 20 + number)) for number in range(10)]
    over = portal.report(job)
    assert {answer.status_code for answer in answers} == {202}
    assert (over.status_code, over.json()["violated-policies"]) == (429, ["reports-by-address"])
    assert 0 < int(over.headers["retry-after"]) <= 3720
    told: Any = http_sf.parse(over.headers["ratelimit"].encode(), tltype="list")
    assert {name: said["r"] for name, said in told}["reports-by-address"] == 0
    assert portal.at("203.0.113.5").report(job).status_code == 202
    assert portal.keyed().report(job).status_code == 202


def test_a_key_that_does_not_hold_reports_nothing(portal: Portal, job: str) -> None:
    keyed = portal.keyed()
    with portal.database.write() as connection:
        keys.revoke(connection, str(keyed.key), now=NOW)
    assert keyed.report(job).status_code == 401
    assert keyed.send([{"opportunity": job}]).status_code == 401
    assert portal.kept() == []


def test_a_crowd_without_keys_cannot_fill_the_store(portal: Portal, job: str) -> None:
    for number in range(reports.MOST_OPEN):
        assert portal.at(f"203.0.113.{number}").report(job).status_code == 202
    full = portal.at("203.0.113.200").report(job)
    assert (full.status_code, full.json()["type"]) == (409, "https://hub.example/problems/enough-reports")
    assert portal.keyed().report(job).status_code == 202


def test_a_report_changes_nothing_in_the_feed(portal: Portal, job: str) -> None:
    before = portal.client.get("/feeds/all").content, portal.client.get(f"/opportunities/{job}").content
    portal.keyed().report(job)
    assert (portal.client.get("/feeds/all").content, portal.client.get(f"/opportunities/{job}").content) == before


# Counts ----------------------------------------------------------------------------------------------------------


def counted(portal: Portal) -> dict[tuple[str, str, str], int]:
    with portal.database.read() as connection:
        return {(row.day, row.source, row.event): row.count for row in connection.execute(usage.select())}


def test_counts_are_added_up_by_day_source_and_portal(portal: Portal, job: str) -> None:
    keyed, day = portal.keyed(), today(1)
    row = {"opportunity": job, "shown": 12, "opened": 3, "applied": 1}
    first = keyed.send([row, {"opportunity": str(uuid4()), "shown": 5}], day=day)
    assert (first.status_code, first.json()) == (200, {"counted": 1, "ignored": 1, "repeated": False})
    keyed.send([{"opportunity": job, "shown": 2}], day=day)
    assert counted(portal) == {(day, "vdab", "shown"): 14, (day, "vdab", "opened"): 3, (day, "vdab", "applied"): 1}


def test_a_whole_number_may_be_written_with_a_point_as_json_has_it(portal: Portal, job: str) -> None:
    assert portal.keyed().send([{"opportunity": job, "shown": 2.0}]).status_code == 200
    assert counted(portal) == {(today(), "vdab", "shown"): 2}


def test_a_batch_that_is_sent_again_counts_once(portal: Portal, job: str) -> None:
    keyed, other, batch = portal.keyed(), portal.keyed("Ander"), str(uuid4())
    rows = [{"opportunity": job, "shown": 4}]
    assert keyed.send(rows, batch=batch).json() == {"counted": 1, "ignored": 0, "repeated": False}
    assert keyed.send(rows, batch=batch).json() == {"counted": 1, "ignored": 0, "repeated": True}
    differs = keyed.send([{"opportunity": job, "shown": 5}], batch=batch)
    assert (differs.status_code, differs.json()["type"]) == (409, "https://hub.example/problems/batch-differs")
    assert other.send(rows, batch=batch).json()["repeated"] is False
    with portal.database.read() as connection:
        found = sorted((row.portal, row.count) for row in connection.execute(usage.select()))
    assert found == sorted([(keyed.key, 4), (other.key, 4)])


def test_counts_are_taken_from_who_has_a_key_only(portal: Portal, job: str) -> None:
    answer = portal.send([{"opportunity": job, "shown": 1}])
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["type"] == "https://hub.example/problems/key-required"
    assert counted(portal) == {}


@pytest.mark.parametrize("days_ago", [-2, 9, 400])
def test_counts_of_days_long_gone_or_to_come_are_refused(portal: Portal, job: str, days_ago: int) -> None:
    answer = portal.keyed().send([{"opportunity": job, "shown": 1}], day=today(days_ago))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, "#/day")
    assert counted(portal) == {}


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"opportunity": "An Janssens", "shown": 1},
        {"opportunity": "0191D7A2-0000-5000-8000-000000000000"},
        {"opportunity": "0191d7a2-0000-5000-8000-000000000000", "shown": -1},
        {"opportunity": "0191d7a2-0000-5000-8000-000000000000", "shown": 10_000_001},
        {"opportunity": "0191d7a2-0000-5000-8000-000000000000", "shown": "1"},
        {"opportunity": "0191d7a2-0000-5000-8000-000000000000", "shown": 1.5},
        {"opportunity": "0191d7a2-0000-5000-8000-000000000000", "shown": True},
        {"opportunity": "0191d7a2-0000-5000-8000-000000000000", "visitor": "an@example.org"},
        None,
    ],
)
def test_the_shape_of_counts_has_no_room_for_anything_else(portal: Portal, row: Any) -> None:
    assert portal.keyed().send([row]).status_code == 422
    assert counted(portal) == {}


@pytest.mark.parametrize("wrong", [{"batch": "An"}, {"day": "yesterday"}, {"day": "2026-02-30"}, {"who": "An"}])
def test_what_counts_are_of_is_checked(portal: Portal, job: str, wrong: dict[str, str]) -> None:
    assert portal.keyed().send([{"opportunity": job, "shown": 1}], **wrong).status_code == 422


def test_a_thousand_rows_are_taken_and_not_one_more(portal: Portal, job: str) -> None:
    keyed, row = portal.keyed(), {"opportunity": job, "shown": 10_000_000, "opened": 10_000_000, "applied": 1}
    assert keyed.send([row] * 1000).json() == {"counted": 1000, "ignored": 0, "repeated": False}
    assert counted(portal)[today(), "vdab", "shown"] == 10_000_000_000
    assert keyed.send([row] * 1001).status_code == 422
    assert keyed.send([]).status_code == 422
    huge = portal.client.post("/usage", content=b" " * 300_000, headers=keyed.headers)
    assert huge.status_code == 413


def test_an_opportunity_of_two_sources_counts_for_both(portal: Portal, job: str, shelf: Any) -> None:
    shelf.note_run("programmes", "applied")
    portal.keyed().send([{"opportunity": job, "shown": 3}])
    assert counted(portal) == {(today(), "programmes", "shown"): 3, (today(), "vdab", "shown"): 3}


# The contract ----------------------------------------------------------------------------------------------------


def test_the_description_says_exactly_what_is_taken_and_answered(portal: Portal, job: str) -> None:
    contract = portal.client.get("/openapi.json").json()
    reporting = contract["paths"]["/opportunities/{identifier}/reports"]["post"]
    counting = contract["paths"]["/usage"]["post"]
    assert set(reporting["responses"]) == {"202", "400", "401", "404", "409", "410", "413", "415", "422", "429", "503"}
    assert set(counting["responses"]) == {"200", "400", "401", "409", "413", "415", "422", "429", "503"}
    assert reporting["security"] == [{}, {"accessKey": []}]
    assert counting["security"] == [{"accessKey": []}]
    told = contract["components"]["schemas"]["RecordReport"]
    assert (set(told["properties"]), told["additionalProperties"]) == (
        {"reason", "note", "duplicateOf", "position"}, False,
    )  # fmt: skip
    answered = reporting["responses"]["202"]["content"]["application/json"]["schema"]
    assert set(answered["required"]) == set(orjson.loads(portal.report(job).content))
