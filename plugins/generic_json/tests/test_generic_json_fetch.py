"""Asking for lists of every style, and how a reading ends."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hub_generic_json import GenericJson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub import Complete, Fetched, Incomplete, RawRecord, Refused, UnexpectedAnswer, Withdrawal
from hub.testing import Sandbox, adapter_for
from hub.testing import fetch as fetch_from

Answering = Callable[[Request, Any], Any]

GOOD: dict[str, Any] = {
    "kind": "vacancy",
    "id": "id",
    "fields": {"title": "title", "organisation.name": "firm"},
}
JOBS = [{"id": str(number), "title": f"Job {number}", "firm": "Voorbeeld"} for number in range(7)]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Partner(Sandbox):
    """A partner whose every path is answered by one function of the request and its body."""

    def __init__(self, answer: Answering, options: Mapping[str, Any]) -> None:
        super().__init__([Route("/{path:path}", self._answer, methods=["GET", "POST"])])
        self._asked, self._options = answer, options
        self.requests: list[tuple[str, str]] = []

    def options(self, address: str) -> dict[str, Any]:
        """Return the options with the address of the list."""
        given = json.loads(json.dumps(self._options).replace("{address}", address))
        return {**GOOD, "url": f"{address}/jobs", **given}

    def tick(self) -> Mapping[str, int]:
        """Change nothing."""
        return {}

    async def _answer(self, request: Request) -> Response:
        body = json.loads(await request.body() or b"null")
        self.requests.append((str(request.url.query), json.dumps(body)))
        answered = self._asked(request, body)
        return answered if isinstance(answered, Response) else JSONResponse(answered)


def fetch(answer: Answering, cursor: str | None = None, now: datetime = NOW, **options: Any) -> list[Fetched]:
    partner = Partner(answer, options)
    return fetch_from(adapter_for(GenericJson, partner), partner, cursor=cursor, now=now)


def ids(found: list[Fetched]) -> list[str | None]:
    return [each.local_id for each in found if not isinstance(each, Complete | Incomplete)]


ALL = [job["id"] for job in JOBS]


def test_one_answer_is_the_whole_list() -> None:
    found = fetch(lambda *_: {"data": {"jobs": JOBS}, "count": 7}, records="data.jobs", total="count")
    assert ids(found) == ALL
    assert isinstance(found[-1], Complete)
    assert (found[-1].covers, found[-1].cursor) == ("everything", None)


def test_a_total_that_disagrees_ends_the_run_incomplete() -> None:
    found = fetch(lambda *_: {"jobs": JOBS, "count": 9}, records="jobs", total="count")
    assert isinstance(found[-1], Incomplete)
    assert "9" in found[-1].reason


def by_offset(request: Request, _: Any) -> Any:
    offset, limit = int(request.query_params["offset"]), int(request.query_params["limit"])
    return {"total_count": 7, "results": JOBS[offset : offset + limit]}


def by_number(request: Request, _: Any) -> Any:
    page = int(request.query_params["p"])
    return JOBS[(page - 1) * 3 : page * 3]


def by_cursor(request: Request, _: Any) -> Any:
    start = int(request.query_params.get("after", "0"))
    return {"items": JOBS[start : start + 3], "meta": {"next": str(start + 3) if start + 3 < 7 else None}}


def by_link(request: Request, _: Any) -> Any:
    start = int(request.query_params.get("from", "0"))
    link = {"Link": f'<?from={start + 3}>; rel="next"'} if start + 3 < 7 else {}
    return JSONResponse(JOBS[start : start + 3], headers=link)


def by_body(_: Request, body: Any) -> Any:
    page = body["page"]["number"]
    return {"total": 7, "items": JOBS[(page - 1) * 3 : page * 3]} if body["lang"] == "fr" else {}


STYLES: dict[str, tuple[Answering, dict[str, Any]]] = {
    "offset": (by_offset, {"paging": {"style": "offset", "size": 3}, "records": "results", "total": "total_count"}),
    "page": (by_number, {"paging": {"style": "page", "size": 3, "page_parameter": "p", "size_parameter": "n"}}),
    "cursor": (
        by_cursor,
        {"paging": {"style": "cursor", "next": "meta.next", "parameter": "after"}, "records": "items"},
    ),
    "link": (by_link, {"paging": {"style": "link"}}),
    "body": (
        by_body,
        {
            "paging": {"style": "page", "size": 3, "page_parameter": "page.number", "size_parameter": "page.size"},
            "method": "POST",
            "body": {"lang": "fr"},
            "parameters_in": "body",
            "records": "items",
            "total": "total",
        },
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_every_style_of_paging_is_read_to_its_end(style: str) -> None:
    answer, options = STYLES[style]
    found = fetch(answer, **options)
    assert ids(found) == ALL
    assert isinstance(found[-1], Complete)


def test_a_page_that_never_changes_ends_the_run_incomplete() -> None:
    found = fetch(lambda *_: JOBS[:3], paging={"style": "page", "size": 3})
    assert isinstance(found[-1], Incomplete)


def test_a_link_to_another_host_is_not_followed() -> None:
    answer = {"items": JOBS[:3], "next": "https://elsewhere.example/jobs"}
    found = fetch(lambda *_: answer, records="items", paging={"style": "next", "next": "next"})
    assert isinstance(found[-1], Incomplete)
    assert "another host" in found[-1].reason


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"data": []}, "no list at 'items' in the answer, whose fields are data"),
        ({"items": {"id": 1}}, "no list at 'items'"),
        (JSONResponse({}, 404), "there is no such list"),
        (Response("<html></html>", media_type="text/html"), "JSON"),
    ],
)
def test_an_answer_without_the_list_fails_the_run(answer: Any, sentence: str) -> None:
    with pytest.raises(UnexpectedAnswer, match=sentence):
        fetch(lambda *_: answer, records="items")


# Exports ------------------------------------------------------------------------------------------------------------


def test_an_export_is_read_as_a_stream() -> None:
    found = fetch(lambda *_: {"results": JOBS}, paging={"style": "download"}, records="results")
    assert ids(found) == ALL
    assert isinstance(found[-1], Complete)
    assert "7 items read" in found[-1].proof


def test_an_export_that_is_cut_ends_the_run_incomplete() -> None:
    found = fetch(lambda *_: Response(json.dumps(JOBS)[:-40]), paging={"style": "download"})
    assert ids(found) == ALL[:6]
    assert isinstance(found[-1], Incomplete)


def test_lines_of_json_are_read() -> None:
    lines = "".join(json.dumps(job) + "\n" for job in JOBS)
    found = fetch(lambda *_: Response(lines), paging={"style": "download", "format": "ndjson", "whole": True})
    assert ids(found) == ALL
    assert isinstance(found[-1], Complete)


def test_lines_of_json_prove_no_end_by_themselves() -> None:
    lines = "".join(json.dumps(job) + "\n" for job in JOBS)
    *items, end = fetch(lambda *_: Response(lines), paging={"style": "download", "format": "ndjson"})
    assert ids(items) == ALL
    assert isinstance(end, Incomplete)
    assert "nothing shows that none is missing at the end" in end.reason


# Items --------------------------------------------------------------------------------------------------------------


def test_an_item_that_says_it_is_gone_is_withdrawn_and_one_without_id_refused() -> None:
    jobs = [{"id": 1, "removed": True}, {"id": 2, "removed": False}, {"title": "x"}, {"id": "3", "removed": "TRUE"}]
    found = fetch(lambda *_: jobs, gone={"path": "removed"})
    assert [type(each) for each in found[:-1]] == [Withdrawal, RawRecord, Refused, Withdrawal]
    assert ids(found) == ["1", "2", None, "3"]


def test_several_paths_make_one_id_that_cannot_be_mistaken_for_another() -> None:
    jobs = [{"a": "x|y", "b": "z"}, {"a": "x", "b": "y|z"}, {"a": "x"}]
    assert ids(fetch(lambda *_: jobs, id=["a", "b"])) == ["x%7Cy|z", "x|y%7Cz", None]


def test_fields_about_persons_do_not_leave_the_fetch() -> None:
    jobs = [{"id": 1, "contact": {"name": "P", "desk": "x"}, "sites": [{"boss": "Q", "town": "Gent"}]}]
    (record, _) = fetch(lambda *_: jobs, personal=["contact.name", "sites.boss"])
    assert isinstance(record, RawRecord)
    assert record.payload == {"id": 1, "contact": {"desk": "x"}, "sites": [{"town": "Gent"}]}


def test_details_are_asked_for_where_the_list_holds_heads_and_a_missing_one_is_gone() -> None:
    def answer(request: Request, _: Any) -> Any:
        name = request.url.path.rpartition("/")[2]
        if name == "jobs":
            return [{"id": "a/b"}, {"id": "2"}]
        return JSONResponse({}, 404) if name == "2" else {"job": {"title": "Lasser", "path": request.url.path}}

    found = fetch(answer, detail={"url": "{address}/one/{id}", "record": "job"})
    assert isinstance(found[0], RawRecord)
    assert found[0].payload["detail"]["title"] == "Lasser"  # type: ignore[index, call-overload]
    assert found[1] == Withdrawal("2", {"id": "2"})


def test_a_detail_is_asked_for_at_its_own_place_only_and_one_that_cannot_be_read_refuses_its_item_only() -> None:
    asked: list[str] = []

    def answer(request: Request, _: Any) -> Any:
        asked.append(request.url.path)
        return {"a": 1} if "/one/" in request.url.path else [{"id": each} for each in ("..", ".", "x?y@z", "fine")]

    found = fetch(answer, detail={"url": "{address}/one/{id}/all", "record": "sum(a)"})
    assert [type(each) for each in found[:-1]] == [Refused] * 4
    assert sorted(path.partition("/one")[2] for path in asked[1:]) == ["/fine/all", "/x%3Fy@z/all"]


@pytest.mark.parametrize("items", [[], [{"id": "1"}]])
def test_a_next_link_that_is_no_address_ends_the_run_incomplete(items: list[Any]) -> None:
    found = fetch(
        lambda *_: {"jobs": items, "next": "http://["}, records="jobs", paging={"style": "next", "next": "next"}
    )
    assert isinstance(found[-1], Incomplete)
    assert "cannot be read as an address" in found[-1].reason


# Changes ------------------------------------------------------------------------------------------------------------

SINCE: dict[str, Any] = {
    "changes": {"by": "moment", "parameter": "since", "format": "utc"},
    "gone": {"path": "state", "values": ["closed"]},
}


def run_twice(later: timedelta, **changes: Any) -> tuple[Complete, str]:
    partner = Partner(lambda *_: JOBS[:1], {**SINCE, "changes": {**SINCE["changes"], **changes}})
    adapter = adapter_for(GenericJson, partner)
    first = fetch_from(adapter, partner, now=NOW)[-1]
    assert isinstance(first, Complete)
    assert (first.covers, partner.requests[0][0]) == ("everything", "")
    end = fetch_from(adapter, partner, cursor=first.cursor, now=NOW + later)[-1]
    assert isinstance(end, Complete)
    return end, partner.requests[1][0]


def test_changes_are_asked_for_from_the_start_of_the_last_run() -> None:
    end, asked = run_twice(timedelta(hours=1))
    assert (end.covers, asked) == ("changes", "since=2026-11-22T11%3A55%3A00Z")


@pytest.mark.parametrize(
    ("written", "expected"),
    [("day", "2026-11-22"), ("iso", "2026-11-22T12%3A55%3A00%2B01%3A00"), ("seconds", "1795348500")],
)
def test_the_moment_is_written_as_the_partner_wants(written: str, expected: str) -> None:
    assert run_twice(timedelta(hours=1), format=written)[1] == f"since={expected}"


@pytest.mark.parametrize(
    ("later", "changes"),
    [(timedelta(days=7), {}), (timedelta(days=2), {"whole_every_days": 1})],
    ids=["the partner no longer tells what went", "a whole reading is due"],
)
def test_everything_is_read_again_when_the_changes_cannot_be_trusted(later: timedelta, changes: Any) -> None:
    end, asked = run_twice(later, **changes)
    assert (end.covers, asked) == ("everything", "")


def test_a_position_of_another_address_is_not_gone_on_from() -> None:
    other = json.dumps({"of": "https://other.example/", "at": NOW.isoformat(), "whole": NOW.isoformat(), "next": None})
    for cursor in (other, "not ours", "{}"):
        end = fetch(lambda *_: JOBS, cursor, **SINCE)[-1]
        assert isinstance(end, Complete)
        assert end.covers == "everything"


class Feed:
    """A feed in the manner of RPDE whose pages may change while they are read."""

    def __init__(self, *pages: list[dict[str, Any]]) -> None:
        self.pages = list(pages)
        self.asked: list[int] = []

    def __call__(self, request: Request, _: Any) -> Any:
        number = int(request.query_params.get("page", "0"))
        self.asked.append(number)
        items = self.pages[number] if number < len(self.pages) else []
        following = str(request.url.include_query_params(page=number + 1)) if items else str(request.url)
        return {"items": items, "next": following}


def change(name: str, version: int, state: str = "updated") -> dict[str, Any]:
    return {"id": name, "modified": version, "state": state}


RPDE: dict[str, Any] = {
    "records": "items",
    "paging": {"style": "next", "next": "next"},
    "changes": {"by": "next"},
    "gone": {"path": "state", "values": ["deleted"]},
}


def test_a_feed_is_gone_on_from_where_the_last_run_ended() -> None:
    feed = Feed([change("a", 1), change("b", 2)], [change("c", 3, "deleted")])
    partner = Partner(feed, RPDE)
    adapter = adapter_for(GenericJson, partner)
    first = fetch_from(adapter, partner, now=NOW)
    assert isinstance(first[-1], Complete)
    assert [type(each) for each in first] == [RawRecord, RawRecord, Withdrawal, Complete]
    feed.pages.append([change("a", 4, "deleted")])
    feed.asked.clear()
    second = fetch_from(adapter, partner, cursor=first[-1].cursor, now=NOW)
    assert (ids(second), feed.asked) == (["a"], [2, 3])
    assert isinstance(second[-1], Complete)
    assert second[-1].covers == "changes"


def test_an_item_told_twice_is_told_again_by_the_next_run() -> None:
    feed = Feed([change("a", 1), change("b", 2)], [change("a", 3, "deleted")], [change("c", 4)])
    partner = Partner(feed, RPDE)
    adapter = adapter_for(GenericJson, partner)
    first = fetch_from(adapter, partner, now=NOW)
    assert ids(first) == ["a", "b", "c"]
    assert isinstance(first[-1], Complete)
    feed.asked.clear()
    second = fetch_from(adapter, partner, cursor=first[-1].cursor, now=NOW)
    assert feed.asked[0] == 1
    assert second[0] == Withdrawal("a")


def test_a_cursor_that_never_ends_is_kept_for_the_next_run() -> None:
    def answer(request: Request, _: Any) -> Any:
        start = int(request.query_params.get("after", "0"))
        return {"items": JOBS[start : start + 5], "next": str(min(start + 5, 7))}

    options = {**RPDE, "paging": {"style": "cursor", "next": "next", "parameter": "after"}}
    end = fetch(answer, **options)[-1]
    assert isinstance(end, Complete)
    assert json.loads(end.cursor or "")["next"] == "7"
