"""What `hub check` finds, and what it says to do."""

from collections.abc import Callable

import pytest
from small_hub import Folder, Library

from hub.app.checking import Finding, check
from hub.app.hub import Hub

Opened = Callable[..., Hub]
VDAB = """
client_id = { env = "CHECKED_CLIENT_ID" }
client_secret = { env = "CHECKED_CLIENT_SECRET" }
"""


def wrong(hub: Hub) -> dict[str, Finding]:
    """Return what is not fine."""
    return {finding.what: finding for finding in check(hub) if not finding.fine}


def test_a_hub_whose_partners_answer_is_fine(folder: Folder, library: Library, opened: Opened) -> None:
    folder.web("kleine", library)
    folder.file("oude", more="enabled = false")
    findings = {finding.what: finding for finding in check(opened())}
    assert all(finding.fine for finding in findings.values())
    assert {"configuration", "database", "source kleine", "source oude"} <= findings.keys()
    assert findings["source oude"].said == "disabled"


def test_a_missing_secret_is_named_and_a_present_one_is_not_shown(
    folder: Folder, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHECKED_CLIENT_ID", "a-client-nobody-may-see")
    monkeypatch.delenv("CHECKED_CLIENT_SECRET", raising=False)
    folder.source("vdab", VDAB, adapter="vdab")
    hub = opened()
    found = [finding for finding in check(hub) if finding.what == "secret of vdab"]
    assert [(finding.fine, finding.setup) for finding in found] == [(True, True), (False, True)]
    assert "CHECKED_CLIENT_SECRET is not set" in found[1].said
    assert "a-client-nobody-may-see" not in str(list(check(hub)))
    assert sum("CHECKED_CLIENT_SECRET" in finding.said for finding in check(hub)) == 1


def test_a_plugin_that_is_disabled_or_missing_is_a_matter_of_setting_up(folder: Folder, opened: Opened) -> None:
    folder.set('plugins = [{ distribution = "schakel-actiris", version = "==9.9" }, "schakel-nowhere"]')
    found = wrong(opened())
    assert found.keys() == {"plugin actiris", "plugin schakel-nowhere"}
    assert all(finding.setup for finding in found.values())
    assert "9.9" in found["plugin actiris"].said


def test_a_source_whose_options_are_wrong_tells_every_mistake(folder: Folder, opened: Opened) -> None:
    folder.source("foute", 'path = "programmes.csv"\nkind = "course"\n')
    found = [finding for finding in check(opened()) if finding.what == "source foute"]
    assert len(found) > 1
    assert all(finding.setup and not finding.fine for finding in found)


def test_a_sandbox_that_does_not_answer_is_told_with_how_to_start_it(folder: Folder, opened: Opened) -> None:
    folder.source("actiris", adapter="actiris", more="sandbox = true")
    found = wrong(opened(sandbox_address="http://127.0.0.1:9"))
    assert found.keys() == {"source actiris"}
    assert found["source actiris"].said.endswith("start the sandboxes with `hub sandbox`")
    assert not found["source actiris"].setup


def test_a_partner_that_does_not_answer_is_told_without_a_word_of_sandboxes(folder: Folder, opened: Opened) -> None:
    folder.source("actiris", 'base_url = "http://127.0.0.1:9"\n', adapter="actiris")
    said = wrong(opened())["source actiris"].said
    assert "127.0.0.1:9" in said
    assert "sandbox" not in said


def test_a_sandbox_that_runs_but_lacks_the_source_is_to_be_started_again(
    folder: Folder, library: Library, opened: Opened
) -> None:
    folder.source("actiris", adapter="actiris", more="sandbox = true")
    said = wrong(opened(sandbox_address=library.address))["source actiris"].said
    assert "nothing answers" not in said
    assert "restart `hub sandbox`" in said


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        ("vacancies", "read with a key: vacancies; everybody reads every programme and every vacancy and every"),
        ("all vacancies", "read with a key: all, vacancies; everybody reads every programme and every source's own"),
        ("all vacancies programmes", "read with a key: all, vacancies, programmes; everybody reads every source's own"),
        ("all vacancies programmes listings", "read with a key: all, vacancies, programmes, listings"),
    ],
)
def test_what_is_closed_is_told_with_what_everybody_reads_all_the_same(
    folder: Folder, opened: Opened, closed: str, said: str
) -> None:
    (folder.path / "views").mkdir()
    for name in closed.split():
        (folder.path / "views" / f"{name}.toml").write_text('access = "key"\n')
    (found,) = [finding for finding in check(opened()) if finding.what == "access"]
    assert found.fine
    assert found.said.startswith(said)


def test_where_nothing_is_closed_nothing_is_said_of_access(opened: Opened) -> None:
    assert "access" not in {finding.what for finding in check(opened())}


def test_a_view_that_names_no_source_and_no_licence_there_is_is_told(folder: Folder, opened: Opened) -> None:
    folder.file("courses", more='licence = "CC BY-SA 4.0"')
    (folder.path / "views").mkdir()
    filters = {"fine": '["CC BY-SA 4.0"]\nsources = ["courses"]', "typo": '["CC-BY-SA 4.0"]\nsources = ["course"]'}
    for name, said in filters.items():
        view = f'[title]\nnl = "Die"\n[filter]\nwithout_licences = {said}\n'
        (folder.path / "views" / f"{name}.toml").write_text(view)
    found = [each for each in check(opened()) if each.what.startswith("view ")]
    assert [(each.what, each.fine, each.setup) for each in found] == [("view typo", False, True)] * 2
    assert ['"course"' in found[0].said, "courses" in found[0].said, "CC BY-SA 4.0" in found[1].said] == [True] * 3
