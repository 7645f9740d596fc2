"""What the files say about pace and budget reaches the door, and the runs of one hub share what they know."""

from collections.abc import Callable

from small_hub import NIGHTLY, TABLE, Folder, Library

from hub.app.hub import Hub

Opened = Callable[..., Hub]


def add(folder: Folder, library: Library, more: str = "") -> None:
    options = f'url = "{library.address}/programmes.csv"\n' + TABLE
    folder.source("kleine", options, more=f"{NIGHTLY}\n{more}")


def test_the_runs_of_a_hub_keep_the_rate_of_the_source_together(
    folder: Folder, library: Library, opened: Opened
) -> None:
    add(folder, library, 'rate = "1/day"')
    hub = opened()
    first, second = hub.run("kleine"), hub.run("kleine")
    assert (first.outcome, second.outcome, library.asked) == ("complete", "failed", 1)
    assert "keeping the partner's pace would take 86,4" in str(second.reason)


def test_without_a_rate_they_ask_when_they_run(folder: Folder, library: Library, opened: Opened) -> None:
    add(folder, library)
    hub = opened()
    assert [hub.run("kleine").outcome for _ in range(2)] == ["complete", "complete"]
    assert library.asked == 2


def test_the_budget_of_a_run_is_that_of_the_settings(folder: Folder, library: Library, opened: Opened) -> None:
    add(folder, library)
    settings = folder.path / "hub.toml"
    settings.write_text(settings.read_text().replace("[limits]", "[limits]\nmegabytes = 0.0001"))
    said = str(opened().run("kleine").reason)
    assert "the run has used up its 0.0001 MB on the wire" in said
    assert "raise limits.megabytes in hub.toml" in said
