"""Which edition of each enriching step made a listing: when one changes, every record is read anew."""

from collections.abc import Mapping

VERSIONS: Mapping[str, str] = {
    "persons": "1",
    "place": "1",
    "language": "1",
}
"""Name of the step → its edition; raise it when the step would make another listing of the same record."""
