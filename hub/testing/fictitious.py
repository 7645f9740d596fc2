"""Made-up persons that stand in for real ones: always the same for the same person, and plainly made up."""

import re

from hub.clean.persons import is_mobile

_NAME = re.compile(r"Persoon \d+")
_MAIL = re.compile(r"(?:mailto:)?person\d+@example\.invalid", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_UNUSED = "000"
"""No number that is given out goes on like this behind its area code or the first digit of a mobile number."""


class Cast:
    """Gives each person a stand-in, numbered in the order of appearance. What is a stand-in already stays."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        self._mails: dict[str, int] = {}
        self._phones: dict[str, int] = {}

    def name(self, name: str) -> str:
        """Return the name of the stand-in."""
        if not name.strip() or _NAME.fullmatch(name.strip()):
            return name
        return f"Persoon {_number(self._names, ' '.join(name.casefold().split()))}"

    def mail(self, address: str) -> str:
        """Return the mail address of the stand-in, at a domain that cannot exist; ``mailto:`` stays before it."""
        if _MAIL.fullmatch(address):
            return address
        scheme, colon, bare = address.rpartition(":")
        return f"{scheme}{colon}person{_number(self._mails, bare.casefold())}@example.invalid"

    def phone(self, written: str) -> str:
        """Return a number nobody has, written as this one is: a mobile number stays one, and so does an area code."""
        digits = "".join(_DIGIT.findall(written))
        kept = max(1, len(digits) - (8 if is_mobile(written) else 7))
        own = digits[kept:]
        if len(own) < 4 or own.startswith(_UNUSED):
            return written
        number = _number(self._phones, own) % 10 ** (len(own) - len(_UNUSED))
        replaced = iter(digits[:kept] + str(number).zfill(len(own)))
        return _DIGIT.sub(lambda _: next(replaced), written)


def _number(known: dict[str, int], key: str) -> int:
    return known.setdefault(key, len(known) + 1)
