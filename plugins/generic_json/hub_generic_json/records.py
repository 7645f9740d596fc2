"""From an item of the list to a raw record: its id, whether it is gone, and what is about persons taken out."""

from hub import Client, Fetched, JsonValue, RawRecord, RecordError, Refused, Withdrawal, as_text, issue
from hub_generic_json.expressions import find
from hub_generic_json.settings import Detail, Settings
from hub_generic_json.urls import quoted
from hub_generic_json.used import without

_NOT_FOUND = 404


class Records:
    """Makes raw records of items.

    Args:
        options: of the source.
    """

    def __init__(self, options: Settings) -> None:
        self._options = options
        self._over = frozenset(value.strip().casefold() for value in options.gone.values) if options.gone else None

    def identify(self, item: JsonValue) -> str | None:
        """Return the partner's id of an item; None where it, or a part of it, is missing."""
        try:
            parts = [_single(find(each, item)) for each in self._options.id]
        except RecordError:
            return None
        if len(parts) == 1:
            return parts[0] or None
        return "|".join(part.replace("%", "%25").replace("|", "%7C") for part in parts) if all(parts) else None

    def is_gone(self, item: JsonValue) -> bool:
        """Return whether an item says that it is no longer offered."""
        gone = self._options.gone
        if gone is None or self._over is None:
            return False
        return _single(find(gone.path, item)).casefold() in self._over

    def record(self, item: JsonValue) -> Fetched:
        """Return what an item is: a raw record, a withdrawal, or refused where it has no id."""
        local_id = self.identify(item)
        try:
            gone = self.is_gone(item)
        except RecordError as error:
            return Refused(issue(error.code, error.field, error.value, **error.params), self._public(item), local_id)
        if local_id is None:
            return Refused(issue("empty-id", field=", ".join(self._options.id)), self._public(item))
        return Withdrawal(local_id, self._public(item)) if gone else RawRecord(local_id, self._public(item))

    def detailed(self, client: Client, detail: Detail, head: JsonValue) -> Fetched:
        """Return the record of a head with its detail added; one that is no longer there is withdrawn."""
        found = self.record(head)
        if not isinstance(found, RawRecord) or not isinstance(head, dict):
            return found
        answer = client.get(detail.url.replace("{id}", quoted(found.local_id)))
        if answer.status == _NOT_FOUND:
            return Withdrawal(found.local_id, found.payload)
        return self.record({**head, detail.into: find(detail.record, answer.json())})

    def _public(self, item: JsonValue) -> JsonValue:
        return without(item, self._options.personal)


def _single(value: JsonValue) -> str:
    return "" if isinstance(value, dict | list) else as_text(value).strip()
