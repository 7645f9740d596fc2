"""A replay answers what was recorded, names what was not, and opens nothing."""

import sys
from datetime import UTC, datetime
from io import BytesIO
from typing import IO, Any

import httpx
import orjson
import pytest

from hub.client.fingerprint import fingerprint
from hub.errors import UnexpectedAnswer
from hub.testing.replay import FILE, NotRecorded, Recorded, ReplayJob

API = "https://api.example/v1"


class Shelf(dict[str, bytes]):
    """Bodies by key."""

    def open(self, key: str) -> IO[bytes]:
        return BytesIO(self[key])

    def read(self, key: str) -> bytes:
        return self[key]


def recorded(
    method: str, url: str, body: str, *, asked: Any = None, status: int | None = 200, **headers: str
) -> Recorded:
    address = httpx.URL(url)
    request = fingerprint(method, address, None if asked is None else orjson.dumps(asked))
    return Recorded(method, address.host, address.path, request, status, headers, body, len(body), "0" * 64)


def job(*answers: Recorded) -> ReplayJob:
    bodies = Shelf({each.body: orjson.dumps(each.body) for each in answers})
    return ReplayJob(answers, bodies, cursor="c1", now=datetime(2026, 1, 2, tzinfo=UTC))


def test_the_same_question_gets_its_own_answer_whatever_the_order() -> None:
    client = job(recorded("GET", f"{API}/jobs?page=1", "one"), recorded("GET", f"{API}/jobs?page=2", "two")).connect()
    assert client.get(f"{API}/jobs", params={"page": "2"}).json() == "two"
    assert client.get(f"{API}/jobs", params={"page": "1"}).json() == "one"


def test_the_body_of_a_question_tells_it_from_another() -> None:
    client = job(
        recorded("POST", f"{API}/jobs", "first", asked={"ids": [1]}),
        recorded("POST", f"{API}/jobs", "second", asked={"ids": [2]}),
    ).connect()
    assert client.post(f"{API}/jobs", json={"ids": [2]}).json() == "second"


def test_a_question_asked_twice_gets_both_answers_and_then_the_last_again() -> None:
    client = job(recorded("GET", f"{API}/jobs", "old"), recorded("GET", f"{API}/jobs", "new")).connect()
    assert [client.get(f"{API}/jobs").json() for _ in range(3)] == ["old", "new", "new"]


def test_another_question_of_the_same_path_gets_the_next_answer_and_is_counted() -> None:
    replay = job(recorded("GET", f"{API}/jobs?day=1", "one"), recorded("GET", f"{API}/jobs?day=2", "two"))
    client = replay.connect()
    assert [client.get(f"{API}/jobs?day={day}").json() for day in (8, 9)] == ["one", "two"]
    assert replay.answers.approximate == 2
    with pytest.raises(NotRecorded, match=r"GET api\.example/v1/jobs was asked, but no more answers"):
        client.get(f"{API}/jobs?day=10")


def test_what_was_not_recorded_is_named() -> None:
    with pytest.raises(UnexpectedAnswer, match=r"POST api\.example/v1/other was asked, but nothing of this path"):
        job(recorded("GET", f"{API}/other", "x")).connect().post(f"{API}/other")


def test_failed_attempts_are_not_answers() -> None:
    client = job(
        recorded("GET", f"{API}/jobs", "down", status=503),
        recorded("GET", f"{API}/jobs", "log in", status=401),
        recorded("GET", f"{API}/jobs", "jobs"),
        recorded("GET", f"{API}/gone", "none", status=404),
    ).connect()
    assert client.get(f"{API}/jobs").json() == "jobs"
    assert client.get(f"{API}/gone").status == 404


def test_a_secret_in_the_query_is_no_part_of_the_question() -> None:
    client = job(recorded("GET", f"{API}/jobs?api_key=one&page=1", "jobs")).connect()
    assert client.get(f"{API}/jobs?api_key=another&page=1").json() == "jobs"


def test_headers_cursor_and_moment_are_given_again() -> None:
    replay = job(recorded("GET", f"{API}/jobs", "jobs", link="<https://api.example/v1/jobs?page=2>; rel=next"))
    assert "page=2" in replay.connect().get(f"{API}/jobs").headers["Link"]
    assert (replay.cursor, replay.now.year) == ("c1", 2026)


def test_files_are_given_again_and_can_be_read_twice() -> None:
    replay = job(
        recorded(
            "GET", f"{API}/jobs.csv", "web", status=200, **{"content-disposition": 'attachment; filename="list.csv"'}
        ),
        Recorded(FILE, "", "files/jobs.csv", "", None, {}, "local", 5),
    )
    web, local = replay.connect().download(f"{API}/jobs.csv"), replay.open_file("files/jobs.csv")
    assert (web.name, local.name) == ("list.csv", "jobs.csv")
    assert [local.open().read() for _ in range(2)] == [b'"local"'] * 2


def test_map_goes_in_order() -> None:
    client = job(*(recorded("GET", f"{API}/jobs/{number}", str(number)) for number in range(5))).connect()
    found = client.map(lambda number: client.get(f"{API}/jobs/{number}").json(), range(5), at_once=4)
    assert list(found) == ["0", "1", "2", "3", "4"]


OPENED: list[str] = []
WATCHING: list[bool] = []


def watch(event: str, _: Any) -> None:
    if WATCHING and event.startswith("socket."):
        OPENED.append(event)


def test_no_socket_is_opened() -> None:
    sys.addaudithook(watch)
    WATCHING.append(True)
    try:
        client = job(recorded("GET", f"{API}/jobs", "jobs")).connect(headers={"X-Key": "k"})
        client.get(f"{API}/jobs")
        assert OPENED == []
        with pytest.raises(httpx.HTTPError):  # the control: a real client is heard
            httpx.get("http://127.0.0.1:9", trust_env=False)
        assert OPENED
    finally:
        WATCHING.clear()
