"""What a format is told of the view it writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Edition:
    """One writing of one view in one format.

    Args:
        view: id of the view.
        title: of the view, by language.
        url: absolute address this is published at.
        home: absolute address of the hub, without a slash at its end.
        feed: absolute address of the change feed of the view.
        licence: address of the licence.
        position: the highest change number of the view: a reader of the change feed continues behind it.
        made: the moment, with time zone.
        language: the language to write in where the format has one language: ``nl``, ``fr`` or ``en``.
        operator: the organisation that runs the hub.
    """

    view: str
    title: Mapping[str, str]
    url: str
    home: str
    feed: str
    licence: str
    position: int
    made: datetime
    language: str = "nl"
    operator: str | None = None
