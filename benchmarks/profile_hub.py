"""``python -m benchmarks.profile_hub``: one phase of the hub under cProfile, the functions that cost most first.

The phases before it run as they do in the comparison, unprofiled. The profiler makes small functions look dearer than
they are: it shows where time goes, not how much a phase takes. The line ``acquire`` of ``_thread.lock`` is the main
thread waiting for the run.
"""

import argparse
import contextlib
import cProfile
import io
import os
import pstats
import runpy
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from benchmarks.phase import PHASES, Phase
from benchmarks.tools import HUB, ROOT, Hub


class _Profiles:
    """A profile of the main thread and, before Python 3.12, one of each thread it starts; later one sees them all."""

    def __init__(self) -> None:
        self.all: list[cProfile.Profile] = []

    def begin(self, *_: object) -> None:
        """Profile the thread that calls this."""
        profile = cProfile.Profile()
        self.all.append(profile)
        profile.enable()

    def __enter__(self) -> "_Profiles":
        if sys.version_info < (3, 12):
            threading.setprofile(self.begin)
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.all[0].disable()
        threading.setprofile(None)


def _run_here(state: Path) -> _Profiles:
    """Run the hub's command in this process, under the profiler, without its output."""
    sys.argv = [*HUB, str(state)]
    os.chdir(state)
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())) as output, _Profiles() as profiles:
        try:
            runpy.run_path(HUB[0], run_name="__main__")
        except SystemExit as end:
            if end.code:
                output.seek(0)
                print(output.read(), file=sys.stderr)
                raise
    return profiles


def _reach(phase: Phase, folder: Path) -> Path:
    """Run the phases before this one and put this one's file in place; return the hub's state folder."""
    hub, state, csv = Hub(), folder / "hub", folder / "vacancies.csv"
    state.mkdir()
    hub.prepare(state, csv)
    for earlier in PHASES[: PHASES.index(phase)]:
        csv.unlink(missing_ok=True)
        os.link(folder / earlier.file, csv)
        hub.sync(state, csv)
    csv.unlink(missing_ok=True)
    os.link(folder / phase.file, csv)
    return state


def main() -> None:
    """Generate, reach the phase, profile it, print."""
    phases = {phase.name: phase for phase in PHASES}
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.profile_hub", description="Profile one phase of the hub."
    )
    parser.add_argument("--records", type=int, default=50_000, help="vacancies in the file (%(default)s)")
    parser.add_argument("--phase", choices=list(phases), default="first", help="the phase to profile (%(default)s)")
    parser.add_argument("--top", type=int, default=25, help="how many functions to print (%(default)s)")
    parser.add_argument(
        "--sort", choices=["tottime", "cumtime"], default="tottime", help="own or whole time (%(default)s)"
    )
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="profile-") as name:
        command = [sys.executable, "-m", "benchmarks.data", name, "--records", str(args.records)]
        subprocess.run(command, cwd=ROOT, check=True)
        profiles = _run_here(_reach(phases[args.phase], Path(name)))
        os.chdir(ROOT)  # the folder is removed next
    pstats.Stats(*profiles.all).strip_dirs().sort_stats(args.sort).print_stats(args.top)


if __name__ == "__main__":
    main()
