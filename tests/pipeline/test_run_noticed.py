"""What a run notes of fields and values, and that a changed mapping reads everything anew."""

from collections.abc import Callable

import pytest
from told import EVERYTHING, Told, job

from hub import Mapping, Normalised, Vacancy
from hub.pipeline import Report
from hub.pipeline.noticed import Noticed
from hub.pipeline.report import Notes

LISTING = Vacancy.model_validate({"title": {"nl": "Kok"}, "organisation": {"name": "De Linde"}})


def notes_of(*records: Normalised) -> Notes:
    notes = Notes()
    for number, record in enumerate(records):
        notes.take(str(number), record, ())
    return notes


def test_unknown_fields_are_counted_with_a_few_records_to_look_at() -> None:
    notes = notes_of(*[Normalised(LISTING, unknown_fields=("telewerk",)) for _ in range(1204)]).as_dict()
    assert notes["unknown_fields"] == {"telewerk": 1204}
    assert notes["examples"]["fields"] == {"telewerk": ["0", "1", "2"]}


def test_values_are_counted_by_table() -> None:
    record = Normalised(LISTING, unknown_values=(("t", "x"),), read_values=(("t", "x"), ("u", "a")))
    notes = notes_of(record, record).as_dict()
    assert (notes["unknown_values"], notes["read_values"]) == ({"t": {"x": 2}}, {"t": {"x": 2}, "u": {"a": 2}})
    assert notes["examples"]["values"] == {"t": {"x": ["0", "1"]}}


def test_ever_new_values_do_not_fill_the_memory() -> None:
    records = [Normalised(LISTING, unknown_values=(("t", str(n)),), read_values=(("t", str(n)),)) for n in range(5000)]
    notes = notes_of(*records)
    assert len(notes.unknown_values.counts) <= 1001
    assert len(notes.read_values) <= 1001
    assert sum(notes.read_values.values()) == 5000


def test_a_long_value_is_shortened() -> None:
    [(value, count)] = (
        notes_of(Normalised(LISTING, unknown_values=(("t", "x" * 500),))).as_dict()["unknown_values"]["t"].items()
    )
    assert (len(value), count) == (120, 1)


def test_the_most_frequent_come_first() -> None:
    noticed = Noticed("…")
    for names in (["a", "b"], ["b"], ["c"], ["b", "c"]):
        noticed.take(names, "1")
    assert noticed.most(2) == [("b", 3), ("c", 2)]


def test_a_changed_mapping_reads_every_record_anew(
    run: Callable[..., Report], told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    for facts in ({"work_time": ["fullTime"]}, {"work_time": ["fullTime"]}, {"work_time": ["partTime"]}):
        mapping = Mapping.of({"regime": {"V": facts}})
        monkeypatch.setattr(told, "mappings", lambda mapping=mapping: (mapping,))
        run(job("1"), EVERYTHING)
    assert told.read == ["1", "1"]


def test_nobody_is_led_to_a_person_by_what_is_noticed() -> None:
    said = "vraag an.peeters@voorbeeld.be of 0475 12 34 56"
    record = Normalised(LISTING, unknown_fields=(said,), unknown_values=(("t", said),), read_values=(("t", said),))
    notes = notes_of(record, record).as_dict()
    assert notes["unknown_fields"] == {"vraag … of …": 2}
    assert notes["unknown_values"] == notes["read_values"] == {"t": {"vraag … of …": 2}}


def test_a_long_name_of_a_field_and_a_long_value_take_no_memory() -> None:
    notes = notes_of(Normalised(LISTING, unknown_fields=("x" * 500,), read_values=(("t", "x" * 500),)))
    assert (
        {len(name) for name in notes.unknown_fields.counts} == {len(value) for _, value in notes.read_values} == {120}
    )
