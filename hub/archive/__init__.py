"""The archive keeps every byte that partners sent, each content once, under the name of its SHA-256."""

from hub.archive.folder import Archive, Body
from hub.archive.reading import ArchivedFile
from hub.archive.writing import Entry, Writer

__all__ = ["Archive", "ArchivedFile", "Body", "Entry", "Writer"]
