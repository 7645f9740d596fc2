"""From an item of the list to a raw record: its id, whether it is gone, and what is about persons taken out."""

from hub import Client, Fetched, JsonValue, RawRecord, RecordError, Refused, Withdrawal, as_text, issue
from hub_generic_json.expressions import find
from hub_generic_json.settings import Detail, Settings
from hub_generic_json.urls import quoted
from hub_generic_json.used import without

_NOT_FOUND = 404
_LEADING_AWAY = frozenset({".", ".."})
"""What a path takes for its own or the upper folder, quoted or not."""


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
            return self._refused(error, item, local_id)
        if local_id is None:
            return Refused(issue("empty-id", field=", ".join(self._options.id)), self._public(item))
        return self._withdrawal(local_id, item) if gone else RawRecord(local_id, self._public(item))

    def detailed(self, client: Client, detail: Detail, head: JsonValue) -> Fetched:
        """Return the record of a head with its detail added; one that is no longer there is withdrawn."""
        found = self.record(head)
        if not isinstance(found, RawRecord) or not isinstance(head, dict):
            return found
        if found.local_id in _LEADING_AWAY:
            names = ", ".join(self._options.id)
            return Refused(issue("value-unreadable", names, found.local_id, expected="an id"), found.payload)
        answer = client.get(detail.url.replace("{id}", quoted(found.local_id)))
        if answer.status == _NOT_FOUND:
            return self._withdrawal(found.local_id, head)
        try:
            told = find(detail.record, answer.json())
        except RecordError as error:
            return self._refused(error, head, found.local_id)
        return self.record({**head, detail.into: told})

    def _refused(self, error: RecordError, item: JsonValue, local_id: str | None) -> Refused:
        return Refused(issue(error.code, error.field, error.value, **error.params), self._public(item), local_id)

    def _withdrawal(self, local_id: str, item: JsonValue) -> Withdrawal:
        """Return a withdrawal; in a list of changes it is no record that somebody would look for in quarantine."""
        return Withdrawal(local_id, None if self._options.changes else self._public(item))

    def _public(self, item: JsonValue) -> JsonValue:
        return without(item, self._options.personal)


def _single(value: JsonValue) -> str:
    return "" if isinstance(value, dict | list) else as_text(value).strip()
