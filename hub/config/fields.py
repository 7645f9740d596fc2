"""The fields that may be written in a configuration file: strict, frozen, and described."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Table(BaseModel):
    """One table of a configuration file; a name it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)


def checked_url(value: str) -> str:
    """Return an absolute http(s) URL without credentials, or raise ValueError."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"\s", value):
        raise ValueError("must be an absolute address, such as https://hub.example.org")
    if parts.username is not None:
        raise ValueError("must not carry a name and password")
    parts.port  # noqa: B018 - raises ValueError when it is not a port
    return value


def checked_address(value: str) -> str:
    """Return the address other addresses are made from: no query, no fragment, no slash at the end."""
    parts = urlsplit(checked_url(value))
    if parts.query or parts.fragment:
        raise ValueError("must not have a query (?) or a fragment (#)")
    return value.rstrip("/")


def checked_mail(value: str) -> str:
    """Return what has the form of a mail address, or raise ValueError."""
    if not _MAIL.fullmatch(value):
        raise ValueError("must be a mail address, such as integrations@example.org")
    return value


Flag = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
Amount = Annotated[float, Field(strict=True)]
Port = Annotated[Whole, Field(ge=1, le=65535)]
Line = Annotated[str, Field(min_length=1)]
Url = Annotated[str, AfterValidator(checked_url)]
Address = Annotated[str, AfterValidator(checked_address)]
Mail = Annotated[str, AfterValidator(checked_mail)]
