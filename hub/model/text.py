"""Text for people: language maps, of plain text or of the small set of HTML a description may carry."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError, PydanticKnownError

from hub.model.markup import sanitise

UNDETERMINED = "und"
"""The language tag for "not known" (BCP 47)."""

MOST_CHARACTERS = 100_000
MOST_TAGS = 5000
"""What a description may have; cleaning tags within tags takes time by the square of their number."""

_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def _checked(value: dict[str, str]) -> dict[str, str]:
    texts = {}
    for language, text in value.items():
        if not _LANGUAGE_TAG.fullmatch(language):
            raise PydanticCustomError(
                "language-unknown", "'{value}' is not a language tag such as nl, fr or und", {"value": language}
            )
        trimmed = unicodedata.normalize("NFC", text).strip()
        if trimmed:
            texts[language] = trimmed
    if not texts:
        raise PydanticCustomError("text-empty", "at least one language must have a text")
    return texts


def _checked_rich(value: dict[str, str]) -> dict[str, str]:
    if any(len(text) > MOST_CHARACTERS or text.count("<") > MOST_TAGS for text in value.values()):
        raise PydanticKnownError("string_too_long", {"max_length": MOST_CHARACTERS})
    return _checked({language: sanitise(text) for language, text in value.items()})


Text = Annotated[
    dict[str, str],
    AfterValidator(_checked),
    Field(json_schema_extra={"$comment": "language map: BCP 47 tag to text; und where the language is not known"}),
]
RichText = Annotated[
    dict[str, str],
    AfterValidator(_checked_rich),
    Field(json_schema_extra={"$comment": "language map to sanitised HTML: p br ul ol li strong em h3 a[href]"}),
]


def text(value: str | None, language: str = UNDETERMINED) -> dict[str, str] | None:
    """Return a language map of one text, or None when there is none."""
    return {language: value} if value and value.strip() else None


def texts(values: Mapping[str, str | None]) -> dict[str, str] | None:
    """Return a language map of the non-empty texts, or None when there is none."""
    return {language: value for language, value in values.items() if value and value.strip()} or None


def pick(value: Mapping[str, str], languages: tuple[str, ...]) -> str:
    """Return the text in the first of these languages that is there, else any."""
    return next((value[language] for language in languages if language in value), next(iter(value.values())))
