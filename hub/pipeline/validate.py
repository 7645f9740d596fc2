"""What is wrong with a listing: what the model refuses, and what only its parts together show."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from hub.model.issue import Issue, catalogue, issue
from hub.model.listing import Listing
from hub.model.markup import plain
from hub.model.pay import Pay
from hub.model.programme import Programme
from hub.model.vacancy import Vacancy
from hub.model.vocabulary import PayPeriod
from hub.pipeline.enrich.days import is_placeholder

# What the model refuses ---------------------------------------------------------------------------------------

_CODE_BY_FIELD: Mapping[str, str] = {
    "title": "missing-title",
    "organisation": "missing-organisation",
    "organisation.name": "missing-organisation",
}
_ABSENT = frozenset({"missing", "string_too_short", "text-empty", "none_required"})

_WRITTEN: Mapping[str, str] = {
    "int": "123",
    "float": "12.5",
    "decimal": "12.5",
    "bool": "true / false",
    "date": "2026-12-31",
    "datetime": "2026-12-31T12:00:00Z",
    "string": "“…”",
    "dict": '{"nl": "…"}',
    "tuple": "[…]",
    "model": "{…}",
}
"""How a value of each kind is written; told as an example, which every reader understands."""

_LIMITS = (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<"))
_PREFIX: Mapping[str, str] = {
    "Organisation": "organisation",
    "Place": "places",
    "Pay": "pay",
    "Eligibility": "eligibility",
    "Intensity": "intensity",
    "Capacity": "capacity",
    "Cost": "cost",
    "Allowance": "allowance",
    "RoleOffer": "roles",
    "ApplyWay": "howToApply",
    "LanguageRequirement": "languages",
    "Code": "codes",
}
"""Where a block stands in the published model, for blocks that an adapter makes on their own."""

_FIELD_PART = re.compile(r"\w+")


def issues_of(error: ValidationError) -> tuple[Issue, ...]:
    """Return what the model refuses as issues, one per field; values of what may be personal are left out."""
    prefix = _PREFIX.get(error.title)
    found: dict[str, Issue] = {}
    for detail in error.errors(include_url=False):
        made = _issue_of(detail, prefix)
        found.setdefault(made.field, made)
    return tuple(found.values())


def _issue_of(detail: ErrorDetails, prefix: str | None) -> Issue:
    field = _field(detail["loc"], prefix)
    kind = detail["type"]
    if field in _CODE_BY_FIELD and (kind in _ABSENT or detail["input"] is None):
        return issue(_CODE_BY_FIELD[field], field)
    context = detail.get("ctx", {})
    code, params = _code_of(kind, context)
    return issue(code, field, context.get("value", _shown(field, detail["input"])), **params)


def _code_of(kind: str, context: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    if kind in catalogue():
        return kind, {}
    if kind in _CODE_BY_TYPE:
        return _CODE_BY_TYPE[kind](context)
    return "wrong-type", {"expected": _WRITTEN.get(kind.partition("_")[0], kind)}


def _bounds(context: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    stated = [f"{sign} {context[name]:g}" for name, sign in _LIMITS if name in context]
    return "out-of-range", {"allowed": ", ".join(stated)}


def _choice(context: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    return "not-in-vocabulary", {"allowed": str(context["expected"]).replace("'", "").replace(" or ", ", ")}


def _pattern(context: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    return "wrong-type", {"expected": str(context["pattern"])}


def _length(context: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    return "too-long", {"limit": str(context["max_length"])}


def _plainly(code: str) -> Callable[[Mapping[str, Any]], tuple[str, dict[str, str]]]:
    return lambda _context: (code, {})


_CODE_BY_TYPE: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, dict[str, str]]]] = {
    "missing": _plainly("missing-field"),
    "string_too_short": _plainly("text-empty"),
    "extra_forbidden": _plainly("field-unknown"),
    "url_parsing": _plainly("url-not-absolute"),
    "url_scheme": _plainly("url-not-absolute"),
    "url_syntax_violation": _plainly("url-not-absolute"),
    "url_type": _plainly("url-not-absolute"),
    "url_too_long": _length,
    "string_too_long": _length,
    "too_long": _length,
    "enum": _choice,
    "literal_error": _choice,
    "greater_than": _bounds,
    "greater_than_equal": _bounds,
    "less_than": _bounds,
    "less_than_equal": _bounds,
    "string_pattern_mismatch": _pattern,
}
"""The issue of each error type of the model's library; types not named here are values of the wrong form."""


def _field(location: tuple[int | str, ...], prefix: str | None) -> str:
    parts = [to_camel(str(part)) for part in location if isinstance(part, int) or _FIELD_PART.fullmatch(part)]
    return ".".join([prefix, *parts] if prefix else parts)


def _shown(field: str, value: object) -> object:
    """Return what may be shown of a value: a plain one that is neither a way to reach somebody nor running text."""
    if not isinstance(value, str | int | float | Decimal | date):
        return None
    if field.startswith(("how", "roles")) or "description" in field or "@" in str(value):
        return None
    return value


# What becomes clear from the parts together -------------------------------------------------------------------

Rule = Callable[[Any, date], Issue | None]

_PLAUSIBLE: Mapping[PayPeriod, tuple[int, int]] = MappingProxyType(
    {
        PayPeriod.hour: (5, 250),
        PayPeriod.day: (30, 2_000),
        PayPeriod.week: (100, 10_000),
        PayPeriod.month: (200, 30_000),
        PayPeriod.year: (2_000, 400_000),
    }
)
"""Lowest and highest amount in EUR that is believed, per period; wide, so that only slips are caught."""

_LOST = "\N{REPLACEMENT CHARACTER}"


def validate(listing: Listing, today: date) -> tuple[Issue, ...]:
    """Return what is wrong with a listing that the model accepts; an error among it refuses the listing."""
    found = [made for rule in _RULES[type(listing)] if (made := rule(listing, today)) is not None]
    return tuple(found)


def _already_expired(listing: Listing, today: date) -> Issue | None:
    expires = _said(listing.expires)
    return issue("already-expired", "expires", expires) if expires is not None and expires < today else None


def _expires_before_published(listing: Listing, _today: date) -> Issue | None:
    published, expires = _said(listing.published), _said(listing.expires)
    if published is None or expires is None or published <= expires:
        return None
    return issue("expires-before-published", "expires", expires, published=published.isoformat())


def _published_in_future(listing: Listing, today: date) -> Issue | None:
    published = _said(listing.published)
    return issue("published-in-future", "published", published) if published is not None and published > today else None


def _said(day: date | None) -> date | None:
    return None if day is None or is_placeholder(day) else day


def _description(listing: Listing, _today: date) -> Issue | None:
    description = listing.description
    if not description:
        return issue("description-missing", "description")
    for language, title in listing.title.items():
        said = description.get(language, "")
        if len(said) <= len(title) + 16 and plain(said) == title:
            return issue("description-repeats-title", "description")
    return None


def _damaged(listing: Listing, _today: date) -> Issue | None:
    for title in listing.title.values():
        if _LOST in title:
            return issue("text-damaged", "title")
    for said in (listing.description or {}).values():
        if _LOST in said:
            return issue("text-damaged", "description")
    return None


def _way_to_apply(vacancy: Vacancy, _today: date) -> Issue | None:
    return None if vacancy.url or vacancy.how_to_apply else issue("no-way-to-apply", "howToApply")


def _plausible_pay(vacancy: Vacancy, _today: date) -> Issue | None:
    pay = vacancy.pay
    if pay is None or pay.per is None or pay.currency != "EUR":
        return None
    return _implausible(pay, pay.per)


def _implausible(pay: Pay, per: PayPeriod) -> Issue | None:
    lowest, highest = _PLAUSIBLE[per]
    for amount in (pay.min, pay.max):
        if amount is not None and not lowest <= amount <= highest:
            return issue("pay-implausible", "pay", f"{amount} EUR / {per.value}")
    return None


def _way_to_join(programme: Programme, _today: date) -> Issue | None:
    if programme.url or programme.how_to_join or any(role.how_to_join for role in programme.roles):
        return None
    return issue("no-way-to-apply", "howToJoin")


def _ages(programme: Programme, _today: date) -> Issue | None:
    who = programme.eligibility
    if who is None or who.min_age is None or who.max_age is None or who.min_age <= who.max_age:
        return None
    return issue("minimum-above-maximum", "eligibility", f"{who.min_age}-{who.max_age}")


_SHARED: tuple[Rule, ...] = (
    _already_expired,
    _expires_before_published,
    _published_in_future,
    _description,
    _damaged,
)
_RULES: Mapping[type[Listing], tuple[Rule, ...]] = {
    Vacancy: (*_SHARED, _way_to_apply, _plausible_pay),
    Programme: (*_SHARED, _way_to_join, _ages),
}
