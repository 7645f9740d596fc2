"""Files of the stream: the last word on each ad, and what shows that a file is whole."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hub_jobstream.adapter import Jobstream
from hub_jobstream.options import JobstreamOptions
from hub_jobstream.sandbox import JobstreamSandbox
from hub_jobstream.words import Words

from hub import Incomplete, RecordsCut, Refused
from hub.testing import SandboxJob

NEW = {"id": "7", "timestamp": 1_795_000_000_000}
OLD = {"id": "7", "timestamp": 1_794_000_000_000, "old": True}
REMOVED = {"id": "7", "removed": True, "removed_date": "2026-11-19T12:00:00"}


@pytest.fixture
def words(tmp_path: Path, sandbox: JobstreamSandbox) -> Any:
    """Return a function that makes words of files with these texts."""
    job = SandboxJob(sandbox, folder=tmp_path)

    def make(*texts: str) -> Words:
        for number, text in enumerate(texts):
            (tmp_path / f"{number}.json").write_bytes(text.encode())
        return Words([job.open_file(f"{number}.json") for number in range(len(texts))], "auto")

    with job:
        yield make


def said(words: Words) -> list[Any]:
    words.count()
    return list(words.last())


@pytest.mark.parametrize(
    ("items", "last"),
    [([OLD, NEW], NEW), ([NEW, OLD], NEW), ([NEW, REMOVED], REMOVED), ([REMOVED, NEW], REMOVED), ([NEW, NEW], NEW)],
)
def test_the_last_word_is_told_by_its_time(words: Any, items: list[Any], last: Any) -> None:
    assert said(words(json.dumps(items))) == [("7", last)]


def test_of_two_words_at_one_time_the_later_told_counts(words: Any) -> None:
    assert said(words(json.dumps([OLD, {**OLD, "n": 2}]), json.dumps([{**OLD, "n": 3}]))) == [("7", {**OLD, "n": 3})]


@pytest.mark.parametrize("start", ["", "\ufeff", " \n"])
def test_both_ways_of_writing_are_told_apart(words: Any, start: str) -> None:
    lines = "".join(json.dumps({"id": number}) + "\n" for number in range(3))
    assert [identifier for identifier, _ in said(words(start + lines))] == ["0", "1", "2"]
    assert said(words(start + json.dumps([OLD]))) == [("7", OLD)]
    assert said(words(start + "[]")) == []


def test_what_has_no_id_is_refused_and_the_others_are_read(words: Any) -> None:
    refused, other = said(words(json.dumps([{"headline": "x"}, OLD])))
    assert isinstance(refused, Refused)
    assert refused.issue.code == "empty-id"
    assert other == ("7", OLD)


@pytest.mark.parametrize("text", ['[{"id": "7"}, {"id":', '[{"id": "7"}', '{"id": "7"}\n{"id": "8"'])
def test_a_cut_file_is_found_out_before_anything_is_said(words: Any, text: str) -> None:
    with pytest.raises(RecordsCut):
        said(words(text))


def test_lines_that_nothing_proves_to_be_all_end_incomplete(words: Any) -> None:
    found = words('{"id": "7"}\n')
    found.count()
    assert found.unproven
    end = Jobstream(JobstreamOptions())._end(found, [], None, datetime(2026, 11, 20, tzinfo=UTC))
    assert isinstance(end, Incomplete)
