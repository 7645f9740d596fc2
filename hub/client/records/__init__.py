"""Records in files: JSON, NDJSON and XML, as they are or packed, read as a stream. `open_records` is the one way in."""

from hub.client.records.layout import RecordLayout
from hub.client.records.opening import open_records
from hub.client.records.records import Records, RecordsCut

__all__ = ["RecordLayout", "Records", "RecordsCut", "open_records"]
