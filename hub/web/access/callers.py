"""Who asks, where there is no key to tell: the client's address, as far as it can be believed."""

import ipaddress
from collections.abc import Iterable, MutableMapping
from functools import lru_cache
from typing import Any

_FORWARDED = b"x-forwarded-for"
_MARKS = frozenset({_FORWARDED, b"forwarded", b"x-real-ip"})
_NOBODY = "unknown"
_LONGEST = 60
_SITE_BITS = 64  # what one household or office gets of IPv6; within it, addresses cost nothing


def caller(scope: MutableMapping[str, Any], proxies: int) -> str | None:
    """Return what stands for the client, None for a program on this very machine, which need not be bounded.

    Args:
        scope: of the request (ASGI).
        proxies: how many proxies of ours stand before the hub. Each adds the address that it was called from to
            X-Forwarded-For, so the client's is that far from its end; what stands before it anybody may have written.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    if proxies:
        forwarded = _hops(value for name, value in scope["headers"] if name == _FORWARDED)
        if len(forwarded) >= proxies:
            return _bucket(forwarded[-proxies][:_LONGEST]) or _bucket(peer) or _NOBODY
        return _bucket(peer) or _NOBODY
    if _is_local(peer) and not forwarded_by_a_proxy(scope):
        return None
    return _bucket(peer) or _NOBODY


def forwarded_by_a_proxy(scope: MutableMapping[str, Any]) -> bool:
    """Tell whether a request says that it came through a proxy."""
    return not _MARKS.isdisjoint(dict(scope["headers"]))


def _hops(values: Iterable[bytes]) -> list[str]:
    return [hop for value in values for hop in value.decode("latin-1").split(",")]


@lru_cache(maxsize=4096)
def _bucket(address: str) -> str | None:
    """Return an IPv4 address, or the /64 that an IPv6 address is in; None for what is no address."""
    found = _parsed(address.strip())
    if found is None:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((found, _SITE_BITS), strict=False))
    return str(found)


@lru_cache(maxsize=4096)
def _is_local(address: str) -> bool:
    found = _parsed(address)
    return found is not None and found.is_loopback


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return an address that may have a port: ``192.0.2.1:4711``, ``[2001:db8::1]:4711``."""
    bare = address[1:].partition("]")[0] if address.startswith("[") else address
    bare = bare.partition(":")[0] if bare.count(":") == 1 else bare
    try:
        found = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
