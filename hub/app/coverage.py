"""What the runs of a source met: values of its tables, and fields and values that nobody knows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hub.app.hub import Hub
from hub.mapping import Mapping as Tables
from hub.mapping.coverage import TableCoverage, coverage
from hub.store import runs
from hub.store.runs import RunRow

_RUNS = 1000
_EXAMPLES = 3
_APPLIED = ("complete", "incomplete")


@dataclass(slots=True)
class Met:
    """What was met in the runs since the adapter, its options or its tables last changed.

    The first of them read every record anew, each later one only what changed; so this is what the present tables make
    of what the partner lists. Runs that failed or are held count for nothing.

    Args:
        source: the id of the source.
        runs: numbers of the runs, the newest first.
        values: all values that were looked up, by table, with how many records hold them.
        unknown_values: those that no table knows.
        unknown_fields: paths of fields that are neither used nor ignored, with how many records hold them.
        examples: local ids of the first records, by field, or by table and value.
    """

    source: str
    runs: list[int] = field(default_factory=list)
    values: dict[str, Counter[str]] = field(default_factory=dict)
    unknown_values: dict[str, Counter[str]] = field(default_factory=dict)
    unknown_fields: Counter[str] = field(default_factory=Counter)
    examples: dict[str | tuple[str, str], list[str]] = field(default_factory=dict)

    def examples_of(self, *name: str) -> Sequence[str]:
        """Return the local ids of some records with a field, or with a table's value."""
        return self.examples.get(name[0] if len(name) == 1 else (name[0], name[1]), ())

    def add(self, run: RunRow) -> None:
        """Add what one run met; examples of the newest run stand first."""
        self.runs.append(run.id)
        notes = run.notes
        for told, total in (("read_values", self.values), ("unknown_values", self.unknown_values)):
            for table, values in notes.get(told, {}).items():
                total.setdefault(table, Counter()).update(values)
        self.unknown_fields.update(notes.get("unknown_fields", {}))
        examples = notes.get("examples", {})
        for name, ids in examples.get("fields", {}).items():
            self._keep(name, ids)
        for table, values in examples.get("values", {}).items():
            for value, ids in values.items():
                self._keep((table, value), ids)

    def _keep(self, name: str | tuple[str, str], ids: Iterable[str]) -> None:
        kept = self.examples.setdefault(name, [])
        kept += [each for each in ids if each not in kept][: _EXAMPLES - len(kept)]


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """A source's tables and what its runs met."""

    source: str
    adapter: str
    mappings: Sequence[Tables]
    met: Met
    tables: Sequence[TableCoverage]


def met_by(hub: Hub, source_id: str) -> Met:
    """Return what the runs of a source met since its adapter, options or tables last changed."""
    with hub.database.read() as connection:
        ended = runs.latest(connection, source_id, _RUNS, ended=True)
    applied = [run for run in ended if run.outcome in _APPLIED and "stamp" in run.notes]
    met = Met(source_id)
    for run in applied:
        if run.notes["stamp"] != applied[0].notes["stamp"]:
            break
        met.add(run)
    return met


def source_coverage(hub: Hub, source_id: str) -> SourceCoverage:
    """Return how much of what a source's runs met its tables cover; ConfigError when the source cannot be set up."""
    source, met = hub.source(source_id), met_by(hub, source_id)
    mappings = source.adapter.mappings()
    counted: Mapping[str, Counter[str]] = _all(met)
    tables = coverage(mappings, counted, met.unknown_values)
    return SourceCoverage(source_id, source.adapter.name, mappings, met, tables)


def _all(met: Met) -> dict[str, Counter[str]]:
    """Return what was looked up, the unknown values of an adapter that only reports those included."""
    return {
        name: met.values.get(name, Counter()) | met.unknown_values.get(name, Counter())
        for name in (*met.values, *met.unknown_values)
    }
