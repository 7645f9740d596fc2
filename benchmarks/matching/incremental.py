"""What matching costs when everything is new, and when 1 % is: ``python -m benchmarks.matching.incremental``.

Two sources of a real hub read the same generated file, so nearly every listing has a partner. Then the file of one is
edited in 1 % of its rows and lacks another 1 %. Measured is the processor time of the steps that match: features
and keys of what is planned, finding and judging pairs, settling opportunities. The whole runs stand beside them.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hub.pipeline as running
from hub.app.hub import Hub
from hub.pipeline import applying

ROOT = Path(__file__).resolve().parents[2]
STEPS = ((running, "describe_plan"), (running, "match_plan"), (applying, "match_now"), (applying, "settle"))


class Clock:
    """Adds up the processor time of functions."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the same function, with its time added."""

        def run(*args: Any, **said: Any) -> Any:
            began = time.process_time()
            try:
                return function(*args, **said)
            finally:
                self.seconds += time.process_time() - began

        return run


def main() -> None:
    """Measure, and print both and their ratio."""
    parser = argparse.ArgumentParser(prog="benchmarks.matching.incremental")
    parser.add_argument("--records", type=int, default=20_000, help="of each of the two sources")
    wanted = parser.parse_args()
    clock = Clock()
    for module, name in STEPS:
        setattr(module, name, clock.timed(getattr(module, name)))
    with tempfile.TemporaryDirectory() as folder:
        config = _config(Path(folder), wanted.records)
        with Hub.open(config, data=Path(folder) / "var") as hub:
            first = [_run(hub, clock, source) for source in ("one", "two")]
            shutil.copy(Path(folder) / "changed.csv", Path(folder) / "two.csv")
            changed = _run(hub, clock, "two")
    full = first[1]
    print(f"everything new: {full[0]:.2f} s CPU to match {wanted.records:,} listings, {full[1]:.1f} s the whole run")
    print(f"1 % edited, 1 % gone: {changed[0]:.3f} s CPU to match, {changed[1]:.1f} s the whole run")
    print(f"of a full match: {changed[0] / full[0]:.1%}")


def _run(hub: Hub, clock: Clock, source: str) -> tuple[float, float]:
    """Run a source and return what matching and what the whole took, in seconds of processor time."""
    clock.seconds, began = 0.0, time.process_time()
    report = hub.run(source)
    if report.outcome.value != "complete":
        sys.exit(f"{source}: {report.reason}")
    print(f"  {source}: {report.counts}", file=sys.stderr)
    return clock.seconds, time.process_time() - began


def _config(folder: Path, records: int) -> Path:
    config = folder / "config"
    shutil.copytree(ROOT / "benchmarks" / "config", config)
    command = [sys.executable, "-m", "benchmarks.data", str(folder), "--records", str(records)]
    subprocess.run(command, cwd=ROOT, check=True)
    for name in ("one", "two"):
        shutil.copy(folder / "first.csv", folder / f"{name}.csv")
    text = (config / "sources" / "bench.toml").read_text()
    (config / "sources" / "bench.toml").unlink()
    for name in ("one", "two"):
        said = text.replace("@CSV@", str(folder / f"{name}.csv"))
        (config / "sources" / f"{name}.toml").write_text(said)
    return config


if __name__ == "__main__":
    main()
