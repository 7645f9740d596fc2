"""Short calls from the command line: to a feed, or to the server of the sandboxes."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hub.archive import Archive
from hub.client import PartnerClient, PartnerJob


@contextmanager
def caller() -> Iterator[PartnerClient]:
    """Give a client with the usual bounds that keeps nothing of what it reads."""
    with tempfile.TemporaryDirectory(prefix="schakel-") as scratch:
        folder = Path(scratch)
        with PartnerJob(archive=Archive(folder), folder=folder) as job:
            yield job.connect()


def fetch_json(client: PartnerClient, url: str) -> Any:
    """Return the JSON at an address; SourceError says why not."""
    return client.get(url).json()
