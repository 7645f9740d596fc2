"""Writing listings down for the matchers: ``python -m benchmarks.matching.make_listings PROFILE COUNT SEED FOLDER``.

``listings.jsonl`` is what matchers read, ``truth.pickle`` is for judging them, ``labels.json`` for a peer to learn.
"""

import pickle
import sys
from pathlib import Path

import orjson

from benchmarks.matching.listings import make


def write(profile: str, count: int, seed: int, folder: Path) -> None:
    """Write what is published, and the truth."""
    made = make(profile, count, seed)
    with (folder / "listings.jsonl").open("wb") as stream:
        stream.writelines(orjson.dumps(listing.published) + b"\n" for listing in made.listings)
    labels = [listing.opening for listing in made.listings]
    (folder / "labels.json").write_bytes(orjson.dumps(labels))
    (folder / "truth.pickle").write_bytes(pickle.dumps(made))


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
