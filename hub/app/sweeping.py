"""What a hub that was killed in the middle of a run leaves behind, and its removal."""

import time
from collections.abc import Iterable
from pathlib import Path

_OLD_SECONDS = 2 * 24 * 3600
"""No run lasts as long, so nobody works with a file that was not touched since."""


def sweep(files: Iterable[Path]) -> int:
    """Remove the files that nobody touched for two days, and return how many there were."""
    oldest = time.time() - _OLD_SECONDS
    old = [file for file in files if _touched(file) < oldest]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _touched(file: Path) -> float:
    """Return when the file was last written; a file that its run has just removed is as good as new."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return time.time()
