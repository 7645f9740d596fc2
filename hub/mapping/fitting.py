"""A listing made of what fits the model: an optional value that does not is left out, with a warning."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hub.model.issue import Issue, issue
from hub.model.listing import Listing

ListingT = TypeVar("ListingT", bound=Listing)

ENTERPRISE_NUMBERS: Mapping[str, Collection[str]] = {"organisation.kbo": (), "partners.kbo": ()}
"""What `fit_listing` may leave out of any partner's records: a number mistyped is no reason to hide the offer."""

_ROUNDS = 5
"""What is left out may uncover another mistake, such as one that a whole block has."""


def fit_listing(
    model: type[ListingT], values: Mapping[str, Any], optional: Mapping[str, Collection[str]]
) -> tuple[ListingT, tuple[Issue, ...]]:
    """Return the listing, and a warning ``value-left-out`` for each optional value that the model does not take.

    A value that is not optional still refuses the record with a pydantic ValidationError. Costs nothing where all fits.

    Args:
        model: Vacancy or Programme.
        values: of its fields, by name; plain dicts and lists inside.
        optional: paths such as ``organisation.kbo`` or ``places.latitude`` that may be left out, each with the names
            beside it that go with it, such as ``longitude``; of a list only the item that is wrong is left out.
    """
    warnings: list[Issue] = []
    rest: Any = values
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(rest), tuple(warnings)
        except ValidationError as error:
            mistakes = error.errors(include_url=False)
            if any(_path(each, optional) is None for each in mistakes):
                raise
        if rest is values:
            rest = _open(values)
        warnings += [_left_out(rest, each, optional) for each in _last_first(mistakes)]
    return model.model_validate(rest), tuple(warnings)


def _last_first(mistakes: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Yield one mistake of each place, the last item of a list first, so that the others keep their numbers."""
    places = {each["loc"]: each for each in mistakes}
    yield from sorted(places.values(), key=lambda each: [str(step).zfill(6) for step in each["loc"]], reverse=True)


def _path(mistake: ErrorDetails, optional: Collection[str]) -> str | None:
    """Return the optional path that a mistake is at or inside of; None when it is at none."""
    names = [_snake(step) for step in mistake["loc"] if isinstance(step, str)]
    paths = (".".join(names[:count]) for count in range(len(names), 0, -1))
    return next((path for path in paths if path in optional), None)


def _left_out(values: Any, mistake: ErrorDetails, optional: Mapping[str, Collection[str]]) -> Issue:
    path = _path(mistake, optional) or ""
    holder, key, place = _place(values, mistake["loc"], path.count(".") + 1)
    left = holder.pop(key, None) if isinstance(holder, dict) else holder.pop(key) if key < len(holder) else None
    for name in optional[path]:
        place.pop(name, None)
    expected = mistake["msg"].removeprefix("Input should be ").removeprefix("not ")
    return issue("value-left-out", path, _shown(left), expected=expected)


def _place(values: Any, location: tuple[int | str, ...], depth: int) -> tuple[Any, Any, dict[str, Any]]:
    """Return what holds the value that goes, its key there, and the object whose field it is in."""
    key: int | str | None = None
    holder = place = values
    rest = list(location)
    while depth and rest:
        step = rest.pop(0)
        holder = values
        if isinstance(step, str):
            key, depth, place = _snake(step), depth - 1, values
            values = values.get(key)
        else:
            key = step
            values = values[step]
    if rest and isinstance(rest[0], int) and isinstance(values, list):
        return values, rest[0], place
    return holder, key, place


def _snake(step: int | str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in str(step))


def _open(value: Any) -> Any:
    """Return a copy whose lists and objects may be changed."""
    if isinstance(value, Mapping):
        return {name: _open(each) for name, each in value.items()}
    return [_open(each) for each in value] if isinstance(value, list | tuple) else value


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values() if each is not None)
    return str(value)
