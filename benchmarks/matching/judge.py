"""Judging groups: ``python -m benchmarks.matching.judge FOLDER GROUPS`` prints how well they fit the truth, as JSON.

In a process of its own, since the truth is large, and no process is measured as smaller than the one that started it.
"""

import json
import pickle
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.matching.listings import Made
from benchmarks.matching.truth import Score, scored


def judged(folder: Path, groups: Path) -> Score:
    """Return the score of the groups; of those for several thresholds, that of the best one, by F1."""
    made = pickle.loads((folder / "truth.pickle").read_bytes())  # noqa: S301 - written by make_listings
    assert isinstance(made, Made)  # noqa: S101
    found: Any = json.loads(groups.read_text("utf-8"))
    several = found.values() if isinstance(found, dict) else [found]
    return max((scored(made, each) for each in several), key=lambda score: score.f1)


if __name__ == "__main__":
    print(json.dumps(asdict(judged(Path(sys.argv[1]), Path(sys.argv[2])))))
