"""Mail addresses and mobile numbers of persons, which never leave the hub; those of an organisation may."""

import re
import tomllib
from functools import cache
from importlib.resources import files

_MAIL = re.compile(r"(?:mailto:)?[\w.+'-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
# A Belgian (04…) or Dutch (06…) mobile number belongs to a person; a fixed line may be a switchboard.
_GAP = r"[\s./()-]*"
_MOBILE = re.compile(
    rf"(?<![\w.])(?:(?:tel:|wa\.me/)?{_GAP}(?:\+|00)?{_GAP}(?:32{_GAP}(?:0{_GAP})?4|31{_GAP}(?:0{_GAP})?6)|\(?0{_GAP}[46])"
    rf"(?:{_GAP}\d){{8}}(?!\d)"
)
# What every mobile number ends with. Looking for it first, from one sure digit at a time, costs a long text a fiftieth
# of the whole search.
_NINE_DIGITS = tuple(re.compile(rf"{digit}(?:{_GAP}\d){{8}}") for digit in "46")
_ENTERPRISE = re.compile(r"\d{4}\.\d{3}\.\d{3}")


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
        text = _MOBILE.sub(lambda found: found[0] if _ENTERPRISE.fullmatch(found[0]) else "", text)
    return text


@cache
def _words() -> frozenset[str]:
    return frozenset(tomllib.loads(files("hub.clean").joinpath("mailboxes.toml").read_text("utf-8"))["words"])
