"""Memory stays flat, however long the list: what a run needs does not grow with what a partner offers."""

import subprocess
import sys
from pathlib import Path

import pytest

HUB = Path(sys.executable).parent / "hub"

SOURCE = """
adapter = "generic_csv"
partner = "Voorbeeld vzw"
owner = "integrations@example.org"
expect = { max_drop = 1.0 }

[options]
path = "vacancies.csv"
kind = "vacancy"
id = "id"
file = { encoding = "utf-8", whole = true }

[options.fields]
"title.nl" = "title"
"description.nl" = "description"
"organisation.name" = "employer"
"""


def _write(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("id,title,description,employer\n")
        for number in range(count):
            file.write(f"{number},Poetshulp {number},{'Je houdt de gebouwen netjes. ' * 60}{number},Voorbeeld vzw\n")


# A child's peak begins with that of the process it was forked from, so a small one stands between.
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _peak_megabytes(config: Path) -> float:
    """Run the hub in a process of its own and return the most memory it held."""
    command = [sys.executable, "-S", "-c", MEASURE, str(HUB), "run", "--json", "--config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout) / 1000


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "sources").mkdir(parents=True)
    (folder / "hub.toml").write_text('public_url = "https://hub.example.org"\nplugins = ["schakel-generic-csv"]\n')
    (folder / "sources" / "long.toml").write_text(SOURCE)
    return folder


@pytest.mark.slow
def test_four_times_the_records_need_no_more_memory(config: Path) -> None:
    peaks = {}
    for count in (10_000, 40_000):
        _write(config / "vacancies.csv", count)
        peaks[count] = [_peak_megabytes(config) for _again in range(2)]
    assert max(peaks[40_000]) <= 300
    assert max(peaks[40_000]) <= max(peaks[10_000]) + 15
