"""Keys that readers send along: where they may stand, whether they hold, and which views they open."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from hub.adapter import Rate
from hub.store.keys import KeyRow
from hub.store.keys.key_text import LENGTH, PREFIX, id_of, matches
from hub.views import LISTINGS

REALM = "schakel"
ADVICE = f"Send it as `Authorization: Bearer {PREFIX}…` or `X-API-Key: {PREFIX}…`."

_CARRIERS = frozenset({b"authorization", b"x-api-key"})
_MANAGING = b"manage_"  # tokens of subscribers, judged where these are managed (`hub/web/webhooks`)
_VIEWED = frozenset({"feeds", "views"})
_SIGNS = (b"key", b"token", PREFIX.encode())
_LEAKS = re.compile(rb"(?:^|&)(?:x[-_])?(?:api[-_]?key|access[-_]?token|key)=|schakel_[a-z0-9]{10}_")
_LONGEST = 10 * LENGTH
_PER_ADDRESS, _PER_KEY = Rate(600, 60), Rate(3000, 60)


class Viewed(Protocol):
    """A view, as far as access is concerned."""

    @property
    def id(self) -> str:
        """Its name in addresses."""

    @property
    def access(self) -> str:
        """Who may read it: ``public`` or ``key``."""


@dataclass(frozen=True, slots=True)
class AccessRules:
    """How often readers may ask.

    Args:
        rate: for all who come from one address without a key.
        keyed_rate: for each key that has no rate of its own.
        proxies: how many proxies of ours stand before the hub, each of which adds to X-Forwarded-For.
    """

    rate: Rate = _PER_ADDRESS
    keyed_rate: Rate = _PER_KEY
    proxies: int = 0


USUAL_RULES = AccessRules()
"""How often readers may ask where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused: the status, the last part of the problem's type, and a sentence."""

    status: int
    kind: str
    detail: str

    @property
    def challenge(self) -> str | None:
        """What WWW-Authenticate says of it (RFC 6750, 3), where there is anything to send."""
        return _CHALLENGES.get(self.kind)


def _challenge(error: str, description: str) -> str:
    return f'Bearer realm="{REALM}", error="{error}", error_description="{description}"'


_CHALLENGES = {
    "key-required": f'Bearer realm="{REALM}"',
    "key-malformed": _challenge("invalid_token", "no key of this hub"),
    "key-unknown": _challenge("invalid_token", "unknown key"),
    "key-expired": _challenge("invalid_token", "the key has expired"),
    "key-revoked": _challenge("invalid_token", "the key was revoked"),
    "key-elsewhere": _challenge("insufficient_scope", "the key is for other views"),
}

LEAKED = Refusal(
    400,
    "key-in-address",
    "A key must not stand in an address: addresses end up in logs and histories. If it was a real one, have it "
    f"replaced. {ADVICE}",
)
SEVERAL = Refusal(400, "key-repeated", "There are several different keys in this request; send one.")
MALFORMED = Refusal(
    401, "key-malformed", f"That is no key of this hub: one has {LENGTH} characters and starts with {PREFIX}. {ADVICE}"
)
UNKNOWN = Refusal(401, "key-unknown", "This hub knows no such key. Look whether it was copied whole.")


class Sent(NamedTuple):
    """What a request carries: a key that may be one, by its id and as a whole; or why it can be none."""

    id: str
    text: str
    refusal: Refusal | None = None


NOTHING = Sent("", "")
"""What a request without a key carries."""


def sent(headers: Iterable[tuple[bytes, bytes]], query: bytes) -> Sent:
    """Return the key that a request carries; credentials of other schemes than Bearer are not ours to judge."""
    if query and _leaks(query.lower()):
        return Sent("", "", LEAKED)
    given = [key for name, value in headers if name in _CARRIERS and (key := _key(name, value)) is not None]
    if not given:
        return NOTHING
    if len(set(given)) > 1:
        return Sent("", "", SEVERAL)
    text = given[0].decode("latin-1")
    identifier = id_of(text)
    return Sent("", "", MALFORMED) if identifier is None else Sent(identifier, text)


def _leaks(query: bytes) -> bool:
    return any(sign in query for sign in _SIGNS) and _LEAKS.search(query) is not None  # the signs alone are quick


def _key(name: bytes, value: bytes) -> bytes | None:
    if name == b"x-api-key":
        return value[:_LONGEST].strip()
    if name == b"authorization" and value[:7].lower() == b"bearer ":
        text = value[7:_LONGEST].strip()
        return None if text.startswith(_MANAGING) else text
    return None


def judged(found: KeyRow | None, text: str, now: str) -> Refusal | None:
    """Return why a key does not hold, None when it does. A wrong secret and a wrong id are told alike."""
    if found is None or not matches(text, found.hash):
        return UNKNOWN
    state = found.state(now)
    if state == "revoked":
        return Refusal(401, "key-revoked", f"The key {found.id} was revoked at {found.revoked}; ask for a new one.")
    if state == "expired":
        return Refusal(401, "key-expired", f"The key {found.id} ended at {found.grant.expires}; ask for a new one.")
    return None


def barred(view: Viewed, key: KeyRow | None) -> Refusal | None:
    """Return why a view is not to be read with this key, or without one; None when it is."""
    if view.access == "public" or (key is not None and key.opens(view.id)):
        return None
    if key is None:
        return Refusal(401, "key-required", f"'{view.id}' is read with a key; ask this hub's operator. {ADVICE}")
    opened: Sequence[str] = key.grant.views or ()
    return Refusal(403, "key-elsewhere", f"The key {key.id} is not for '{view.id}'; it is for {', '.join(opened)}.")


def view_named(path: str) -> str | None:
    """Return the id of the view whose address this is or lies below, with or without an extension; else None."""
    parts = path.split("/", 3)
    if len(parts) < 3:
        return None
    if parts[1] in _VIEWED:
        return parts[2].partition(".")[0]
    return LISTINGS if parts[1] == LISTINGS else None
