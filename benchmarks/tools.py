"""The tools that are compared: how each takes one CSV file over, and how to see what it holds afterwards."""

import json
from abc import ABC, abstractmethod
from pathlib import Path

from benchmarks.measure import Measurement, measure
from benchmarks.phase import FIRST, Phase

ROOT = Path(__file__).resolve().parent.parent
HUB = (str(ROOT / ".venv/bin/hub"), "run", "bench", "--json", "--config")  # followed by the configuration's folder
PEER_PYTHON = str(ROOT / "benchmarks/.venv/bin/python")
CONFIG = Path(__file__).with_name("config")
QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}

Counts = dict[str, int]


class Tool(ABC):
    """One tool under comparison; its state stays in a folder between the phases."""

    name: str
    label: str

    @abstractmethod
    def prepare(self, state: Path, csv: Path) -> None:
        """Write what the tool needs into its empty state folder."""

    @abstractmethod
    def sync(self, state: Path, csv: Path) -> Measurement:
        """Take the file over, measured."""

    @abstractmethod
    def count(self, state: Path, csv: Path, done: Measurement) -> Counts:
        """Return what the tool holds now, unmeasured."""

    @abstractmethod
    def expected(self, phase: Phase, records: int) -> Counts:
        """Return what it must hold after this phase."""


class Hub(Tool):
    """This hub, with one source on the adapter generic_csv."""

    name = "hub"
    label = "hub"

    def prepare(self, state: Path, csv: Path) -> None:
        """Copy the configuration, with the file's path filled in."""
        for source in CONFIG.rglob("*.toml"):
            target = state / source.relative_to(CONFIG)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(source.read_text(encoding="utf-8").replace("@CSV@", str(csv)), encoding="utf-8")

    def sync(self, state: Path, csv: Path) -> Measurement:  # noqa: ARG002 - its configuration names the file
        """Run the source."""
        return measure([*HUB, str(state)], folder=state, environment={})

    def count(self, state: Path, csv: Path, done: Measurement) -> Counts:  # noqa: ARG002
        """Return the counts of the run's own report."""
        (report,) = json.loads(done.output)["sources"]
        return {name: value for name, value in report.items() if isinstance(value, int)}

    def expected(self, phase: Phase, records: int) -> Counts:
        """All public, each change seen as what it is, the absent withdrawn."""
        share = phase.share(records)
        return {
            "published": records - share,
            "created": records if phase is FIRST else 0,
            "updated": share,
            "withdrawn": share,
            "refused": 0,
        }


class Peer(Tool):
    """A peer, driven by a script of its own in the peers' environment.

    Args:
        name: short name, used in the options and the JSON.
        label: what the table calls it.
        script: the script beside this file.
        action: what the script is told to do in every phase.
        removes: whether it takes out the rows that are absent from the file.
    """

    def __init__(self, name: str, label: str, script: str, *, action: str = "sync", removes: bool = False) -> None:
        self.name = name
        self.label = label
        self.script = Path(__file__).with_name(script)
        self.action = action
        self.removes = removes

    def prepare(self, state: Path, csv: Path) -> None:
        """Nothing: a peer starts from an empty folder."""

    def _run(self, action: str, state: Path, csv: Path) -> Measurement:
        command = [PEER_PYTHON, str(self.script), action, str(csv), str(state)]
        return measure(command, folder=state, environment={**QUIET, "DLT_DATA_DIR": str(state)})

    def sync(self, state: Path, csv: Path) -> Measurement:
        """Merge or upsert the file."""
        return self._run(self.action, state, csv)

    def count(self, state: Path, csv: Path, done: Measurement) -> Counts:  # noqa: ARG002
        """Count the rows, and those that carry the edit."""
        counts: Counts = json.loads(self._run("count", state, csv).output)
        return counts

    def expected(self, phase: Phase, records: int) -> Counts:
        """The edits everywhere; what is gone, only where the peer takes it out."""
        share = phase.share(records)
        return {"rows": records - share if self.removes else records, "edited": share}


TOOLS: tuple[Tool, ...] = (
    Hub(),
    Peer("dlt", "dlt merge", "peer_dlt.py"),
    Peer("dlt-snapshot", "dlt cdc", "peer_dlt.py", action="sync-snapshot", removes=True),
    Peer("sqlite-utils", "sqlite-utils upsert", "peer_sqlite_utils.py"),
)
