"""The whole list, page after page, with or without a filter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hub import Client, JsonValue, Page, PageNumber, Reading, Turn
from hub_actiris.item import reference
from hub_actiris.options import ActirisOptions
from hub_actiris.page import body, read

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The list at the partner's address, read through one door."""

    client: Client
    options: ActirisOptions
    progress: Progress

    @property
    def url(self) -> str:
        """Address of the list."""
        return self.options.base_url.rstrip("/") + self.options.list_path

    def page(self, turn: Turn, filtered: Mapping[str, JsonValue]) -> Page:
        """Return one page; SourceError when it cannot be had."""
        asked = {**self.options.filter, **filtered}
        return read(self.client.post(self.url, json=body(turn, asked)), self.url)

    def reading(self, filtered: Mapping[str, JsonValue]) -> Reading:
        """Return a reading of the list under a filter, which ends when the stated total is reached."""
        return Reading(
            PageNumber(self.options.page_size),
            lambda turn: self.page(turn, filtered),
            _named,
            where=self.url,
            drift=self.options.drift,
            max_pages=self.options.max_pages,
            states_total=True,
            progress=self.progress,
        )


def _named(item: Any) -> str | None:
    return reference(item) if isinstance(item, dict) else None
