"""What an answer says of a page, what several say together, and what is too much to be believed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hub.links import (
    Answer,
    Found,
    Marks,
    Norm,
    Patience,
    Share,
    Sight,
    Standing,
    Verdict,
    after,
    first_due,
    judge,
    norm,
    old_before,
    renewed,
    too_many,
)

PAGE = "https://jobs.example.be/vacature/123"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
GONE, ALIVE, UNSURE = Sight(Found.gone, "404"), Sight(Found.alive, "200"), Sight(Found.unknown, "timeout")
PATIENCE = Patience()
MARKS = Marks(paths=("/archief*",), texts=("Deze vacature is  niet meer beschikbaar",))


def found(status: int | None, landed: str = PAGE, *, text: str = "", trouble: str | None = None) -> Found:
    return judge(Answer(PAGE, landed, status, text, trouble), MARKS).found


@pytest.mark.parametrize(("status", "said"), [(200, "alive"), (204, "alive"), (404, "gone"), (410, "gone")])
def test_what_a_partner_says_on_purpose_is_definite(status: int, said: str) -> None:
    assert found(status) == said


@pytest.mark.parametrize("status", [None, 301, 400, 401, 403, 405, 408, 418, 429, 451, 500, 502, 503])
def test_what_says_nothing_of_the_page_is_unknown(status: int | None) -> None:
    assert found(status) == Found.unknown


def test_trouble_on_the_way_is_unknown_whatever_the_status() -> None:
    assert found(404, trouble="robots") == Found.unknown


@pytest.mark.parametrize(
    "landed",
    [
        "https://jobs.example.be/",
        "https://www.example.be",
        "https://jobs.example.be/nl/",
        "https://jobs.example.be/fr-be",
        "https://jobs.example.be/index.html",
        "https://jobs.example.be/nl/zoeken?q=",
        "https://jobs.example.be/fr/page-introuvable.aspx",
        "https://jobs.example.be/archief/2026",
    ],
)
def test_being_sent_to_a_home_or_search_page_or_where_the_source_says_is_gone(landed: str) -> None:
    assert found(200, landed) == Found.gone


@pytest.mark.parametrize(
    "landed",
    [
        "http://jobs.example.be/vacature/123",
        "https://jobs.example.be/vacature/123/",
        "https://jobs.example.be/nl/vacature/123-poetshulp",
        "https://ats.example.com/login",
    ],
)
def test_being_sent_to_another_page_about_it_is_alive(landed: str) -> None:
    assert found(200, landed) == Found.alive


def test_a_page_between_that_knows_where_one_wanted_to_go_says_nothing() -> None:
    assert found(200, "https://jobs.example.be/?consent=1&return=%2Fvacature%2F123") == Found.unknown


def test_a_home_page_that_is_linked_to_may_send_to_a_language() -> None:
    assert judge(Answer("https://example.be/", "https://example.be/nl", 200), Marks()).found == Found.alive


def test_a_page_that_says_it_is_over_is_gone_whatever_its_spaces_and_capitals() -> None:
    assert found(200, text="<p>DEZE vacature is\n niet meer beschikbaar.</p>") == Found.gone
    assert found(200, text="<p>Deze vacature is nieuw.</p>") == Found.alive


def looks(*sights: tuple[float, Sight]) -> Standing:
    """Return what is known after looks at these days."""
    standing = Standing()
    for day, sight in sights:
        standing = after(standing, sight, NOW + timedelta(days=day), url=PAGE, patience=PATIENCE)
    return standing


@pytest.mark.parametrize(
    ("days", "verdict"),
    [((0,), "failing"), ((0, 1), "failing"), ((0, 0.1, 0.2, 0.3), "failing"), ((0, 1, 2), "dead"), ((0, 2), "failing")],
)
def test_dead_is_what_failed_three_times_over_two_days(days: tuple[float, ...], verdict: str) -> None:
    assert looks(*[(day, GONE) for day in days]).verdict == verdict


def test_a_page_that_is_there_again_starts_anew() -> None:
    assert looks((0, GONE), (1, GONE), (2, ALIVE), (3, GONE)).failures == 1
    back = looks((0, GONE), (1, GONE), (2, GONE), (5, ALIVE))
    assert (back.verdict, back.failures, back.alive_at) == (Verdict.alive, 0, NOW + timedelta(days=5))


def test_looks_that_say_nothing_neither_count_nor_forgive() -> None:
    assert looks(*[(day, UNSURE) for day in range(10)]).verdict == Verdict.unknown
    assert looks((0, GONE), (1, UNSURE), (2, GONE)).verdict == Verdict.failing
    assert looks((0, GONE), (1, UNSURE), (2, GONE), (3, GONE), (4, UNSURE)).verdict == Verdict.dead


def test_the_next_look_comes_sooner_after_a_failure_and_later_and_later_where_nothing_is_learned() -> None:
    waits = [(looks(*[(0, UNSURE)] * times).due or NOW) - NOW for times in range(1, 8)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(hours=6), timedelta(days=12))
    assert looks((0, GONE)).due == NOW + timedelta(days=1)
    alive = (looks((0, ALIVE)).due or NOW) - NOW
    assert timedelta(days=2.5) < alive < timedelta(days=3.5)


def test_first_looks_are_spread_over_the_first_round() -> None:
    hours = {(first_due(f"{PAGE}{number}", NOW, PATIENCE) - NOW) // timedelta(hours=8) for number in range(100)}
    assert hours == set(range(9))


def test_what_failed_before_the_listing_changed_counts_no_longer() -> None:
    dead = looks((0, GONE), (1, GONE), (2, GONE))
    assert renewed(dead, NOW - timedelta(days=1)) is dead
    assert renewed(dead, NOW + timedelta(days=1)).failures == 0


@pytest.mark.parametrize(
    ("lives", "configured", "expected"),
    [
        ([10] * 49, None, None),
        ([10] * 50, None, Norm(60, lives=50)),
        (range(1, 101), None, Norm(143, lives=100)),
        ([10] * 50, 30, Norm(30, configured=True)),
        ([], 30, Norm(30, configured=True)),
    ],
)
def test_the_norm_is_that_of_the_configuration_or_of_the_past(
    lives: list[int], configured: int | None, expected: Norm | None
) -> None:
    assert norm(list(lives), configured) == expected


def test_old_is_what_gave_no_sign_of_life_for_longer_than_the_norm() -> None:
    assert old_before(date(2026, 11, 23), Norm(60)) == date(2026, 9, 24)


@pytest.mark.parametrize(("count", "of", "much"), [(20, 20, False), (21, 21, True), (40, 200, False), (41, 200, True)])
def test_a_fifth_is_believed_and_so_are_a_few_of_a_small_source(count: int, of: int, *, much: bool) -> None:
    assert too_many(Share(count, of), most=0.2, floor=20) is much
