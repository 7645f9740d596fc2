"""Codes of occupations, skills and sectors, and the languages a job asks for."""

from functools import cache
from typing import Annotated

import pycountry
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from hub.model.block import Block
from hub.model.text import Text
from hub.model.vocabulary import LanguageLevel


class Code(Block):
    """A value of a code list, with its label; the partner's own code is kept beside a mapped one."""

    scheme: str = Field(pattern=r"^(esco|isco-08|rome|competent|nace-bel|partner:[a-z0-9_-]+)$")
    """The code list: esco, isco-08, rome, competent, nace-bel or partner:<name>. schema.org: inCodeSet."""
    value: str = Field(min_length=1)
    """The code itself. schema.org: codeValue."""
    label: Text | None = None
    """What the code means. schema.org: name."""


@cache
def _languages() -> frozenset[str]:
    return frozenset(
        code
        for language in pycountry.languages
        for code in (getattr(language, "alpha_2", None), language.alpha_3)
        if code
    )


def _known_language(value: str) -> str:
    if value not in _languages():
        raise PydanticCustomError("language-unknown", "not an ISO 639 language code such as nl or fr")
    return value


class LanguageRequirement(Block):
    """A language one must know, and how well."""

    language: Annotated[str, AfterValidator(_known_language)]
    """ISO 639 code, two letters where there is one. schema.org: knowsLanguage."""
    level: LanguageLevel | None = None
    """Level of the Common European Framework, where the partner states it."""
    learnable_on_the_job: bool | None = None
    """The language may be learned while working."""
