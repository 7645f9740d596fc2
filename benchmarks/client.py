"""``python -m benchmarks.client``: the client beside bare httpx, interleaved, against a partner on loopback."""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
TASKS = {
    "small": "1,000 answers of 1 kB",
    "large": "one body of 200 MB",
    "packed": "the same, gzip on the wire",
}
CLIENTS = {"httpx": "bare httpx", "light": "client, nothing kept", "hub": "client and archive"}
HEAD = ("task", "client", "CPU s", "wall s", "peak MB", "CPU ratio", "lowest–highest", "wall ratio", "peak ratio")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one client needed for one task: seconds, and bytes of resident memory at its peak."""

    cpu: float
    wall: float
    peak: float


Costs = dict[tuple[str, str], list[Cost]]


@contextmanager
def _partner() -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.partner"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        yield process.stdout.readline().strip()
        process.communicate()


def _ask(client: str, task: str, port: str) -> Cost:
    command = [sys.executable, "-m", "benchmarks.asking", client, task, port]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    print(f"  {task}, {client}: {told['cpu']:.2f} s CPU, {told['peak'] / 1e6:,.0f} MB", file=sys.stderr, flush=True)
    return Cost(told["cpu"], told["wall"], told["peak"])


def compare(rounds: int, port: str) -> Costs:
    """Return every cost; each round begins with another client, so that none always comes first."""
    names = list(CLIENTS)
    costs: Costs = {(task, client): [] for task in TASKS for client in CLIENTS}
    for number in range(rounds):
        first = number % len(names)
        for task in TASKS:
            for client in [*names[first:], *names[:first]]:
                costs[task, client].append(_ask(client, task, port))
    return costs


def _cells(task: str, client: str, costs: Costs) -> tuple[str, ...]:
    mine, bare = costs[task, client], costs[task, "httpx"]
    pairs = list(zip(mine, bare, strict=True))
    cpu = [own.cpu / other.cpu for own, other in pairs]
    ratios = (
        ("", "", "", "")
        if client == "httpx"
        else (
            f"{median(cpu):.2f}",
            f"{min(cpu):.2f}–{max(cpu):.2f}",
            f"{median(own.wall / other.wall for own, other in pairs):.2f}",
            f"{median(own.peak / other.peak for own, other in pairs):.2f}",
        )
    )
    figures = (f"{median(each.cpu for each in mine):.2f}", f"{median(each.wall for each in mine):.2f}")
    return (TASKS[task], CLIENTS[client], *figures, f"{median(each.peak for each in mine) / 1e6:,.0f}", *ratios)


def table(costs: Costs) -> str:
    """Return the medians and the ratios of each round as a Markdown table."""
    rows = [HEAD, *(_cells(*key, costs) for key in costs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.client", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of which the median is told (%(default)s)")
    args = parser.parse_args(arguments)
    with _partner() as port:
        print(table(compare(args.rounds, port)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
