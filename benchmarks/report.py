"""What came out: medians, ratios pair by pair, as a table and as JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from benchmarks.measure import Measurement
from benchmarks.phase import PHASES, Phase

Key = tuple[str, str]  # phase name, tool name
_HEAD = ("phase", "tool", "records/CPU s", "lowest–highest", "wall s", "peak MB", "hub/peer CPU", "hub/peer peak")


@dataclass(frozen=True, slots=True)
class Result:
    """One tool in one phase over all rounds; each list is in the order of the rounds.

    Args:
        speed: records per CPU second.
        wall: seconds.
        peak: megabytes (10^6 bytes) of the largest process.
        speed_ratio: the hub's speed over this tool's in the same round; empty where the hub did not run.
        peak_ratio: the hub's peak over this tool's, likewise.
    """

    phase: str
    tool: str
    speed: list[float]
    wall: list[float]
    peak: list[float]
    speed_ratio: list[float]
    peak_ratio: list[float]

    def as_dict(self) -> dict[str, object]:
        """Return every round, and the medians."""
        rounds = {
            name: [round(each, 3) for each in value] for name, value in asdict(self).items() if isinstance(value, list)
        }
        medians = {name: round(median(value), 3) for name, value in rounds.items() if value}
        return {"phase": self.phase, "tool": self.tool, "median": medians, "rounds": rounds}


def _ratios(mine: Sequence[float], other: Sequence[float]) -> list[float]:
    return [ours / theirs for ours, theirs in zip(mine, other, strict=True)]


def _result(key: Key, runs: Mapping[Key, list[Measurement]], records: int) -> Result:
    done, hub = runs[key], runs.get((key[0], "hub"), [])
    compared = bool(hub) and key[1] != "hub"
    return Result(
        *key,
        speed=[records / run.cpu for run in done],
        wall=[run.wall for run in done],
        peak=[run.peak / 1e6 for run in done],
        speed_ratio=_ratios([run.cpu for run in done], [run.cpu for run in hub]) if compared else [],
        peak_ratio=_ratios([run.peak for run in hub], [run.peak for run in done]) if compared else [],
    )


def results(runs: Mapping[Key, list[Measurement]], records: int) -> list[Result]:
    """Return one result per phase and tool; a phase counts the records in the file it read."""
    read = {phase.name: records - phase.share(records) for phase in PHASES}
    return [_result(key, runs, read[key[0]]) for key in runs]


def _ratio(values: list[float]) -> str:
    return f"{median(values):.2f}" if values else ""


def _cells(result: Result, phase: Phase, label: str) -> tuple[str, ...]:
    return (
        phase.label,
        label,
        f"{median(result.speed):,.0f}",
        f"{min(result.speed):,.0f}–{max(result.speed):,.0f}",
        f"{median(result.wall):.2f}",
        f"{median(result.peak):,.0f}",
        _ratio(result.speed_ratio),
        _ratio(result.peak_ratio),
    )


def _lines(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = (
            cell.ljust(width) if at < 2 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{'|'.join('-' * (width + 2) for width in widths)}|"


def table(found: Iterable[Result], labels: Mapping[str, str]) -> str:
    """Return the results as a Markdown table."""
    phases = {phase.name: phase for phase in PHASES}
    rows = [_cells(result, phases[result.phase], labels[result.tool]) for result in found]
    return "\n".join(_lines([_HEAD, *rows]))
