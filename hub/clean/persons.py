"""Mail addresses and mobile numbers of persons, which never leave the hub; those of an organisation may."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from hub.clean.mails import find_mails, is_general_mailbox
from hub.clean.phones import find_mobiles, is_mobile

__all__ = ["Found", "find_personal", "is_general_mailbox", "is_mobile", "replace_personal", "without_personal"]


class Found(NamedTuple):
    """Where something personal stands in a text, and whether it is a mail address (else a number)."""

    start: int
    end: int
    mail: bool


def find_personal(text: str, countries: Collection[str] = ()) -> list[Found]:
    """Return where personal mail addresses and mobile numbers stand in a text, in its order, none within another.

    Args:
        text: the text, or HTML.
        countries: where the offer is, as ISO 3166-1 codes.
    """
    found = [Found(*span, mail=True) for span in find_mails(text)]
    found += [Found(*span, mail=False) for span in find_mobiles(text, countries)]
    return _apart(sorted(found)) if len(found) > 1 else found


def without_personal(text: str) -> str:
    """Return the text without personal mail addresses and mobile numbers; the same object when there are none."""
    return replace_personal(text, mail=_nothing, mobile=_nothing)


def replace_personal(text: str, *, mail: Callable[[str], str], mobile: Callable[[str], str]) -> str:
    """Return the text with personal mail addresses and mobile numbers replaced by what these functions return."""
    parts, end = [], 0
    for found in find_personal(text):
        said = text[found.start : found.end]
        parts += [text[end : found.start], mail(said) if found.mail else mobile(said)]
        end = found.end
    return "".join([*parts, text[end:]]) if parts else text


def _apart(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _nothing(_: str) -> str:
    return ""
