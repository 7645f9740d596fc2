"""`hub report` as an admin uses it, over a source with three offers; and what of it a partner may see."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_hub import Folder
from typer.testing import CliRunner, Result

from hub.app import feedback
from hub.app.hub import Hub
from hub.app.retention import clean
from hub.cli import app
from hub.errors import ConfigError, StoreError
from hub.model.opportunity import utc
from hub.model.vocabulary import ReportReason
from hub.store import keys, pages
from hub.store.feedback import reports, usage
from hub.store.feedback.reports import ANONYMOUS, Reader, Said
from hub.store.feedback.usage import Batch, Count
from hub.store.keys import Grant
from hub.store.schema import opportunity

NOW = datetime.now(UTC)
TODAY = utc(NOW)[:10]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = Folder(tmp_path)
    folder.file("library", more="")
    folder.file("empty", more="enabled = false")
    titles = ("Taalbad", "[red]Buddy", "Kookcafé met een heel lange naam die nergens op een regel past")
    rows = "".join(f"{number};{title};Voorbeeld vzw\n" for number, title in enumerate(titles, 1))
    (folder.path / "programmes.csv").write_text(f"nr;naam;wie\n{rows}")
    run(folder.path, "run", "library", whole=True)
    return folder.path


def invoke(config: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["report", *words, "--config", str(config)], env={"COLUMNS": "110"})


def run(config: Path, *words: str, whole: bool = False) -> str:
    command = [*(() if whole else ("report",)), *words, "--config", str(config)]
    done = CliRunner().invoke(app, command, env={"COLUMNS": "110"}, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def told(config: Path, *words: str) -> Any:
    return json.loads(run(config, *words, "--json"))


class Portals:
    """Portals, and visitors without a key, that tell a hub things."""

    def __init__(self, config: Path) -> None:
        self.config = config
        with Hub.open(config) as hub, hub.database.write() as connection:
            self.key = keys.give(connection, Grant("Portaal Gent", "it@portal.example", None), now=utc(NOW)).id
            self.ids = {
                local_id: str(pages.opportunity_of(connection, "library", local_id)) for local_id in ("1", "2", "3")
            }

    def report(self, local_id: str, reason: str = "expired", visitor: str = "", **more: Any) -> int:
        reader = Reader(ANONYMOUS, visitor) if visitor else Reader(self.key, self.key)
        said = Said(self.ids[local_id], ReportReason(reason), **more)
        with Hub.open(self.config) as hub, hub.database.write() as connection:
            filed = reports.add(connection, said, reader, utc(NOW))
        assert filed
        return filed.id

    def count(self, local_id: str, *counts: int, day: str = TODAY) -> None:
        with Hub.open(self.config) as hub, hub.database.write() as connection:
            batch = Batch(self.key, f"{local_id}{counts}{day}", day, b"")
            usage.add(connection, batch, [Count(self.ids[local_id], *counts)], utc(NOW))


@pytest.fixture
def portals(config: Path) -> Portals:
    return Portals(config)


# Reports ---------------------------------------------------------------------------------------------------------


def test_nothing_reported_is_said_so(config: Path) -> None:
    shown = run(config, "list")
    assert "nothing waits for you" in shown
    assert "nothing was decided yet" in run(config, "list", "--decided")
    assert told(config, "list")["sources"][1] == {
        "source": "library", "live": 3, "reports": 0, "open": 0, "perThousandLive": 0.0, "reasons": {},
    }  # fmt: skip


def test_the_list_counts_by_source_and_reason_and_shows_each_record_once(config: Path, portals: Portals) -> None:
    first = portals.report("1")
    portals.report("1", visitor="a")
    portals.report("1", visitor="b")
    portals.report("2", "offensive", visitor="a")
    shown = run(config, "list")
    assert "1 portal, 2 visitors" in shown
    assert "[red]Buddy (library/2)" in shown
    assert f"hub report accept {first}" in shown
    found = told(config, "list", "library")
    (source,) = found["sources"]
    assert (source["reports"], source["open"], source["perThousandLive"]) == (4, 4, 1333.33)
    assert source["reasons"]["expired"] == {"reports": 3, "open": 3}
    assert [(each["reason"], each["portals"], each["withoutKey"]) for each in found["records"]] == [
        ("expired", 1, 2),
        ("offensive", 0, 1),
    ]


def test_what_a_partner_may_see_does_not_say_who_reported(config: Path, portals: Portals) -> None:
    portals.report("1", note="Dicht sinds mei")
    portals.count("1", 5, 1, 0)
    said = run(config, "list", "library", "--json") + run(config, "usage", "library", "--json")
    assert "Dicht sinds mei" in said
    assert portals.key not in said
    assert "Portaal Gent" not in said


def test_a_report_is_shown_with_all_that_say_the_same(config: Path, portals: Portals) -> None:
    number = portals.report("1", note="De [bold]zaak[/] is dicht", position=3)
    portals.report("1", visitor="a", note="Inderdaad")
    shown = run(config, "show", str(number))
    for part in ("Portaal Gent", "visitor", "De [bold]zaak[/] is dicht", "Inderdaad", "library/1", "expired, open"):
        assert part in shown
    assert [each["portal"] for each in told(config, "show", str(number))["reports"]] == ["Portaal Gent", None]


def test_accepting_tells_what_to_ask_of_the_partner_and_changes_nothing_published(
    config: Path, portals: Portals
) -> None:
    number = portals.report("1")
    portals.report("1", visitor="a")
    before = run(config, "feed", "head", "--json", whole=True)
    shown = run(config, "accept", str(number), "--by", "An", "--why", "gebeld")
    assert "with 1 that say the same" in shown
    assert "Ask Voorbeeld vzw: 1 (Taalbad) is no longer on offer" in shown
    assert run(config, "feed", "head", "--json", whole=True) == before
    assert told(config, "list")["records"] == []
    (decided,) = told(config, "list", "--decided")["records"]
    assert (decided["state"], decided["why"]) == ("accepted", "gebeld")


def test_accepting_a_duplicate_tells_the_command_that_joins_both(config: Path, portals: Portals) -> None:
    named = portals.report("1", "duplicate", duplicate_of=portals.ids["2"])
    open_ended = portals.report("3", "duplicate")
    first = " ".join(told(config, "accept", str(named))["next"])
    assert f"hub match confirm {portals.ids['1']} {portals.ids['2']}" in first
    assert f"hub match show {portals.ids['3']}" in run(config, "accept", str(open_ended))
    words = first.split("`")[1].removeprefix("hub ").replace('"', "").split()
    assert words[:2] == ["match", "confirm"]  # both are of one source, so it takes saying so twice
    assert "one opportunity from now on" in run(config, *words[:4], "--anyway", whole=True)


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("wrongPlace", "hub trace 1 --source library"),
        ("offensive", "withdraw it"),
        ("other", "hub report show"),
    ],
)
def test_every_reason_has_its_advice(config: Path, portals: Portals, reason: str, advice: str) -> None:
    assert advice in run(config, "accept", str(portals.report("1", reason)))


def test_what_left_the_feed_meanwhile_needs_nothing_more(config: Path, portals: Portals) -> None:
    number = portals.report("1")
    with Hub.open(config) as hub, hub.database.write() as connection:
        ended = opportunity.update().where(opportunity.c.id == portals.ids["1"])
        connection.execute(ended.values(reason="withdrawn"))
    with Hub.open(config) as hub:
        assert [each.gone for each in feedback.find(hub)] == ["withdrawn"]
    assert "nothing more to do" in run(config, "accept", str(number))


def test_what_was_decided_is_not_decided_again(config: Path, portals: Portals) -> None:
    number = portals.report("1")
    run(config, "reject", str(number), "--by", "An")
    done = invoke(config, "accept", str(number))
    assert isinstance(done.exception, StoreError)
    assert f"report {number} was rejected by An" in str(done.exception)


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (("show", "99"), StoreError, "there is no report 99"),
        (("list", "--reason", "boring"), ConfigError, "there is no such reason"),
        (("list", "libary"), ConfigError, "library"),
        (("usage", "libary"), ConfigError, "library"),
    ],
)
def test_what_does_not_exist_is_named(config: Path, words: tuple[str, ...], error: type[Exception], said: str) -> None:
    done = invoke(config, *words)
    assert isinstance(done.exception, error)
    assert said in str(done.exception)


# Use -------------------------------------------------------------------------------------------------------------


def test_use_is_shown_by_source_by_portal_and_by_day(config: Path, portals: Portals) -> None:
    long_ago = utc(NOW - timedelta(days=40))[:10]
    portals.count("1", 1200, 60, 3)
    portals.count("2", 800, 20, 1)
    portals.count("2", 5000, 500, 50, day=long_ago)
    assert "2,000" in run(config, "usage")
    shown = run(config, "usage", "library")
    assert "Portaal Gent" in shown
    assert "opened 40.0, applied 2.0" in shown
    (found,) = told(config, "usage", "library")["sources"]
    assert found == {
        "source": "library", "live": 3, "shown": 2000, "opened": 80, "applied": 4, "openedPerThousandShown": 40.0,
        "appliedPerThousandShown": 2.0, "portals": 1,
        "days": [{"day": TODAY, "shown": 2000, "opened": 80, "applied": 4}],
    }  # fmt: skip


def test_a_partner_gets_the_sums_of_each_day_as_a_spreadsheet(config: Path, portals: Portals) -> None:
    yesterday = utc(NOW - timedelta(days=1))[:10]
    portals.count("1", 1200, 60, 3)
    portals.count("2", 1, 0, 0)
    portals.count("2", 7, 1, 1, day=yesterday)
    assert run(config, "usage", "library", "--csv").splitlines() == [
        "source,day,shown,opened,applied",
        f"library,{yesterday},7,1,1",
        f"library,{TODAY},1201,60,3",
    ]
    assert run(config, "usage", "empty", "--csv").split() == ["source,day,shown,opened,applied"]
    assert invoke(config, "usage", "--csv", "--json").exit_code == 2


def test_use_and_open_reports_are_shown_with_each_source(config: Path, portals: Portals) -> None:
    portals.count("1", 1200, 60, 3)
    decided = portals.report("2", "offensive")
    portals.report("1")
    run(config, "reject", str(decided))
    assert "reports of portals to judge: library 1" in run(config, "sources", whole=True)
    shown = run(config, "sources", "show", "library", whole=True)
    assert "1,200 shown, 60 opened, 3 applied in 30 days" in shown
    assert "1 to judge: `hub report list library`" in shown
    found = {each["id"]: each for each in json.loads(run(config, "sources", "--json", whole=True))["sources"]}
    assert (found["library"]["used"]["opened"], found["library"]["openReports"]) == (60, 1)
    assert (found["empty"]["used"]["shown"], found["empty"]["openReports"]) == (0, 0)
    assert "to judge" not in run(config, "sources", "show", "empty", whole=True)


def test_without_counts_it_says_how_portals_send_them(config: Path) -> None:
    assert "no portal sent counts" in run(config, "usage")


# Keeping ---------------------------------------------------------------------------------------------------------


def test_decided_reports_are_kept_a_year_and_use_two(config: Path, portals: Portals) -> None:
    portals.count("1", 9, 0, 0)
    run(config, "reject", str(portals.report("1")))
    with Hub.open(config) as hub:
        kept = clean(hub, NOW + timedelta(days=364)).old
        after_one = clean(hub, NOW + timedelta(days=368)).old
        still = feedback.used(hub, NOW, "library")[0].total
        after_two = clean(hub, NOW + timedelta(days=733)).old
    assert (kept.reports, after_one.reports, after_one.usage, after_two.usage) == (0, 1, 0, 1)
    assert still == {"shown": 9}
