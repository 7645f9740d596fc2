"""The contract of formats: how a view of the hub is written for who cannot follow the change feed."""

from hub.format.edition import Edition
from hub.format.entry import Entry
from hub.format.format import MANIFEST, Format

__all__ = ["MANIFEST", "Edition", "Entry", "Format"]
