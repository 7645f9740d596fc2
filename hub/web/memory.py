"""What the C library does with memory that is freed."""

import ctypes
import sys
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # as mallopt(3) numbers them
_BYTES = 16 * 2**20


def keep_freed_memory() -> None:
    """Let the C library keep up to 16 MB of what is freed for what comes next, several times what making a page takes.

    Of itself it gives most of that back after every page and has the system clear it anew for the next one, which is a
    third of the processor time of a page that is made and compressed. Only glibc can be told; others are left alone.
    """
    mallopt: Any = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, _BYTES)
        mallopt(_MMAP_THRESHOLD, _BYTES)
