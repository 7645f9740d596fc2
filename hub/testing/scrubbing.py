"""Taking secrets and persons out of what a partner answered, so that it can be kept as a recording.

What goes is replaced by something made up of the same shape, and the same value always by the same one: fields, types
and the number of items stay, mail addresses stay mail addresses, and a mapping reads what it read before.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from hub.clean.persons import is_general_mailbox, replace_personal
from hub.clean.secrets import is_secret_name, is_secret_parameter
from hub.testing.acquaintances import PARTS, Acquaintances
from hub.testing.fictitious import Cast
from hub.testing.personal import goes_on, is_person, is_phone, looks_like_a_name, names_a_person

SECRET = "secret"  # noqa: S105 - what stands in for one
_SHORTEST = 4
_SHOWN_TOKEN = re.compile(r"eyJ[\w-]{6,2000}\.[\w-]{6,}(?:\.[\w-]*)?|(?<=Bearer )[\w.~+/=-]{8,}")
_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s:]+:[^/@\s]+(?=@)")
_IN_QUERY = re.compile(r"(?<=[?&])([\w.-]+)=([^&#\s\"'<>]+)")
_ENCODED_MAIL = re.compile(r"[\w.+'-]{1,64}%40[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


class Scrubber:
    """Scrubs the answers of one recording. Let it `learn` all of them first: a name told in one may stand in another.

    Args:
        secrets: the values of the source's secrets.
        addresses: what stands in for addresses of this machine.
    """

    def __init__(self, secrets: Collection[str] = (), addresses: Mapping[str, str] | None = None) -> None:
        self.secrets = frozenset(form for each in secrets if len(each) >= _SHORTEST for form in (each, quote(each, "")))
        self._addresses = dict(addresses or {})
        self._cast = Cast()
        self._met = Acquaintances()
        self._secret = _any_of(self.secrets - {SECRET})

    def learn(self, value: Any) -> None:
        """Remember the persons that a JSON value names, so that they are found in running text too."""
        self._met.learn(value)

    def scrub(self, value: Any, name: str = "", *, person: bool = False) -> Any:
        """Return a JSON value without secrets and persons.

        Args:
            value: the value.
            name: of the field it is in.
            person: whether that field stands within a person.
        """
        match value:
            case dict():
                return {
                    self.text(key): self.scrub(each, key, person=goes_on(key, person=person))
                    for key, each in value.items()
                }
            case list():
                return [self.scrub(each, name, person=person) for each in value]
            case str():
                return self._leaf(value, name, person=person)
            case int() if not isinstance(value, bool) and is_phone(name):
                return int(self._cast.phone(str(value)))
        return value

    def text(self, text: str) -> str:
        """Return a running text without secrets and persons."""
        for address, stand_in in self._addresses.items():
            text = text.replace(address, stand_in)
        text = self._secret.sub(SECRET, text)
        text = _IN_ADDRESS.sub(SECRET, _SHOWN_TOKEN.sub(SECRET, text))
        text = _IN_QUERY.sub(_open_parameter, text) if "=" in text else text
        text = self._met.swapped(text, self._cast)
        text = _ENCODED_MAIL.sub(self._encoded_mail, text) if "%40" in text else text
        return replace_personal(text, mail=self._cast.mail, mobile=self._cast.phone)

    def query(self, query: str) -> str:
        """Return the query of an address without secrets and persons."""
        pairs = parse_qsl(query, keep_blank_values=True)
        return urlencode(
            [(name, SECRET if is_secret_parameter(name) and value else self.text(value)) for name, value in pairs]
        )

    def _leaf(self, value: str, name: str, *, person: bool) -> str:
        if not value:
            return value
        if is_secret_name(name):
            return SECRET
        if names_a_person(name, within=person):
            return self._cast.name(value)
        if is_phone(name) and (person or self._met.knows_phone(value)):
            return self._cast.phone(value)
        return self.text(self._own_words(value) if is_person(name) else value)

    def _own_words(self, value: str) -> str:
        """Return what a field called like a person says, such as ``Ann Peeters, 02 123 45 67``, without the name."""
        return "".join(_swapped(part, self._cast) for part in PARTS.split(value))

    def _encoded_mail(self, found: re.Match[str]) -> str:
        address = found[0].replace("%40", "@")
        return found[0] if is_general_mailbox(address) else self._cast.mail(address).replace("@", "%40")


def _swapped(part: str, cast: Cast) -> str:
    bare = part.strip()
    return part.replace(bare, cast.name(bare)) if bare and looks_like_a_name(bare) else part


def _open_parameter(found: re.Match[str]) -> str:
    return f"{found[1]}={SECRET}" if is_secret_parameter(found[1]) else found[0]


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of these texts, the longest first."""
    return re.compile("|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True)) or r"(?!)")
