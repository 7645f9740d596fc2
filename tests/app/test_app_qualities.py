"""How well sources describe their listings: measured, kept day by day, and what would help most."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from small_hub import Folder

from hub.app import qualities
from hub.app.hub import Hub
from hub.cli.quality import sparkline
from hub.model.organisation import Organisation
from hub.model.vacancy import Vacancy
from hub.pipeline.quality import quality

Open = Callable[..., Hub]
NOW = datetime.now(UTC)
DAY = timedelta(days=1)
OPTIONS = """
path = "jobs.csv"
kind = "vacancy"
id = "nr"
[options.fields]
"title.nl" = "naam"
"organisation.name" = "wie"
"expires" = "tot"
"places.postalCode" = "code"
"""


def write(folder: Folder, dated: int, of: int = 10) -> None:
    """List some jobs in Ghent, the first of them with a last day."""
    rows = [f"{n:02};Job {n};Voorbeeld vzw;{'2079-01-01' if n < dated else ''};9000" for n in range(of)]
    (folder.path / "jobs.csv").write_text("\n".join(["nr;naam;wie;tot;code", *rows, ""]))


@pytest.fixture
def hub(folder: Folder, opened: Open) -> Hub:
    write(folder, 2)
    folder.source("jobs", OPTIONS, more="expect = { max_changed = 1.0 }")
    hub = opened()
    hub.run("jobs")
    return hub


def test_each_criterion_is_a_mean_with_what_it_could_gain(hub: Hub) -> None:
    found = qualities.quality_of(hub, "jobs", NOW)
    assert found is not None
    dated = found.now.criteria["expiryKnown"]
    assert (found.now.listings, dated.mean, dated.lacking, dated.worst) == (10, 0.2, 8, 0.0)
    assert found.now.score + sum(each.gain for each in found.now.criteria.values()) == pytest.approx(1, abs=0.002)
    assert found.now.criteria["placePrecision"].gain == 0


def test_the_mean_score_is_that_of_what_is_published(hub: Hub) -> None:
    found = qualities.quality_of(hub, "jobs", NOW)
    with hub.database.read() as connection:
        mean = connection.exec_driver_sql(
            "SELECT avg(json_extract(CAST(bytes AS TEXT), '$.quality.score')) FROM body"
        ).scalar_one()
    assert found is not None
    assert found.now.score == pytest.approx(mean, abs=0.0001)


def test_what_would_raise_the_score_most_comes_first_with_advice_and_listings(hub: Hub) -> None:
    found = qualities.quality_of(hub, "jobs", NOW)
    assert found is not None
    gains = [each.criterion.gain for each in found.weak]
    assert len(gains) == 3
    assert gains == sorted(gains, reverse=True)
    assert all(each.advice and len(each.examples) == 3 for each in found.weak)
    assert found.weak[0].examples[0] == ("00", "Job 0")


def test_days_are_kept_and_measured_once_for_each_applied_run(hub: Hub, folder: Folder) -> None:
    assert qualities.measure_due(hub, NOW - 2 * DAY) == ["jobs"]
    assert qualities.measure_due(hub, NOW - 2 * DAY) == []
    write(folder, 8)
    hub.run("jobs")
    found = qualities.quality_of(hub, "jobs", NOW)
    assert found is not None
    assert [day.criteria["expiryKnown"].mean for day in found.trend] == [0.2, 0.8]
    assert found.change == pytest.approx(0.6 / 9, abs=0.001)


def test_the_trend_is_that_of_thirty_days(hub: Hub) -> None:
    for days in (40, 30, 29, 1):
        qualities.measure_due(hub, NOW - days * DAY)
    found = qualities.quality_of(hub, "jobs", NOW)
    assert found is not None
    assert len(found.trend) == 3


def test_a_source_without_listings_has_no_quality(folder: Folder, opened: Open) -> None:
    folder.file("empty")
    hub = opened()
    assert qualities.quality_of(hub, "empty", NOW) is None
    assert qualities.overview(hub, NOW) == []


def test_there_is_advice_for_every_criterion() -> None:
    vacancy = Vacancy(title={"nl": "Poetshulp"}, organisation=Organisation(name="Voorbeeld vzw"))
    assert set(quality(vacancy, ()).criteria) == set(qualities.ADVICE)


@pytest.mark.parametrize(
    ("values", "line"), [([], ""), ([0.5, 0.51], "▄▄"), ([0.2, 0.4, 0.9], "▁▃█"), ([0.9, 0.2], "█▁")]
)
def test_a_trend_is_drawn_as_bars_and_noise_as_none(values: list[float], line: str) -> None:
    assert sparkline(values) == line
