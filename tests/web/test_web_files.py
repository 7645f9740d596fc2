"""The views and their files over a real socket: negotiation, ranges, conditions, languages, refusals."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import feedparser
import httpx
import icalendar
import orjson
import pytest
import zstandard
from lxml import etree
from small_hub import Folder

from hub.app.hub import Hub
from hub.app.publishing import site
from hub.app.snapshots import folder_of, refresh
from hub.store import pages
from hub.store.schema import body, opportunity
from hub.web import Server, app

HOME = "https://hub.example.org"
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
SAID = "2026-11-22T17:00:00Z"
COMPLETE = ["jobs.xml", "snapshot.ndjson", "snapshot.csv", "dates.ics"]
LATEST = ["atom.xml", "feed.json"]
GHENT = """
access = "key"
[title]
nl = "Gent, kwaliteit"
[filter]
kinds = ["vacancy"]
places = ["44021"]
audience = ["women"]
employment_types = ["permanent"]
sources = ["vdab"]
languages = ["nl"]
min_quality = 0.5
without_licences = ["https://licence.example/nc"]
"""


def put(hub: Hub, number: int, position: int, kind: str = "vacancy", *, live: bool = True) -> None:
    identifier = f"0191d7a2-0000-5000-8000-{number:012d}"
    said: dict[str, Any] = {
        "kind": kind,
        "title": {"nl": f"Lasser {number} & co", "fr": f"Soudeur {number}"},
        "description": {"nl": "<p>" + "Werk in de haven. " * 20 + "</p>"},
        "organisation": {"name": "De Brug <vzw>"},
        "status": "active",
        "listings": [{"source": "vdab", "localId": str(number), "firstSeen": SAID, "contentChanged": SAID}],
        "quality": {"score": 0.5, "criteria": {}},
        **({"programmeType": "training", "starts": ["2027-01-11"]} if kind == "programme" else {}),
    }
    row = {"id": identifier, "kind": kind, "position": position, "changed": SAID}
    with hub.database.write() as connection:
        connection.execute(opportunity.delete().where(opportunity.c.id == identifier))
        connection.execute(opportunity.insert(), {**row, "reason": None if live else "withdrawn"})
        connection.execute(body.delete().where(body.c.position == position))
        if live:
            connection.execute(body.insert(), {"position": position, "bytes": orjson.dumps(said)})


def forget(hub: Hub) -> None:
    """Undo what a test published."""
    with hub.database.write() as connection:
        connection.execute(opportunity.delete().where(opportunity.c.position > 43))


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder = Folder(tmp_path_factory.mktemp("files"))
    (folder.path / "views").mkdir()
    (folder.path / "views" / "nieuw.toml").write_text('[title]\nnl = "Nieuw"\n')
    (folder.path / "views" / "gent.toml").write_text(GHENT)
    with Hub.open(folder.path) as hub:
        for number in range(1, 41):
            put(hub, number, number, "programme" if number % 4 == 0 else "vacancy")
        put(hub, 3, 43, live=False)
        refresh(hub, NOW, only=["all", "vacancies", "programmes"])
        yield hub


@pytest.fixture(scope="module")
def visitor(hub: Hub) -> Iterator[httpx.Client]:
    headers = {"accept-encoding": "identity"}
    with (
        Server(port=0).serving(app(site(hub))) as server,
        httpx.Client(base_url=server.address, headers=headers, trust_env=False) as client,
    ):
        yield client


def manifest(visitor: httpx.Client, view: str = "all") -> dict[str, Any]:
    found: dict[str, Any] = visitor.get(f"/views/{view}/snapshot.json").raise_for_status().json()
    return found


def near(url: str) -> str:
    return url.removeprefix(HOME)


# What is served ------------------------------------------------------------------------------------------------


def test_the_manifest_says_of_each_file_what_is_really_served(visitor: httpx.Client, hub: Hub) -> None:
    said = manifest(visitor)
    assert {record["file"] for record in said["files"]} == set(COMPLETE)
    assert "basis" not in said
    for record in said["files"]:
        answer = visitor.get(near(record["url"]))
        assert answer.status_code == 200
        assert (len(answer.content), sha256(answer.content).hexdigest()) == (record["bytes"], record["sha256"])
        assert answer.headers["content-type"] == record["mediaType"]
        assert answer.headers.get("content-language") == record.get("language")


def test_counts_are_those_of_the_store(visitor: httpx.Client, hub: Hub) -> None:
    said = manifest(visitor)
    with hub.database.read() as connection:
        kinds = [item.kind for item in pages.live(connection, "all")]
    counts = {record["format"]: record["count"] for record in said["files"]}
    assert said["count"] == counts["ndjson"] == counts["csv"] == len(kinds) == 39
    assert (counts["jobs"], counts["ics"]) == (kinds.count("vacancy"), kinds.count("programme"))
    assert len(etree.fromstring(visitor.get("/views/all/jobs.xml").content).findall("job")) == kinds.count("vacancy")
    calendar = icalendar.Calendar.from_ical(visitor.get("/views/all/dates.ics").content)
    assert len(calendar.walk("VEVENT")) == kinds.count("programme")


def test_who_takes_the_snapshot_and_goes_on_at_next_has_what_the_feed_gives(visitor: httpx.Client, hub: Hub) -> None:
    said = manifest(visitor)
    lines = visitor.get("/views/all/snapshot.ndjson").content.splitlines()
    taken = {orjson.loads(line)["@id"].rpartition("/")[2]: orjson.loads(line) for line in lines}
    put(hub, 5, 60)
    put(hub, 6, 61, live=False)
    put(hub, 77, 62)
    try:
        for item in visitor.get(near(said["next"])).json()["items"]:
            taken.pop(item["id"], None)
            if item["state"] == "updated":
                taken[item["id"]] = item["data"]
        whole = {
            item["id"]: item["data"]
            for found in _pages(visitor)
            for item in found["items"]
            if item["state"] == "updated"
        }
        assert taken == whole
    finally:
        put(hub, 5, 5)
        put(hub, 6, 6)
        forget(hub)


def _pages(visitor: httpx.Client) -> Iterator[dict[str, Any]]:
    url = f"{HOME}/feeds/all"
    while True:
        found = visitor.get(near(url)).json()
        yield found
        if found["next"] == url:
            return
        url = found["next"]


@pytest.mark.parametrize("file", LATEST)
def test_the_latest_are_written_when_they_are_asked_for(visitor: httpx.Client, hub: Hub, file: str) -> None:
    before = visitor.get(f"/views/nieuw/{file}?lang=fr")
    put(hub, 90, 90)
    after = visitor.get(f"/views/all/{file}?lang=fr")
    assert b"Soudeur 90" in after.content
    assert before.headers["etag"] != after.headers["etag"]
    assert after.headers["link"].startswith(f'<{HOME}/feeds/all?afterChangeNumber=90>; rel="next"')
    put(hub, 90, 91, live=False)
    assert b"Soudeur 90" not in visitor.get(f"/views/all/{file}").content
    forget(hub)


def test_atom_over_the_wire_is_well_formed_and_has_tombstones(visitor: httpx.Client) -> None:
    answer = visitor.get("/views/all/atom.xml")
    parsed = feedparser.parse(answer.content, response_headers=dict(answer.headers))
    assert (bool(parsed.bozo), len(parsed.entries)) == (False, 39)
    assert parsed.feed.links[0].href == f"{HOME}/views/all/atom.xml?lang=nl"
    assert answer.content.count(b"<at:deleted-entry ") == 1
    newest = [entry.id for entry in parsed.entries]
    assert newest == sorted(newest, reverse=True)


def test_json_feed_over_the_wire(visitor: httpx.Client) -> None:
    answer = visitor.get("/views/programmes/feed.json", headers={"accept-language": "fr"})
    assert answer.headers["content-type"] == "application/feed+json"
    assert answer.headers["content-language"] == answer.json()["language"] == "fr"
    assert len(answer.json()["items"]) == 10


# Languages, conditions, codings, ranges -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "header", "title"),
    [
        ("", "", "Lasser 1"),
        ("?lang=fr", "nl", "Soudeur 1"),
        ("", "fr-BE, nl;q=0.5", "Soudeur 1"),
        ("?lang=xx", "", "Lasser"),
    ],
)
@pytest.mark.parametrize("file", ["snapshot.csv", "jobs.xml", "feed.json"])
def test_a_file_with_one_language_is_in_that_of_the_reader(
    visitor: httpx.Client, file: str, query: str, header: str, title: str
) -> None:
    answer = visitor.get(f"/views/all/{file}{query}", headers={"accept-language": header})
    assert title in answer.text
    assert "Accept-Language" in answer.headers["vary"]


@pytest.mark.parametrize("file", [*COMPLETE, *LATEST, "snapshot.json"])
def test_who_has_a_file_is_told_so(visitor: httpx.Client, file: str) -> None:
    first = visitor.get(f"/views/all/{file}")
    again = visitor.get(f"/views/all/{file}", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    other = visitor.get(f"/views/all/{file}", headers={"if-none-match": '"anders"'})
    assert other.content == first.content


def test_who_knows_the_time_only_is_told_so_too(visitor: httpx.Client) -> None:
    first = visitor.get("/views/all/snapshot.csv")
    assert first.headers["last-modified"] == "Sun, 22 Nov 2026 18:00:00 GMT"
    since = {"if-modified-since": first.headers["last-modified"]}
    assert visitor.get("/views/all/snapshot.csv", headers=since).status_code == 304
    older = {"if-modified-since": "Sat, 21 Nov 2026 18:00:00 GMT"}
    assert visitor.get("/views/all/snapshot.csv", headers=older).status_code == 200
    assert visitor.get("/views/all/snapshot.csv", headers={"if-modified-since": "gisteren"}).status_code == 200
    both = {**since, "if-none-match": '"anders"'}
    assert visitor.get("/views/all/snapshot.csv", headers=both).status_code == 200


def test_a_time_that_cannot_be_is_told_the_whole(visitor: httpx.Client) -> None:
    strange = ("Mon, 23 Nov 99999999999999999999 11:19:16 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "1")
    asked = [{"if-modified-since": each} for each in strange]
    answers = [visitor.get("/views/all/snapshot.csv", headers=each).status_code for each in asked]
    assert answers == [200, 304, 200]


def test_tags_may_stand_in_several_fields(visitor: httpx.Client) -> None:
    tag = visitor.get("/views/all").headers["etag"]
    for tags in (('"anders"', tag), (tag, '"anders"')):
        headers = [("accept-encoding", "identity"), *(("if-none-match", each) for each in tags)]
        assert visitor.get("/views/all", headers=headers).status_code == 304


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("file", COMPLETE)
def test_a_compressed_file_is_sent_as_it_is_kept(visitor: httpx.Client, file: str, coding: str) -> None:
    plain = visitor.get(f"/views/all/{file}")
    with visitor.stream("GET", f"/views/all/{file}", headers={"accept-encoding": coding}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == coding
    assert answer.headers["content-length"] == str(len(packed))
    unpacked = (
        gzip.decompress(packed) if coding == "gzip" else zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    )
    assert unpacked == plain.content
    assert answer.headers["etag"] != plain.headers["etag"]
    record = next(
        each for each in manifest(visitor)["files"] if each["file"] == file and each.get("language") in {None, "nl"}
    )
    assert record["codings"][coding] == {"bytes": len(packed), "sha256": sha256(packed).hexdigest()}


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-99", 0, 100), ("bytes=500-", 500, None), ("bytes=-7", -7, None), ("bytes=5-5", 5, 6)],
)
def test_a_download_that_was_cut_off_goes_on(visitor: httpx.Client, asked: str, start: int, end: int | None) -> None:
    whole = visitor.get("/views/all/snapshot.ndjson")
    assert whole.headers["accept-ranges"] == "bytes"
    part = visitor.get("/views/all/snapshot.ndjson", headers={"range": asked, "if-range": whole.headers["etag"]})
    assert part.status_code == 206
    assert part.content == whole.content[start:end]
    first = start % len(whole.content)
    last = first + len(part.content) - 1
    assert part.headers["content-range"] == f"bytes {first}-{last}/{len(whole.content)}"


@pytest.mark.parametrize(
    "headers",
    [
        {"range": "bytes=0-9", "if-range": '"another"'},
        {"range": "bytes=0-1,5-6"},
        {"range": "bytes=9-1"},
        {"range": "lines=1-2"},
        {"range": "bytes=-"},
        {"range": "bytes=a-b"},
    ],
)
def test_a_range_that_cannot_be_used_gets_the_whole(visitor: httpx.Client, headers: dict[str, str]) -> None:
    answer = visitor.get("/views/all/snapshot.ndjson", headers=headers)
    assert answer.status_code == 200
    assert answer.content == visitor.get("/views/all/snapshot.ndjson").content


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_part_behind_the_end_is_a_problem(visitor: httpx.Client, asked: str) -> None:
    answer = visitor.get("/views/all/snapshot.ndjson", headers={"range": asked})
    assert (answer.status_code, answer.headers["content-type"]) == (416, "application/problem+json")
    size = len(visitor.get("/views/all/snapshot.ndjson").content)
    assert answer.headers["content-range"] == f"bytes */{size}"


@pytest.mark.parametrize("file", [*COMPLETE, *LATEST, "snapshot.json"])
def test_head_says_what_get_would(visitor: httpx.Client, file: str) -> None:
    head, whole = visitor.head(f"/views/all/{file}"), visitor.get(f"/views/all/{file}")
    assert (head.status_code, head.content) == (200, b"")
    told = ("content-length", "content-type", "etag", "link", "vary")
    assert [head.headers[name] for name in told] == [whole.headers[name] for name in told]


# Refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/views/anders", "There is no view 'anders'; there are all, vacancies, programmes, gent, nieuw."),
        ("/views/anders/jobs.xml", "There is no view 'anders'; there are all, vacancies, programmes, gent, nieuw."),
        ("/views/all/x.pdf", "The view 'all' has no file 'x.pdf'; it has snapshot.json, jobs.xml, atom.xml, "),
        ("/views/vacancies/dates.ics", "The view 'vacancies' has no file 'dates.ics'; it has snapshot.json, jobs.xml"),
        ("/views/programmes/jobs.xml", "The view 'programmes' has no file 'jobs.xml'; it has snapshot.json, atom.xml"),
        ("/views/all/..%2Fsnapshot.json", ""),
        ("/views/all/nl.jobs.xml", "The view 'all' has no file 'nl.jobs.xml'"),
    ],
)
def test_what_there_is_not_is_a_problem_that_says_what_there_is(
    visitor: httpx.Client, address: str, detail: str
) -> None:
    answer = visitor.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["detail"].startswith(detail)


@pytest.mark.parametrize("file", ["snapshot.json", "snapshot.csv"])
def test_files_that_are_not_written_yet_are_asked_for_later(visitor: httpx.Client, file: str) -> None:
    answer = visitor.get(f"/views/nieuw/{file}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "not written yet" in answer.json()["detail"]


def test_a_file_that_was_taken_away_is_asked_for_later(visitor: httpx.Client, hub: Hub) -> None:
    refresh(hub, NOW, only=["programmes"], anyway=True)
    for path in (folder_of(hub.data) / "programmes").rglob("nl.snapshot.csv*"):
        path.unlink()
    assert visitor.get("/views/programmes/snapshot.csv").status_code == 503
    refresh(hub, NOW, only=["programmes"], anyway=True)
    assert visitor.get("/views/programmes/snapshot.csv").status_code == 200


def test_a_view_with_a_key_is_shut_with_all_its_files(visitor: httpx.Client) -> None:
    for file in ("", ".json", "/snapshot.json", "/jobs.xml", "/feed.json"):
        assert visitor.get(f"/views/gent{file}").status_code == 401


# The views themselves --------------------------------------------------------------------------------------------


def test_the_views_are_listed_with_feed_and_files(visitor: httpx.Client) -> None:
    said = visitor.get("/views").json()["views"]
    assert [view["id"] for view in said] == ["all", "vacancies", "programmes", "gent", "nieuw"]
    first = said[0]
    assert (first["feed"], first["url"]) == (f"{HOME}/feeds/all", f"{HOME}/views/all")
    assert first["snapshot"]["url"] == f"{HOME}/views/all/snapshot.json"
    assert first["snapshot"]["count"] == 39
    assert [file["url"].rpartition("/")[2] for file in first["files"]] == [
        "jobs.xml", "atom.xml", "feed.json", "snapshot.ndjson", "snapshot.csv", "dates.ics",
    ]  # fmt: skip
    assert all(visitor.get(near(file["url"])).status_code == 200 for file in first["files"])
    assert said[3]["filter"]["places"] == ["44021"]
    assert visitor.get("/views/all").json() == visitor.get("/views/all.json").json() == first


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ["Alle kansen", "39 nu aangeboden", "Alle vacatures, voor jobborden", "laatste 200"]),
        ("fr", ["Toutes les offres", "39 en ligne", "Toutes les offres, pour sites", "les 200 dernières"]),
        ("en", ["All opportunities", "39 on offer now", "Every vacancy, for job boards", "latest 200"]),
    ],
)
def test_people_see_a_page_in_their_language(visitor: httpx.Client, language: str, words: list[str]) -> None:
    answer = visitor.get(f"/views/all?lang={language}", headers={"accept": "text/html"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert [word for word in words if word not in answer.text] == []
    assert "/views/all/jobs.xml?lang=fr" in answer.text


def test_the_list_of_views_says_in_words_what_each_asks(visitor: httpx.Client) -> None:
    page = visitor.get("/views?lang=nl", headers={"accept": "text/html"}).text
    wanted = (
        "Gent / Gand",
        "vrouwen",
        "vast (onbepaalde duur)",
        "vdab",
        "Nederlands",
        "50%",
        "https://licence.example/nc",
    )
    assert "met een sleutel" in page
    assert [word for word in wanted if word.lower() not in page.lower()] == []


def test_no_path_of_the_disk_is_told(visitor: httpx.Client, hub: Hub) -> None:
    told = "".join(visitor.get(address).text for address in ("/views", "/views/all", "/views/all/snapshot.json"))
    assert str(Path(hub.data)) not in told
