"""Which formats a view is written in, and what these are given: the edition, and the items of the view as entries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.feed.rpde import opportunity_address
from hub.format import Edition, Entry, Format
from hub.model.jsonld import served
from hub.model.vocabulary import Kind
from hub.store.pages import Item
from hub.views import View

LANGUAGES = ("nl", "fr", "en")
"""The languages that a format with one language is written in."""

FormatType = type[Format]


@dataclass(frozen=True, slots=True)
class Press:
    """Who publishes.

    Args:
        address: absolute public address of the hub, without a slash at its end.
        licence: address of the licence.
        operator: the organisation that runs the hub.
    """

    address: str
    licence: str
    operator: str | None = None

    def file_address(self, view: str, of: FormatType, language: str | None) -> str:
        """Return the address of a view's file, in a language where it has one."""
        chosen = f"?lang={language}" if language and of.in_languages else ""
        return f"{self.address}/views/{view}/{of.file}{chosen}"

    def feed_address(self, view: str, position: int | None = None) -> str:
        """Return the address of a view's change feed, behind a position."""
        behind = "" if position is None else f"?afterChangeNumber={position}"
        return f"{self.address}/feeds/{view}{behind}"

    def edition(self, view: View, of: FormatType, *, position: int, made: datetime, language: str | None) -> Edition:
        """Return what a format is told of the view it writes."""
        return Edition(
            view=view.id,
            title=view.title,
            url=self.file_address(view.id, of, language),
            home=self.address,
            feed=self.feed_address(view.id),
            licence=self.licence,
            position=position,
            made=made,
            language=language or LANGUAGES[0],
            operator=self.operator,
        )


def offered(formats: Iterable[FormatType], view: View) -> list[FormatType]:
    """Return the formats that can say what a view holds."""
    kinds = view.filter.kinds or frozenset(Kind)
    return [each for each in formats if each.kinds & kinds]


def languages_of(of: FormatType) -> Sequence[str | None]:
    """Return the languages a format is written in; None alone where it has all of them."""
    return LANGUAGES if of.in_languages else (None,)


def entries(items: Iterable[Item], writer: Format, address: str) -> Iterator[Entry]:
    """Yield the items that a format can say, as it is given them; ``address`` is that of the hub."""
    for item in items:
        if item.kind not in writer.kinds or (item.body is None and not writer.tombstones):
            continue
        entry = _entry(item, opportunity_address(address, item.id))
        if item.body is None or writer.holds(entry):
            yield entry


def _entry(item: Item, address: str) -> Entry:
    return Entry(
        id=item.id,
        kind=item.kind,
        position=item.position,
        changed=item.changed,
        address=address,
        body=served(item.body, item.kind, address) if item.body is not None else None,
        reason=item.reason,
        merged_into=item.merged_into,
    )
