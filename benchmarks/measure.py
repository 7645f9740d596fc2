"""Running one command and measuring it: processor time of its whole process tree, wall time, peak memory."""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TAIL = 2_000  # characters of a failed command's complaint that are shown


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one process cost, its reaped children included.

    Args:
        cpu: user and system time, seconds.
        wall: seconds.
        peak: resident memory of the largest process of the tree, bytes.
        output: what it wrote to standard output.
    """

    cpu: float
    wall: float
    peak: int
    output: str


class CommandFailed(Exception):
    """A measured command ended with another exit code than 0."""


def measure(command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> Measurement:
    """Run the command in this folder and measure it; raises CommandFailed with the end of what it wrote."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as complaint:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=output, stderr=complaint, cwd=folder, env={**os.environ, **environment}
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        complaint.seek(0)
        if process.returncode != 0:
            tail = (output.read() + complaint.read())[-_TAIL:]
            raise CommandFailed(f"{' '.join(command)} ended with exit code {process.returncode}:\n{tail}")
        return Measurement(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, output.read())
