"""Signatures of Standard Webhooks 1.0: HMAC-SHA256 over id, moment and body, with every secret that is live."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

_PREFIX = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """Return a new secret of 32 random bytes, as receivers write it: ``whsec_…``."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(live: Sequence[str], identifier: str, moment: int, body: bytes) -> dict[str, str]:
    """Return the headers of one attempt.

    Args:
        live: the secrets that sign, the newest first: one, or two while they rotate.
        identifier: of the message, the same at each attempt.
        moment: of this attempt, in whole seconds since 1970.
        body: the very bytes that are sent.
    """
    signed = b".".join((identifier.encode(), str(moment).encode(), body))
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(_signature(secret, signed) for secret in live),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
