"""Texts of VDAB without contact persons."""

import re

from hub import without_personal


def clean(text: str, names: tuple[str, ...] = ()) -> str:
    """Return the text without these names, personal mail addresses and mobile numbers."""
    text = without_personal(text)
    for name in names:
        text = text.replace(name, "")
    return text


def digits(phone: object) -> str:
    """Return the national digits of a phone number, so that two ways of writing it compare as equal."""
    written = re.sub(r"\D", "", phone) if isinstance(phone, str) else ""
    return re.sub(r"^(00)?320?|^0", "", written)
