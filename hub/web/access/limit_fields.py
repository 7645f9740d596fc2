"""The header fields that tell readers their quota, as structured fields (RFC 9651) of the RateLimit draft."""

from functools import lru_cache

import http_sf
from http_sf.types import ParamsType

from hub.web.access.quota import Quota, Taken

Field = tuple[bytes, bytes]


@lru_cache(maxsize=256)
def policy_field(quota: Quota) -> Field:
    """Return what the quota is: ``RateLimit-Policy: "address";q=600;w=60``."""
    return b"ratelimit-policy", _written(quota.name, {"q": quota.requests, "w": quota.seconds})


@lru_cache(maxsize=4096)
def limit_field(name: str, left: int, seconds: int) -> Field:
    """Return what is left of it, and in how many seconds more comes: ``RateLimit: "address";r=42;t=13``."""
    return b"ratelimit", _written(name, {"r": left, "t": seconds})


def fields(quota: Quota, taken: Taken) -> tuple[Field, Field]:
    """Return both fields."""
    return policy_field(quota), limit_field(quota.name, taken.left, taken.seconds)


def _written(name: str, parameters: ParamsType) -> bytes:
    return http_sf.ser([(name, parameters)]).encode("ascii")
