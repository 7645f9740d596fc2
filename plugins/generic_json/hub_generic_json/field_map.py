"""From a raw record to a listing: the field map of a source, worked out once."""

from datetime import datetime
from typing import Any

from hub import (
    ENTERPRISE_NUMBERS,
    JsonValue,
    KindName,
    Normalised,
    Noticed,
    Programme,
    RecordError,
    Vacancy,
    View,
    as_text,
    fit_listing,
    make_plan,
    moment_reader,
    named_reference,
    refuse,
)
from hub_generic_json.expressions import find
from hub_generic_json.mistakes import used_fields
from hub_generic_json.settings import KindBy, Settings

_MODELS: dict[KindName, type[Programme | Vacancy]] = {"programme": Programme, "vacancy": Vacancy}


class FieldMap:
    """Fills the model from an item, as the options say.

    Args:
        options: of the source.
    """

    def __init__(self, options: Settings) -> None:
        self._options = options
        self._plans = {kind: make_plan(options, kind) for kind in options.kinds}
        self._known = frozenset({*used_fields(options), *options.ignore, *options.personal})
        self._moment = moment_reader(options.modified.format) if options.modified else None

    def kind(self, item: JsonValue) -> KindName:
        """Return what an item is; RecordError where it says neither."""
        kind = self._options.kind
        if not isinstance(kind, KindBy):
            return kind
        said = find(kind.path, item)
        meaning = {value.strip().casefold(): means for value, means in kind.values.items()}
        if isinstance(said, dict | list) or (found := meaning.get(as_text(said).strip().casefold())) is None:
            raise refuse(kind.path, said, f"one of {', '.join(kind.values)}")
        return found

    def values(self, kind: KindName, item: dict[str, JsonValue], noticed: Noticed) -> dict[str, Any]:
        """Return the values of the model's fields; RecordError refuses the item."""
        return dict(self._plans[kind](item, noticed))

    def modified(self, item: JsonValue) -> datetime | None:
        """Return when the partner says that the item changed."""
        if self._moment is None or self._options.modified is None:
            return None
        said = find(self._options.modified.path, item)
        if said in (None, ""):
            return None
        try:
            return self._moment("" if isinstance(said, dict | list) else as_text(said))
        except ValueError:
            written = self._options.modified.format
            raise refuse(self._options.modified.path, said, f"a moment written {written}") from None

    def provenance(self, item: JsonValue) -> str | None:
        """Return whose offer it is, where the partner says so."""
        said = find(self._options.provenance, item) if self._options.provenance else None
        return None if isinstance(said, dict | list) else as_text(said).strip() or None

    def references(self, item: JsonValue) -> tuple[str, ...]:
        """Return the names the offer has elsewhere, as far as the partner says them."""
        said = [find(each, item) for each in self._options.references]
        texts = [
            each for some in said for each in (some if isinstance(some, list) else [some]) if isinstance(each, str)
        ]
        parts = [text.partition(":") for text in texts]
        named = [named_reference(partner, local_id) for partner, _, local_id in parts]
        return tuple(dict.fromkeys(name for name in named if name))

    def normalised(self, kind: KindName, values: dict[str, Any], item: JsonValue, noticed: Noticed) -> Normalised:
        """Return the listing of these values, with what was noticed while they were read."""
        strange = (*View(item, self._known).unread(), *noticed.fields)
        listing, left_out = fit_listing(_MODELS[kind], values, ENTERPRISE_NUMBERS)
        return Normalised(
            listing=listing,
            warnings=left_out,
            partner_modified=self.modified(item),
            provenance=self.provenance(item),
            references=self.references(item),
            unknown_fields=tuple(dict.fromkeys(strange)),
            unknown_values=tuple(noticed.unknown),
            read_values=tuple(noticed.read),
        )


def as_object(payload: JsonValue) -> dict[str, JsonValue]:
    """Return a payload that is an object; RecordError for any other."""
    if not isinstance(payload, dict):
        raise RecordError("unreadable-record")
    return payload
