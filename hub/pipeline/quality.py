"""How well an opportunity is described: the mean of the criteria that apply to it.

Freshness is not among the criteria: it would change from day to day without a change of the listing, so that every
opportunity would move in the feed every night. Readers see the clocks of each listing and judge for themselves.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from hub.model.issue import Issue
from hub.model.listing import Listing
from hub.model.opportunity import Quality
from hub.model.programme import Programme
from hub.model.text import UNDETERMINED
from hub.model.vacancy import Vacancy
from hub.model.vocabulary import PlacePrecision, Remote

Criterion = Callable[[Any], float | None]
"""Says how far a listing meets it, 0 to 1; None where it does not apply."""

_ENOUGH = 300
"""Characters from which a description counts as complete."""
_SOME = 80

_PRECISE: Mapping[PlacePrecision | None, float] = {
    PlacePrecision.address: 1.0,
    PlacePrecision.street: 1.0,
    PlacePrecision.municipality: 1.0,
    PlacePrecision.province: 0.5,
    PlacePrecision.region: 0.5,
    PlacePrecision.country: 0.25,
    None: 0.0,
}


def quality(listing: Listing, warnings: Sequence[Issue]) -> Quality:
    """Return the score of a listing, its criteria and the codes of its warnings."""
    return Quality.model_validate(_told(_measured(listing), _codes(warnings)))


def quality_json(listing: Listing, warnings: Sequence[Issue]) -> bytes:
    """Return the published JSON of `quality`; few answers occur, so each is written once."""
    return _json(_measured(listing), _codes(warnings) if warnings else ())


def judged(listing: Listing, codes: Sequence[str]) -> dict[str, Any]:
    """Return what `quality` says as published, of a listing whose warnings are known by their codes."""
    return _told(_measured(listing), tuple(codes))


def _measured(listing: Listing) -> tuple[float | None, ...]:
    return tuple([criterion(listing) for criterion in _CRITERIA[type(listing)].values()])


def _codes(warnings: Sequence[Issue]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{found.code}:{found.field}" if found.field else found.code for found in warnings))


@lru_cache(maxsize=20_000)
def _json(measured: tuple[float | None, ...], codes: tuple[str, ...]) -> bytes:
    return orjson.dumps(_told(measured, codes))


def _told(measured: tuple[float | None, ...], codes: tuple[str, ...]) -> dict[str, Any]:
    # Both kinds measure the same names in the same order.
    criteria = {name: met for name, met in zip(_NAMES, measured, strict=True) if met is not None}
    told: dict[str, Any] = {"score": round(sum(criteria.values()) / len(criteria), 3), "criteria": criteria}
    return told | {"warnings": codes} if codes else told


# The criteria -------------------------------------------------------------------------------------------------


def _complete_text(listing: Listing) -> float:
    longest = max(map(len, listing.description.values())) if listing.description else 0
    return 1.0 if longest >= _ENOUGH else 0.5 if longest >= _SOME else 0.0


def _place_precision(listing: Listing) -> float | None:
    if not listing.places:
        return None if listing.remote is Remote.fully else 0.0
    return max([_PRECISE[place.precision] for place in listing.places])


def _served_or_placed(programme: Programme) -> float | None:
    """A programme that names whom it serves by area need not take place anywhere in particular."""
    if programme.places or not programme.area_served:
        return _place_precision(programme)
    return 1.0


def _way_to_apply(vacancy: Vacancy) -> float:
    return 1.0 if vacancy.how_to_apply else 0.5 if vacancy.url else 0.0


def _way_to_join(programme: Programme) -> float:
    if programme.how_to_join or any(role.how_to_join for role in programme.roles):
        return 1.0
    return 0.5 if programme.url else 0.0


def _audience(listing: Listing) -> float:
    return 1.0 if listing.audience else 0.0


def _audience_or_reserved(vacancy: Vacancy) -> float:
    return 1.0 if vacancy.audience or vacancy.reserved_for else 0.0


def _occupation(vacancy: Vacancy) -> float:
    """A shared code list is worth more than the partner's own."""
    if not vacancy.occupations:
        return 0.0
    return 0.5 if all(code.scheme.startswith("partner:") for code in vacancy.occupations) else 1.0


def _language(listing: Listing) -> float:
    return 0.0 if UNDETERMINED in listing.title or UNDETERMINED in (listing.description or ()) else 1.0


def _expiry(vacancy: Vacancy) -> float:
    return 1.0 if vacancy.expires else 0.0


def _end(programme: Programme) -> float | None:
    """What can be joined at any time, or says nothing of a start, has no last day."""
    if programme.expires:
        return 1.0
    return None if programme.starts is None or programme.starts == "rolling" else 0.0


def _organisation(listing: Listing) -> float:
    return 1.0 if listing.organisation.kbo else 0.75 if listing.organisation.url else 0.5


def _pay(vacancy: Vacancy) -> float:
    return 1.0 if vacancy.pay and (vacancy.pay.min is not None or vacancy.pay.max is not None) else 0.0


def _cost(programme: Programme) -> float:
    return 1.0 if programme.cost or programme.allowance else 0.0


def _not_applicable(_listing: Listing) -> None:
    return None


_CRITERIA: Mapping[type[Listing], Mapping[str, Criterion]] = {
    Vacancy: {
        "completeText": _complete_text,
        "placePrecision": _place_precision,
        "wayToApply": _way_to_apply,
        "audienceStated": _audience_or_reserved,
        "occupationCode": _occupation,
        "languageKnown": _language,
        "expiryKnown": _expiry,
        "organisationIdentified": _organisation,
        "payStated": _pay,
    },
    Programme: {
        "completeText": _complete_text,
        "placePrecision": _served_or_placed,
        "wayToApply": _way_to_join,
        "audienceStated": _audience,
        "occupationCode": _not_applicable,
        "languageKnown": _language,
        "expiryKnown": _end,
        "organisationIdentified": _organisation,
        "payStated": _cost,
    },
}
_NAMES = tuple(_CRITERIA[Vacancy])
