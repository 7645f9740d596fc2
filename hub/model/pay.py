"""What is paid or costs, and over what time."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Self

import pycountry
from pydantic import AfterValidator, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from hub.model.block import Block
from hub.model.text import Text
from hub.model.vocabulary import PayPeriod


@cache
def _currencies() -> frozenset[str]:
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


def _known_currency(value: str) -> str:
    if value not in _currencies():
        raise PydanticCustomError("currency-unknown", "not an ISO 4217 currency code such as EUR")
    return value


Amount = Annotated[Decimal, Field(ge=0), PlainSerializer(float, return_type=float, when_used="json")]
Currency = Annotated[str, AfterValidator(_known_currency), Field(description="ISO 4217 code")]


class Pay(Block):
    """Pay as the partner states it, never guessed from text. schema.org: baseSalary."""

    min: Amount | None = None
    """Lowest amount. schema.org: minValue."""
    max: Amount | None = None
    """Highest amount. schema.org: maxValue."""
    currency: Currency
    """ISO 4217 code. schema.org: currency."""
    per: PayPeriod | None = None
    """The period the amounts cover; absent where the partner does not say. schema.org: unitText."""
    gross: bool | None = None
    """Before tax and social contributions."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise PydanticCustomError("minimum-above-maximum", "min is above max")
        return self


class Period(Block):
    """Days, both included, in Europe/Brussels unless the partner says otherwise."""

    start: date | None = Field(default=None, alias="from")
    """First day."""
    end: date | None = Field(default=None, alias="to")
    """Last day."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start and self.end and self.start > self.end:
            raise PydanticCustomError("minimum-above-maximum", "from is after to")
        return self


class Cost(Block):
    """What joining a programme costs the person who joins."""

    free: bool | None = None
    """Nothing is to be paid. schema.org: isAccessibleForFree."""
    amount: Amount | None = None
    """What is to be paid."""
    currency: Currency | None = None
    """ISO 4217 code."""
    conditions: Text | None = None
    """Who pays what, in words."""


class Allowance(Block):
    """What a person who joins receives."""

    paid: bool | None = None
    """Something is paid."""
    amount: Amount | None = None
    """How much."""
    currency: Currency | None = None
    """ISO 4217 code."""
    per: PayPeriod | None = None
    """The period the amount covers."""
    conditions: Text | None = None
    """Who receives it and when, in words."""
