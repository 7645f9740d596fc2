"""What share of a partner's values the tables know."""

from hub.mapping import Mapping
from hub.mapping.coverage import coverage

TABLES = Mapping.of({"schedule": {"Dagwerk": {"v": 1}, "Nachtwerk": {"v": 2}, "Weekend": {"v": 3}}, "other": {"A": {}}})


def test_the_share_counts_records_and_names_what_is_unknown_with_the_nearest_known_value() -> None:
    read = {"schedule": {"Dagwerk": 90, "dagwerk": 5, "Nachtwrek": 4, "Xyz": 1}}
    schedule, other = coverage([TABLES], read, {"schedule": {"Nachtwrek": 4, "Xyz": 1}})
    assert (schedule.read, schedule.known, schedule.share, schedule.met, schedule.entries) == (100, 95, 0.95, 1, 3)
    first, second = schedule.unknown
    assert first.suggestion is not None
    assert (first.value, first.count, first.suggestion.key) == ("Nachtwrek", 4, "Nachtwerk")
    assert 60 < first.suggestion.alike < 100
    assert (second.value, second.suggestion) == ("Xyz", None)
    assert other.share is None


def test_what_was_looked_up_under_no_table_is_told_too() -> None:
    [*_, extra] = coverage([TABLES], {}, {"country": {"XQ": 2}})
    assert (extra.name, extra.entries, extra.share, extra.unknown[0].suggestion) == ("country", 0, 0.0, None)
