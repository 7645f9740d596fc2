"""Mail addresses and mobile numbers of persons, which never leave the hub; those of an organisation may."""

import re
import tomllib
from functools import cache
from importlib.resources import files

_MAIL = re.compile(r"(?:mailto:)?[\w.+'-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
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
    """Say whether a mail address is an organisation's, by the first word of its local part (``mailboxes.toml``)."""
    local = address.removeprefix("mailto:").partition("@")[0].casefold()
    return re.split(r"[._+-]", local)[0].rstrip("0123456789") in _words()


def is_mobile(number: str) -> bool:
    """Say whether a phone number is a mobile one."""
    return _MOBILE.search(number) is not None


def without_personal(text: str) -> str:
    """Return the text without personal mail addresses and mobile numbers; the same object when there are none."""
    if "@" in text:
        text = _MAIL.sub(lambda found: found[0] if is_general_mailbox(found[0]) else "", text)
    if any(nine.search(text) for nine in _NINE_DIGITS):
        text = _MOBILE.sub(_unless_enterprise, text)
    return text


def _unless_enterprise(found: re.Match[str]) -> str:
    """Return the number when it is written as a KBO number and its check digits are right, else nothing."""
    digits = re.sub(r"\D", "", found[0])
    right = _ENTERPRISE.fullmatch(found[0]) and 97 - int(digits[:8]) % 97 == int(digits[8:])
    return found[0] if right else ""


@cache
def _words() -> frozenset[str]:
    return frozenset(tomllib.loads(files("hub.clean").joinpath("mailboxes.toml").read_text("utf-8"))["words"])
