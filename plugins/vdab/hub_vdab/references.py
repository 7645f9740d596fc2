"""The lists of references: who is published, and what changed; with the proof of having seen all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hub import Answer, Client, Offset, Page, Reading, UnexpectedAnswer
from hub_vdab.options import VdabOptions

TOTALS = ("totaalAantalResultaten", "totaalAantal")
"""The names under which an answer states its total: v4, and the site."""
COUNT = "aantal"
"""The total in v2; but also the name of the size that a page is asked for, so it counts only above what came."""
_NOT_FOUND = "NOT_FOUND"


@dataclass(slots=True)
class References:
    """What a list holds: the status of each vacancy by its reference, and why it may not be all.

    Args:
        statuses: by interneReferentie, the last one said.
        nameless: entries without a reference.
        read: entries, repeated ones too.
        stated: whether the last list read stated its total.
        fault: one sentence, when the list is no proof of having seen everything.
    """

    statuses: dict[str, str] = field(default_factory=dict)
    nameless: list[Any] = field(default_factory=list)
    read: int = 0
    stated: bool = False
    fault: str | None = None

    def read_all(
        self, client: Client, url: str, params: Mapping[str, str], options: VdabOptions, *, changes: bool = False
    ) -> None:
        """Read a list to its empty page, adding to what is known; a list of changes may name a vacancy again.

        A stated total ends nothing: it may be that of the page. It is held against what came, afterwards.
        """
        reading = Reading(
            Offset(options.page_size, options.offset_parameter, options.size_parameter),
            lambda turn: read_page(client.get(url, params={**params, **turn.params}), url),
            lambda item: _reference(item)[0],
            where=url,
            max_pages=options.max_pages,
            changes=changes,
        )
        for item in reading:
            self._add(item)
        self.read += reading.read
        self.stated = reading.total is not None
        self.fault = reading.fault

    def _add(self, item: Any) -> None:
        reference, status = _reference(item)
        if reference is None:
            self.nameless.append(item)
        elif _NOT_FOUND not in reference:
            self.statuses[reference] = status


def read_page(answer: Answer, url: str) -> Page:
    """Return the page of an answer; UnexpectedAnswer when it is not a list of results."""
    found = answer.json() if answer.status != 404 else None
    content = found if isinstance(found, dict) else {}
    items = content.get("resultaten")
    if not isinstance(items, list):
        raise UnexpectedAnswer(
            f"{url} answered with status {answer.status} and no list 'resultaten'; check base_url and the paths, "
            "or read what changed at VDAB."
        )
    total = next((content[name] for name in TOTALS if isinstance(content.get(name), int)), None)
    count = content.get(COUNT)
    return Page(items, count if total is None and isinstance(count, int) and count > len(items) else total)


def _reference(item: Any) -> tuple[str | None, str]:
    """Return the reference and status of an entry of a list; v2 had the reference beside the status."""
    if not isinstance(item, dict):
        return None, ""
    inner = item.get("vacatureReferentie")
    holder = inner if isinstance(inner, dict) else item
    reference = holder.get("interneReferentie") or (inner if isinstance(inner, str) else None)
    return (str(reference) if reference else None), str(item.get("status") or "")
