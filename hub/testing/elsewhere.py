"""Normalising in another process, whose sets are in another order: what `hub run` does the next night.

Reads from standard input, pickled, what `readings_elsewhere` sends, and writes a list of texts as JSON.
"""

import os
import pickle
import pkgutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from hub.adapter import Adapter, RawRecord
from hub.testing.reading import read

SEED = "20261120"
SECONDS = 60


def readings_elsewhere(
    adapter: type[Adapter[Any]], given: Mapping[str, Any], records: Sequence[RawRecord]
) -> list[str] | None:
    """Return what a new process makes of each record; None where the adapter cannot be imported there."""
    task = pickle.dumps((adapter.__module__, adapter.__qualname__, dict(given), list(records)))
    environment = {**os.environ, "PYTHONHASHSEED": SEED, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(  # noqa: S603 - this very interpreter and module
        [sys.executable, "-m", __name__], input=task, env=environment, capture_output=True, timeout=SECONDS, check=False
    )
    return orjson.loads(done.stdout) if done.returncode == 0 else None


def main() -> None:
    """Do what standard input says."""
    module, name, given, records = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
    adapter = pkgutil.resolve_name(f"{module}:{name}")
    one = adapter(adapter.options_type.model_validate(given))
    sys.stdout.buffer.write(orjson.dumps([read(one, record).said for record in records]))


if __name__ == "__main__":
    main()
