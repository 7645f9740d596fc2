"""Webhooks as Standard Webhooks 1.0 signs them: who sent it, and that it is not an old one sent again."""

import base64
import binascii
import hmac
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from schakel_client.errors import WebhookRefused

_PREFIX = "whsec_"
_VERSION = "v1"
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Event:
    """What a hub tells by webhook: a hint to read on, never the change itself.

    Args:
        id: the same however often it is sent.
        sent: when this attempt was made, in seconds since 1970.
        type: such as ``feed.advanced``.
        timestamp: when it happened, in ISO 8601.
        data: what belongs to the type, such as the view and its position.
    """

    id: str
    sent: int
    type: str
    timestamp: str | None
    data: Mapping[str, Any]


def verify(
    body: bytes,
    headers: Mapping[str, str],
    secrets: str | Iterable[str],
    tolerance: int = 300,
    *,
    now: float | None = None,
) -> Event:
    """Return the event that was sent, once it proves to be from who knows a secret, and recent.

    Args:
        body: exactly as it came, byte for byte.
        headers: of the request; the case of their names does not matter.
        secrets: of the endpoint, beginning with ``whsec_``; the new and the old one while they are exchanged.
        tolerance: seconds that the clock of the sender may differ, and that an event may be sent again within.
        now: seconds since 1970; the clock by default.

    Raises:
        WebhookRefused: why it is not taken; the message holds no secret.
    """
    told = {name.lower(): value for name, value in headers.items()}
    identifier, sent = _header(told, "webhook-id"), _header(told, "webhook-timestamp")
    signatures = _header(told, "webhook-signature").split()
    if not (sent.isascii() and sent.isdecimal() and len(sent) <= _DIGITS):
        raise WebhookRefused(f"webhook-timestamp is {sent[:40]!r}, not a number of seconds")
    signed = b".".join((identifier.encode(), sent.encode(), body))
    if not _is_signed(signed, signatures, _keys(secrets)):
        raise WebhookRefused(f"no signature of {identifier[:80]!r} is made with a secret of this endpoint")
    away = (time.time() if now is None else now) - int(sent)
    if abs(away) > tolerance:
        raise WebhookRefused(f"{identifier[:80]!r} was sent {away:.0f} s ago; more than {tolerance} s is not taken")
    return _event(identifier, int(sent), body)


def _header(told: Mapping[str, str], name: str) -> str:
    if not told.get(name):
        raise WebhookRefused(f"there is no header {name}")
    return told[name]


def _keys(secrets: str | Iterable[str]) -> Sequence[bytes]:
    given = [secrets] if isinstance(secrets, str) else list(secrets)
    try:
        keys = [base64.b64decode(secret.strip().removeprefix(_PREFIX), validate=True) for secret in given]
    except (binascii.Error, ValueError):
        raise ValueError(
            f"a webhook secret is {_PREFIX} and then base64; one of the {len(given)} given is not"
        ) from None
    if not keys or not all(keys):
        raise ValueError("give the secret of the endpoint; none, or an empty one, was given")
    return keys


def _is_signed(signed: bytes, signatures: Sequence[str], keys: Sequence[bytes]) -> bool:
    """Compare every signature with every key, in a time that does not tell which was nearly right."""
    fine = False
    for key in keys:
        made = base64.b64encode(hmac.new(key, signed, sha256).digest())
        for signature in signatures:
            version, _, value = signature.partition(",")
            fine |= version == _VERSION and hmac.compare_digest(made, value.encode())
    return fine


def _event(identifier: str, sent: int, body: bytes) -> Event:
    try:
        told = json.loads(body)
        return Event(identifier, sent, str(told["type"]), told.get("timestamp"), dict(told.get("data") or {}))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise WebhookRefused(f"{identifier[:80]!r} is signed, but is no event: {error!r}") from error
