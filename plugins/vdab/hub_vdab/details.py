"""The details of vacancies by their references: many at once, or one by one."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from hub import Answer, Client, UnexpectedAnswer
from hub_vdab.options import VdabOptions

Detail = tuple[str, Any]
"""A reference, and the vacancy; None when VDAB no longer knows it."""


def read_details(client: Client, references: Sequence[str], options: VdabOptions) -> Iterator[Detail]:
    """Yield each reference with its vacancy, in order, with a bounded number of requests under way."""
    reader = _Reader(client, options)
    if options.details == "single":
        yield from client.map(reader.one, references, at_once=options.at_once)
        return
    for batch in client.map(reader.many, _batches(references, options.batch_size), at_once=options.at_once):
        yield from batch


class _Reader:
    def __init__(self, client: Client, options: VdabOptions) -> None:
        self._client = client
        self._url = options.url(options.details_path)
        self._field = options.batch_field

    def one(self, reference: str) -> Detail:
        answer = self._client.get(f"{self._url}/{reference}")
        return reference, None if answer.status == 404 else answer.json()

    def many(self, references: list[str]) -> list[Detail]:
        found = self._found(references)
        return [
            (reference, found[reference]) if reference in found else self.one(reference) for reference in references
        ]

    def _found(self, references: list[str]) -> dict[str, Any]:
        answer = self._client.post(self._url, json={self._field: list(references)})
        items = _items(answer, self._url)
        named = {_internal(item): item for item in items}
        found = {reference: named[reference] for reference in references if reference in named}
        if items and not found:
            raise UnexpectedAnswer(
                f"POST {self._url} answers other vacancies than those asked for; check batch_field, or set "
                'details = "single".'
            )
        return found


def _items(answer: Answer, url: str) -> list[Any]:
    content = answer.json() if answer.status != 404 else None
    items = content.get("resultaten") if isinstance(content, dict) else content
    if not isinstance(items, list):
        raise UnexpectedAnswer(
            f"POST {url} answered with status {answer.status} and no list of vacancies; check base_url and "
            'details_path, or set details = "single".'
        )
    return items


def _internal(item: Any) -> str | None:
    reference = item.get("vacatureReferentie") if isinstance(item, dict) else None
    return (
        str(reference["interneReferentie"])
        if isinstance(reference, dict) and "interneReferentie" in reference
        else None
    )


def _batches(references: Sequence[str], size: int) -> Iterator[list[str]]:
    rest = iter(references)
    while batch := list(islice(rest, size)):
        yield batch
