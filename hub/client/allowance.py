"""What the headers of an answer say about asking again: Retry-After, and the rate-limit headers in use.

Read are the draft of the IETF (RateLimit and RateLimit-Policy as structured fields, and its older dictionary), and the
families RateLimit-*, X-RateLimit-* and X-Rate-Limit-*, also per second, minute, hour and day.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import http_sf

from hub.adapter import Rate

SECONDS = re.compile(r"\d{1,12}")
AMOUNT = re.compile(r"(?:^|,)\s*(\d{1,12})\s*(?=[;,]|$)")  # also `name=a,90;name=b,12;`, as some gateways write it
FAMILIES = ("ratelimit", "x-ratelimit", "x-rate-limit")
WINDOWS = {"": None, "-second": 1.0, "-minute": 60.0, "-hour": 3600.0, "-day": 86400.0}
EPOCH_SECONDS = 1_000_000_000  # a larger number is a moment, not a duration
EPOCH_MILLISECONDS = 1_000_000_000_000
READ_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many requests are left, for so many seconds; None where the partner does not say how long."""

    left: int
    seconds: float | None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a Retry-After header asks for, in either of its forms (RFC 9110, 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if SECONDS.fullmatch(value):
        return float(value)
    moment = _http_date(value)
    return None if moment is None else _until(moment, headers)


def about_rates(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that may say something about rates, by lower-case name; of most answers none."""
    found = {name.lower(): value for name, value in headers.items() if "rate" in name.lower()}
    return found | {"date": headers.get("date", "")} if found else {}


def allowances(headers: Mapping[str, str]) -> tuple[Allowance, ...]:
    """Return what the partner still allows, as far as its headers (`about_rates`) say."""
    return (*_fields(headers), *_families(headers)) if headers else ()


def policies(headers: Mapping[str, str]) -> tuple[Rate, ...]:
    """Return the rates that a RateLimit-Policy header states, those that count requests."""
    return tuple(
        Rate(params["q"], params["w"])
        for _, params in _items(headers.get("ratelimit-policy", ""))
        if params.get("qu", "requests") == "requests" and _is_count(params.get("q")) and _is_count(params.get("w"))
    )


# The draft ----------------------------------------------------------------------------------------------------


def _fields(headers: Mapping[str, str]) -> Iterator[Allowance]:
    value = headers.get("ratelimit", "")
    for _, params in (*_items(value), *_older(value)):
        left, seconds = params.get("r"), params.get("t")
        if isinstance(left, int) and left >= 0:
            yield Allowance(left, float(seconds) if isinstance(seconds, int) else None)


def _older(value: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield what `limit=10, remaining=5, reset=3` says, in the words of today."""
    fields = _parsed(value, "dictionary")
    if isinstance(fields, dict) and "remaining" in fields:
        plain = {name: field[0] if isinstance(field, tuple) else field for name, field in fields.items()}
        yield "", {"r": plain["remaining"], "t": plain.get("reset")}


def _items(value: str) -> list[tuple[Any, Mapping[str, Any]]]:
    found = _parsed(value, "list")
    items = found if isinstance(found, list) else []
    return [item for item in items if isinstance(item, tuple) and isinstance(item[1], dict)]


def _parsed(value: str, kind: str) -> Any:
    try:
        return http_sf.parse(value[:READ_CHARACTERS].encode("ascii", "replace"), tltype=kind) if value else None
    except ValueError:
        return None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


# The families -------------------------------------------------------------------------------------------------


def _families(headers: Mapping[str, str]) -> Iterator[Allowance]:
    for family in FAMILIES:
        for unit, window in WINDOWS.items():
            stated = headers.get(f"{family}-remaining{unit}", "")
            if amounts := AMOUNT.findall(stated[:READ_CHARACTERS]):
                reset = _reset(headers, family, unit)
                yield Allowance(min(map(int, amounts)), window if reset is None else reset)


def _reset(headers: Mapping[str, str], family: str, unit: str) -> float | None:
    value = headers.get(f"{family}-reset{unit}") or headers.get(f"{family}-reset-after") or ""
    try:
        number = float(value)
    except ValueError:
        moment = _http_date(value) or _iso_date(value)
        return None if moment is None else _until(moment, headers)
    if not 0 <= number < EPOCH_SECONDS * EPOCH_MILLISECONDS:
        return None
    if number < EPOCH_SECONDS:
        return number
    return max(0.0, number / (1000 if number >= EPOCH_MILLISECONDS else 1) - _now(headers).timestamp())


# Moments ------------------------------------------------------------------------------------------------------


def _until(moment: datetime, headers: Mapping[str, str]) -> float:
    return max(0.0, (moment - _now(headers)).total_seconds())


def _now(headers: Mapping[str, str]) -> datetime:
    """Return what the partner's clock says, where it tells it."""
    return _http_date(headers.get("date", "")) or datetime.now(UTC)


def _http_date(value: str) -> datetime | None:
    try:
        return _zoned(parsedate_to_datetime(value))
    except (ValueError, OverflowError):
        return None


def _iso_date(value: str) -> datetime | None:
    try:
        return _zoned(datetime.fromisoformat(value))
    except ValueError:
        return None


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
