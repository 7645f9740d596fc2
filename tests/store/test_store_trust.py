"""What an older store knows of last days, and which bodies are patched."""

from importlib.resources import files
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from hub.store import Database, listings, open_store, pages, publication, runs
from hub.store.plan_file import Action, Entry, PlanFile

NOW = "2026-11-22T08:00:00Z"


@pytest.mark.parametrize(("body", "day"), [(b'{"expires":"2026-12-24"}', "2026-12-24"), (b'{"title":"Kok"}', None)])
def test_what_an_older_store_publishes_expires_too(tmp_path: Path, body: bytes, day: str | None) -> None:
    older = Database(tmp_path / "hub.db")
    settings = Config()
    settings.set_main_option("script_location", str(files("hub.store").joinpath("migrations")))
    settings.attributes["database"] = older
    command.upgrade(settings, "0002")
    with older.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO listing (source, local_id, raw, content, live, opportunity, kind, first_seen, content_changed)"
            " VALUES ('a', '1', x'00', x'00', 1, 'o', 'vacancy', '', '')"
        )
        connection.exec_driver_sql(
            "INSERT INTO opportunity (id, kind, position, changed) VALUES ('o', 'vacancy', 1, '')"
        )
        connection.exec_driver_sql("INSERT INTO body VALUES (1, ?)", (body,))
    older.close()
    opened = open_store(tmp_path / "hub.db")
    with opened.read() as connection:
        assert listings.known(connection, "a", ["1"])["1"].expires == day
    opened.close()


def test_only_the_status_of_what_is_doubted_changes_whatever_its_texts_say(tmp_path: Path) -> None:
    text = rb'"title":{"nl":"\"status\":\"active\",\"listings\":[ \u20ac \ud83d\ude00"},"capacity":{"status":"active"}'
    body = b"{" + text + b',"status":"active","listings":[{"source":"a"}]}'
    database = open_store(tmp_path / "hub.db")
    created = Entry("1", Action.created, None, "o", "vacancy", b"r", b"c", NOW, NOW, body=body)
    seen = []
    for action, missing in ((Action.created, None), (Action.missing, NOW), (Action.found, None)):
        plan = PlanFile(tmp_path / "1.plan")
        known = Entry("1", action, 1, "o", "vacancy", None, None, NOW, NOW, missing=missing)
        plan.add([created if action is Action.created else known])
        with database.write(plan.path) as connection:
            run = runs.start(connection, "a", NOW)
            publication.publish(connection, source="a", run=run, now=NOW)
            item = pages.item(connection, "o")
        plan.close()
        assert item is not None
        seen.append(item.body)
    doubted = b"{" + text + b',"status":"likelyExpired","listings":[{"source":"a"}]}'
    assert seen == [body, doubted, body]
    database.close()
