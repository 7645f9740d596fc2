"""Memory that a page was made in is there for the next one."""

import sys
from resource import RUSAGE_SELF, getrusage

import pytest

from hub.web.memory import keep_freed_memory

PIECE, PIECES, ROUNDS = 2_000, 1_000, 10


def make() -> bytes:
    """Return a page of two megabytes, made of pieces."""
    return b"".join([bytes([number % 256]) * PIECE for number in range(PIECES)])


def test_a_page_is_made_in_the_memory_of_the_last_one() -> None:
    if sys.platform != "linux":
        pytest.skip("only glibc can be told")
    keep_freed_memory()
    make()
    before = getrusage(RUSAGE_SELF).ru_minflt
    for _ in range(ROUNDS):
        make()
    assert getrusage(RUSAGE_SELF).ru_minflt - before < ROUNDS * PIECES * PIECE / 4096 / 10
