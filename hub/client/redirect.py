"""Which redirects are followed: on the same host freely, elsewhere only where that is allowed."""

import httpx

from hub.client.exchange import Asked, address, place
from hub.errors import UnexpectedAnswer

SAME_METHOD = frozenset({307, 308})


def followed(asked: Asked, url: httpx.URL, response: httpx.Response, *, other_hosts: bool) -> httpx.URL:
    """Return where a redirect leads; one that is not followed is an error that says where it would lead."""
    target = address(_joined(url, response.headers["location"]))
    same = same_host(url, target)
    allowed = same or (other_hosts and asked.method == "GET" and not _is_downgrade(url, target))
    if allowed and (asked.method == "GET" or response.status_code in SAME_METHOD):
        return target
    raise UnexpectedAnswer(
        f"{asked.where}: the partner answered {response.status_code}, a redirect to {target.scheme}://{place(target)}"
        " that is not followed; if it is right, write that address in the source's options."
    )


def same_host(old: httpx.URL, new: httpx.URL) -> bool:
    """Say whether credentials may go along: the same scheme, host and port, or the host's own https."""
    return _origin(old) == _origin(new) or _is_upgrade(old, new)


def _joined(url: httpx.URL, location: str) -> str:
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError):
        return ""


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _is_upgrade(old: httpx.URL, new: httpx.URL) -> bool:
    """Say whether only http became https, both on their usual ports."""
    return (old.scheme, new.scheme, old.host, old.port, new.port) == ("http", "https", new.host, None, None)


def _is_downgrade(old: httpx.URL, new: httpx.URL) -> bool:
    return (old.scheme, new.scheme) == ("https", "http")
