import os
import time
from pathlib import Path

from hub.app.sweeping import sweep


def test_what_a_killed_run_left_is_removed_and_what_a_run_works_with_stays(tmp_path: Path) -> None:
    old, new = tmp_path / "1.plan", tmp_path / "2.plan"
    for file in (old, new):
        file.touch()
    three_days_ago = time.time() - 3 * 24 * 3600
    os.utime(old, (three_days_ago, three_days_ago))
    assert sweep(tmp_path.glob("*.plan")) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["2.plan"]
