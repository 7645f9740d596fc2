"""Mail addresses and mobile numbers of persons, which never leave the hub; those of an organisation may."""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

# A word, and the rest of the mail address that it begins, if it does. A word is taken once, as a whole: to look for an
# address from each of its letters on would cost a hostile text of a million letters hours.
_MAIL = re.compile(r"(?:mailto:)?[\w.+'-]++(@[\w-]++(?:\.[\w-]++)++)?", re.IGNORECASE)
# A Belgian (04…) or Dutch (06…) mobile number belongs to a person; a fixed line may be a switchboard. The first four
# digits stand together, or a date such as 04-12-2025 10:30 would look like one.
_GAP = r"[\s./()–-]*"
_ABROAD = rf"(?:\+|00){_GAP}(?:32{_GAP}(?:0{_GAP})?4|31{_GAP}(?:0{_GAP})?6)(?:{_GAP}\d){{8}}"
_BELGIAN = rf"\(?04\d\d\)?(?:{_GAP}\d){{6}}"
_DUTCH = r"06[\s-]?(?:\d{8}|\d{4} \d{4}|\d\d(?: \d\d){3})"
_MOBILE = re.compile(rf"(?<![\w./–-])(?:{_ABROAD}|{_BELGIAN}|{_DUTCH}|wa\.me/\d{{10,12}})(?!\d)")
# What every mobile number ends with. Looking for it first, from one sure digit at a time, costs a long text a fiftieth
# of the whole search.
_NINE_DIGITS = tuple(re.compile(rf"{digit}(?:{_GAP}\d){{8}}") for digit in "46")
_ENTERPRISE = re.compile(r"\d{4}[. ]\d{3}[. ]\d{3}")


def is_general_mailbox(address: str) -> bool:
    """Say whether a mail address is an organisation's, by its local part (``mailboxes.toml``)."""
    local = address.removeprefix("mailto:").partition("@")[0].casefold()
    whole, first = _words()
    return local.rstrip("0123456789") in whole or re.split(r"[._+-]", local)[0].rstrip("0123456789") in first


def is_mobile(number: str) -> bool:
    """Say whether a phone number is a mobile one."""
    return _MOBILE.search(number) is not None


def without_personal(text: str) -> str:
    """Return the text without personal mail addresses and mobile numbers; the same object when there are none."""
    return replace_personal(text, mail=_nothing, mobile=_nothing)


def replace_personal(text: str, *, mail: Callable[[str], str], mobile: Callable[[str], str]) -> str:
    """Return the text with personal mail addresses and mobile numbers replaced by what these functions return."""
    if "@" in text:
        text = _MAIL.sub(lambda found: mail(found[0]) if _is_personal(found) else found[0], text)
    if any(nine.search(text) for nine in _NINE_DIGITS):
        text = _MOBILE.sub(lambda found: found[0] if _is_enterprise(found[0]) else mobile(found[0]), text)
    return text


def _is_personal(found: re.Match[str]) -> bool:
    return found[1] is not None and not is_general_mailbox(found[0])


def _is_enterprise(number: str) -> bool:
    """Say whether the number is written as a KBO number and its check digits are right."""
    digits = re.sub(r"\D", "", number)
    return bool(_ENTERPRISE.fullmatch(number)) and 97 - int(digits[:8]) % 97 == int(digits[8:])


def _nothing(_: str) -> str:
    return ""


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    found = tomllib.loads(files("hub.clean").joinpath("mailboxes.toml").read_text("utf-8"))
    return frozenset(found["whole"]), frozenset(found["first"])
