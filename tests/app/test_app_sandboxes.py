"""The sandboxes of a hub: what they cost those who only want their options, and what is said when none runs."""

from collections.abc import Callable
from time import perf_counter

import pytest
from small_hub import Folder

from hub.app.hub import Hub
from hub.errors import SourceUnavailable
from hub.pipeline import Outcome

Opened = Callable[..., Hub]
NOWHERE = "http://127.0.0.1:9"
LIST = """
url = "https://hub.example.org/feeds/all"
kind = "vacancy"
id = "id"
[options.fields]
"title" = "title"
"organisation.name" = "name"
"""


@pytest.mark.parametrize(
    ("adapter", "options"), [("vdab", ""), ("actiris", ""), ("jobstream", ""), ("generic_json", LIST)]
)
def test_who_only_looks_at_the_tables_of_a_source_waits_for_no_labour_market(
    folder: Folder, opened: Opened, adapter: str, options: str
) -> None:
    folder.source("proef", options, adapter=adapter, more="sandbox = true")
    hub = opened()
    assert hub.source("proef").adapter.options
    assert "market" not in vars(hub.sandboxes.by_adapter[adapter])


def test_a_run_on_a_sandbox_that_is_not_there_ends_at_once_and_says_how_to_start_it(
    folder: Folder, opened: Opened
) -> None:
    folder.source("actiris", adapter="actiris", more="sandbox = true")
    began = perf_counter()
    report = opened(sandbox_address=NOWHERE).run("actiris")
    assert report.outcome is Outcome.failed
    assert report.reason is not None
    assert report.reason.endswith("start the sandboxes with `hub sandbox`")
    assert perf_counter() - began < 3


def test_a_source_on_its_partner_needs_no_sandbox(folder: Folder, opened: Opened) -> None:
    folder.file("kleine")
    folder.source("actiris", adapter="actiris", more="sandbox = true")
    hub = opened(sandbox_address=NOWHERE)
    hub.require_partner("kleine")
    with pytest.raises(SourceUnavailable, match=r"nothing answers at http://127\.0\.0\.1:9"):
        hub.require_partner("actiris")
