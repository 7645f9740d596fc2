"""What a person is told of runs: the reasons of refusal."""

from collections.abc import Sequence

import pytest
from rich.console import Console

from hub.cli.reports import refusals
from hub.model.issue import issue
from hub.pipeline import Report

CODES = ("missing-title", "empty-id", "missing-organisation", "duplicate-id", "no-longer-offered", "url-not-absolute")


def shown(codes: Sequence[str]) -> str:
    """Return the table of a run that refused one record for each code."""
    report = Report.not_run("kleine", "generic_csv", "")
    for code in codes:
        report.notes.refuse([issue(code, value="x", field="url")])
    told, console = refusals([report]), Console(width=200)
    with console.capture() as captured:
        console.print(told or "")
    return captured.get()


@pytest.mark.parametrize(("count", "said"), [(5, "and 1 more reason:"), (6, "and 2 more reasons:")])
def test_reasons_beyond_the_commonest_are_counted_with_where_to_see_them(count: int, said: str) -> None:
    table = shown(CODES[:count])
    assert f"{said} `hub quarantine list kleine`" in table
    assert sum(code in table for code in CODES) == 4


def test_few_reasons_are_all_there_is() -> None:
    assert "more reason" not in shown(CODES[:4])
