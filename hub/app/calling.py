"""Short calls from the command line: to a feed, or to the server of the sandboxes."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hub.archive import Archive
from hub.client import PartnerClient, PartnerJob, Reach


@contextmanager
def caller(*addresses: str, private: Iterable[str] = ()) -> Iterator[PartnerClient]:
    """Give a client with the usual bounds that keeps nothing of what it reads.

    The hosts of the addresses may be private, as those that a person types in may be, and those named; what they link
    to may not.
    """
    reach = Reach(private=frozenset((*(urlsplit(address).netloc.lower() for address in addresses), *private)))
    with tempfile.TemporaryDirectory(prefix="schakel-") as scratch:
        folder = Path(scratch)
        with PartnerJob(archive=Archive(folder), folder=folder, reach=reach) as job:
            yield job.connect()


def fetch_json(client: PartnerClient, url: str) -> Any:
    """Return the JSON at an address; SourceError says why not."""
    return client.get(url).json()
