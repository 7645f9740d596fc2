"""``python -m benchmarks.run``: the hub and its peers take the same generated CSV over, interleaved, and are measured.

Imports little on purpose: the peak memory that the kernel reports for a process is never below that of the process that
started it.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.measure import CommandFailed, Measurement
from benchmarks.phase import PHASES, Phase
from benchmarks.report import Key, results, table
from benchmarks.tools import ROOT, TOOLS, Counts, Tool

Runs = dict[Key, list[Measurement]]


class WrongCounts(Exception):
    """A tool holds other records after a phase than the file says."""


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _generate(folder: Path, *, records: int, seed: int) -> None:
    """Write both files, in a process of its own to keep this one small."""
    _say(f"writing {records:,} vacancies")
    options = ["--records", str(records), "--seed", str(seed), "--today", f"{date.today()}"]  # noqa: DTZ011
    subprocess.run([sys.executable, "-m", "benchmarks.data", str(folder), *options], cwd=ROOT, check=True)


def _check(tool: Tool, phase: Phase, counts: Counts, records: int) -> None:
    expected = tool.expected(phase, records)
    found = {name: counts.get(name) for name in expected}
    if found != expected:
        raise WrongCounts(f"{tool.label}, {phase.label}: expected {expected}, found {found}")


def _place(source: Path, csv: Path) -> None:
    """Let the path that every tool reads be this file, without copying."""
    csv.unlink(missing_ok=True)
    os.link(source, csv)


def _one(tool: Tool, phase: Phase, folder: Path, records: int) -> Measurement:
    state, csv = folder / tool.name, folder / "vacancies.csv"
    os.sync()  # what the tool before left to be written is not this one's
    done = tool.sync(state, csv)
    _check(tool, phase, tool.count(state, csv, done), records)
    read = records - phase.share(records)
    _say(f"  {phase.label}, {tool.label}: {read / done.cpu:,.0f} records per CPU second, {done.peak / 1e6:,.0f} MB")
    return done


def _round(tools: Sequence[Tool], folder: Path, records: int, runs: Runs) -> None:
    """Run every phase with every tool in turn, from empty state folders."""
    csv = folder / "vacancies.csv"
    for tool in tools:
        shutil.rmtree(folder / tool.name, ignore_errors=True)
        (folder / tool.name).mkdir()
        tool.prepare(folder / tool.name, csv)
    for phase in PHASES:
        _place(folder / phase.file, csv)
        for tool in tools:
            runs.setdefault((phase.name, tool.name), []).append(_one(tool, phase, folder, records))


def compare(tools: Sequence[Tool], folder: Path, *, records: int, rounds: int) -> Runs:
    """Return every measurement; each round begins with another tool, so that none always comes first."""
    runs: Runs = {(phase.name, tool.name): [] for phase in PHASES for tool in tools}
    for number in range(rounds):
        _say(f"round {number + 1} of {rounds}")
        first = number % len(tools)
        _round([*tools[first:], *tools[:first]], folder, records, runs)
    return runs


def _document(runs: Runs, args: argparse.Namespace) -> dict[str, object]:
    return {
        "records": args.records,
        "rounds": args.rounds,
        "seed": args.seed,
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": [round(value, 2) for value in os.getloadavg()],
        "results": [result.as_dict() for result in results(runs, args.records)],
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Compare the hub with its peers.")
    parser.add_argument("--records", type=int, default=50_000, help="vacancies in the file, at least 100 (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of which the median is told (%(default)s)")
    parser.add_argument("--only", nargs="+", choices=[tool.name for tool in TOOLS], help="only these tools")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same vacancies (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    return parser.parse_args()


def main() -> int:
    """Generate, compare, print; exit code 1 when a tool failed or holds the wrong records."""
    args = _arguments()
    tools = [tool for tool in TOOLS if not args.only or tool.name in args.only]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        try:
            _generate(Path(folder), records=args.records, seed=args.seed)
            runs = compare(tools, Path(folder), records=args.records, rounds=args.rounds)
        except (CommandFailed, WrongCounts) as error:
            _say(str(error))
            return 1
    found = table(results(runs, args.records), {tool.name: tool.label for tool in tools})
    print(json.dumps(_document(runs, args), indent=2) if args.json else found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
