"""What normalise returns."""

from dataclasses import dataclass
from datetime import datetime

from hub.model.issue import Issue
from hub.model.programme import Programme
from hub.model.vacancy import Vacancy


@dataclass(frozen=True, slots=True)
class Normalised:
    """A listing, and what was noticed while reading the record.

    Args:
        listing: the vacancy or programme.
        partner_modified: when the partner says the record changed, with its time zone.
        provenance: whose offer it is, where the partner lists others' offers too, such as ``vdab-forem``.
        references: the same offer under its names elsewhere, as ``partner:id``, such as ``vdab:68123456``.
        warnings: issues that are published with it.
        unknown_fields: paths of fields that the adapter neither uses nor ignores, such as ``functie.telewerk``.
        unknown_values: pairs of table name and value that a value table does not know.
        read_values: pairs of table name and value for all that was looked up, the unknown ones too.
    """

    listing: Vacancy | Programme
    partner_modified: datetime | None = None
    provenance: str | None = None
    references: tuple[str, ...] = ()
    warnings: tuple[Issue, ...] = ()
    unknown_fields: tuple[str, ...] = ()
    unknown_values: tuple[tuple[str, str], ...] = ()
    read_values: tuple[tuple[str, str], ...] = ()
