"""Memory that a page was made in is there for the next one."""

import subprocess
import sys

import pytest

from hub.web import memory

PAGES = """
import resource, runpy, sys

def make():
    return b"".join([bytes([number % 256]) * 2_000 for number in range(1_000)])

if sys.argv[2:]:
    runpy.run_path(sys.argv[1])["keep_freed_memory"]()
make()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    make()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(*said: str) -> int:
    """Return how often a process of its own asked the system for memory while it made ten pages."""
    command = [sys.executable, "-c", PAGES, memory.__file__, *said]
    return int(subprocess.run(command, capture_output=True, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can be told")
def test_a_page_is_made_in_the_memory_of_the_last_one() -> None:
    assert faults("kept") < faults() / 10
