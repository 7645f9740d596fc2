"""Days of deliveries in seconds: nothing is lost, the schedule is kept, and who does not answer delays nobody else."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from statistics import mean, quantiles

import pytest
from push.virtual_post import START, Endpoint, Office

from hub.push import PAUSES
from hub.push.schedule import JITTER

EVERY_SECONDS = 8.64
Attempt = tuple[int, float, float, str | None]


def troubled(folder: Path, events: int) -> Office:
    """A hub whose three subscribers fail three times in ten, whose processes are killed, and some transactions too."""
    office = Office(
        folder, [Endpoint(f"https://{number}.example/hooks", Random(number), bad=0.3) for number in range(3)]
    )
    chance = Random(7)
    for number in range(1, events + 1):
        office.announce(START + number * EVERY_SECONDS, number, killed=chance.random() < 0.02)
    for _ in range(events // 20):
        office.kill(START + chance.uniform(0, events * EVERY_SECONDS))
    office.run()
    return office


def lost(office: Office) -> list[tuple[str, int]]:
    return [
        (url, each) for url, endpoint in office.endpoints.items() for each in office.made if each not in endpoint.taken
    ]


def off_schedule(attempts: Iterable[Attempt], late: float) -> list[Attempt]:
    """Return the attempts that came sooner than their pause after the one before, or so many seconds after its end."""
    wrong, before, tries = [], None, 0
    for attempt in attempts:
        if before is None or before[0] != attempt[0]:
            tries = 0
        else:
            waited = attempt[1] - before[1] - before[2]
            asked = 20.0 if before[3] and "503" in before[3] else 0.0
            least, most = max(PAUSES[tries], asked), max(PAUSES[tries] * (1 + JITTER), asked) + late
            if not least - 0.001 <= waited <= most:
                wrong.append(attempt)
        before, tries = attempt, tries + 1
    return wrong


def check(office: Office, events: int) -> None:
    assert office.kills > events // 40
    assert len(office.made) < events
    assert lost(office) == []
    assert set(office.states()) == {"delivered"}
    for endpoint in office.endpoints.values():
        assert {each for each in endpoint.taken if each} <= set(office.made) | {0}
        assert endpoint.overlaps == 0
    attempts = list(office.attempts())
    # An attempt waits for its endpoint to be free, and where its process was killed for the lease to run out.
    assert off_schedule(attempts, late=180.0) == []
    on_time = len(attempts) - len(off_schedule(attempts, late=30.0))
    assert on_time / len(attempts) > 0.99


def test_nothing_is_lost_and_the_schedule_is_kept(tmp_path: Path) -> None:
    check(troubled(tmp_path, 200), 200)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_of_ten_thousand_events_nothing_is_lost_and_the_schedule_is_kept(tmp_path: Path) -> None:
    check(troubled(tmp_path, 10_000), 10_000)


@pytest.mark.parametrize("careless", [False, True])
def test_who_settles_before_sending_loses_what_a_kill_interrupts(tmp_path: Path, careless: bool) -> None:
    endpoints = [Endpoint(f"https://{number}.example/hooks", Random(number)) for number in range(3)]
    office = Office(tmp_path, endpoints, processes=1, careless=careless)
    for number in range(1, 40):
        office.announce(START + number * 200, number)
        office.kill(START + number * 200 + 0.01)
    office.run()
    assert office.kills == 39
    assert bool(lost(office)) is careless


def test_an_attempt_that_comes_too_soon_or_too_late_is_noticed() -> None:
    first: Attempt = (1, 100.0, 1.0, "it answered 500")
    fine, soon, late = (1, 106.2, 1.0, None), (1, 105.9, 1.0, None), (1, 150.0, 1.0, None)
    assert off_schedule([first, fine], late=30.0) == []
    assert off_schedule([first, soon], late=30.0) == [soon]
    assert off_schedule([first, late], late=30.0) == [late]


def delays(folder: Path, *, dead: int, at_once: int = 4, failing: int | None = None) -> list[float]:
    """Return how long events took to reach the healthy, beside so many that never answer."""
    folder.mkdir()
    endpoints = [Endpoint(f"https://{number}.example/hooks", Random(number)) for number in range(3)]
    silent = [Endpoint(f"https://silent{number}.example/hooks", Random(number), dead=True) for number in range(dead)]
    office = Office(folder, [*endpoints, *silent], processes=1, at_once=at_once, failing=failing)
    for number in range(1, 31):
        office.announce(START + number * 3, number)
    office.plan(START + 120, office.stop)
    office.run()
    assert not lost_of(endpoints, office)
    return [when[0] - office.made[each] for endpoint in endpoints for each, when in endpoint.taken.items() if each]


def lost_of(endpoints: Sequence[Endpoint], office: Office) -> list[int]:
    return [each for endpoint in endpoints for each in office.made if each not in endpoint.taken]


def test_one_that_never_answers_delays_the_others_by_a_tenth_at_most(tmp_path: Path) -> None:
    alone, beside = delays(tmp_path / "alone", dead=0), delays(tmp_path / "beside", dead=1)
    many = delays(tmp_path / "many", dead=9, at_once=16)
    for measure in (mean, lambda values: quantiles(values, n=100)[98], max):
        assert measure(beside) <= 1.1 * measure(alone)
        assert measure(many) <= 1.1 * measure(alone)


def test_where_those_that_fail_may_take_every_place_they_delay_the_others(tmp_path: Path) -> None:
    alone, beside = delays(tmp_path / "alone", dead=0), delays(tmp_path / "beside", dead=9, at_once=4, failing=4)
    assert mean(beside) > 1.1 * mean(alone)
