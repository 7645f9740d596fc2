"""What is said while something takes long and nobody sits at a terminal."""

import pytest

from hub.cli import progress


def test_long_work_writes_a_line_now_and_then_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    moments = iter([0.0, 1.0, 2.5, 2.5, 3.0])
    monkeypatch.setattr("hub.cli.progress.time.monotonic", lambda: next(moments, 3.0))
    with progress.counted("examining adapters") as tell:
        for done in (1, 2, 3):
            tell(done, 5)
    assert capsys.readouterr().err == "examining adapters: 2 of 5\n"
