"""The commands about links and about quality, as people and programs see them."""

import json
from pathlib import Path

import pytest
from small_hub import Folder
from typer.testing import CliRunner

from hub.cli import app
from hub.testing import serve

JOBS = """
path = "jobs.csv"
kind = "vacancy"
id = "nr"
file = { whole = true }
[options.fields]
"title.nl" = "naam"
"organisation.name" = "wie"
"url" = "pagina"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Return the folder of a hub with ten jobs, of which nothing is fetched yet."""
    folder = Folder(tmp_path)
    folder.source("jobs", JOBS, more="links = true")
    list_jobs(folder.path, "https://jobs.example.be")
    return folder.path


def list_jobs(config: Path, address: str) -> None:
    rows = [f"{n};Job {n};Voorbeeld vzw;{address}/{n}" for n in range(10)]
    (config / "jobs.csv").write_text("\n".join(["nr;naam;wie;pagina", *rows, ""]))


def hub(config: Path, *words: str) -> str:
    ended = CliRunner().invoke(app, [*words, "--config", str(config)], env={"COLUMNS": "200"}, catch_exceptions=False)
    assert ended.exit_code == 0
    return ended.stdout


async def _gone(scope: object, receive: object, send: object) -> None:
    """Answer 404 to everything but the question for the rules."""
    await send({"type": "http.response.start", "status": 404, "headers": []})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]


def test_looking_tells_what_was_found_and_show_tells_which(config: Path) -> None:
    file = config / "hub.toml"
    file.write_text(f'{file.read_text()}\n[links]\nper_host = "100/second"\n')
    with serve(_gone) as address:
        list_jobs(config, address)
        hub(config, "run")
        assert json.loads(hub(config, "links", "check", "jobs", "--count", "3", "--json")) == {
            "found": {"gone": 3},
            "leftAlone": [],
        }
    shown = json.loads(hub(config, "links", "show", "jobs", "--json"))["links"]
    assert {(each["verdict"], each["reason"], each["failures"]) for each in shown} == {("failing", "404", 1)}
    assert "404" in hub(config, "links", "show", "jobs")


def test_the_overview_tells_how_links_stand_and_when_a_vacancy_is_old(config: Path) -> None:
    hub(config, "run")
    hub(config, "links", "doubt")
    (found,) = json.loads(hub(config, "links", "--json"))["sources"]
    assert (found["source"], found["enabled"], found["verdicts"]) == ("jobs", True, {"unknown": 10})
    assert (found["norm"], found["links"]) == (None, "judge")
    assert "unknown" in hub(config, "links")


def test_without_evidence_nothing_is_doubted(config: Path) -> None:
    hub(config, "run")
    assert json.loads(hub(config, "links", "doubt", "--json")) == {"changed": {}}
    assert hub(config, "links", "doubt") == "nothing changes\n"


def test_quality_is_told_for_all_and_for_one(config: Path) -> None:
    assert "nothing is published yet" in hub(config, "quality")
    hub(config, "run")
    assert "jobs" in hub(config, "quality")
    (found,) = json.loads(hub(config, "quality", "jobs", "--json"))["sources"]
    assert (found["listings"], len(found["trend"]), len(found["weak"])) == (10, 1, 3)
    assert found["weak"][0]["examples"][0] == {"localId": "0", "title": "Job 0"}
    told = hub(config, "quality", "jobs")
    assert "send the whole description" in told
    assert "Job 0" in told


def test_the_trace_of_a_record_tells_where_it_links_to(config: Path) -> None:
    hub(config, "run")
    hub(config, "links", "doubt")
    (record,) = json.loads(hub(config, "trace", "3", "--json"))["records"]
    assert [(each["part"], each["url"]) for each in record["links"]] == [("page", "https://jobs.example.be/3")]
    assert record["doubts"] == []
    assert "https://jobs.example.be/3" in hub(config, "trace", "3")
