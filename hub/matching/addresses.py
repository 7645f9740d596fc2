"""Addresses of pages as they can be compared: the same page has the same address, however readers came to it."""

import re
from urllib.parse import urlsplit

from w3lib.url import canonicalize_url

from hub.matching.rules import RULES

_PLAIN = re.compile(r"https?://(?:www\.)?([a-z0-9.-]+)(/[^?#]*)?(?:\?([^#]*))?(?:#.*)?")
_SIMPLE = re.compile(r"[a-zA-Z0-9/._~-]*")
_EXACT = frozenset(name for name in RULES.ignored_parameters if not name.endswith("*"))
_BEGINNINGS = tuple(name.rstrip("*") for name in RULES.ignored_parameters if name.endswith("*"))
_LANGUAGES = frozenset({"nl", "fr", "en", "de", "nl-be", "fr-be", "en-be", "nl_be", "fr_be"})
_DIGIT = re.compile(r"\d")
_LONG = 12


def page(address: str) -> str | None:
    """Return the address of a page without scheme, language and what tells how one came there; None for a general one.

    A page is general when nothing in its path or parameters names one offer, as a site's list of its jobs does.
    """
    plain = _PLAIN.fullmatch(address)
    host, path, query = plain.groups("") if plain else _split(address)
    query = _telling(query)
    if not (_SIMPLE.fullmatch(path) and _SIMPLE.fullmatch(query.replace("=", "").replace("&", ""))):
        path, _, query = canonicalize_url(f"{path}?{query}" if query else path).partition("?")
    steps = [step for step in path.split("/") if step and step.lower() not in _LANGUAGES]
    if not host or not _is_specific(steps, query):
        return None
    return f"{host}/{'/'.join(steps)}{'?' if query else ''}{query}"


def _split(address: str) -> tuple[str, str, str]:
    """Return host, path and parameters of an address that is out of the ordinary; no host where it is not one."""
    try:
        parts = urlsplit(address)
        return (parts.hostname or "").removeprefix("www."), parts.path, parts.query
    except ValueError:
        return "", "", ""


def _telling(query: str) -> str:
    """Return the parameters that say which page it is, in alphabetical order."""
    if not query:
        return ""
    kept = [pair for pair in query.split("&") if pair and not _is_ignored(pair.partition("=")[0].lower())]
    return "&".join(sorted(kept))


def _is_ignored(name: str) -> bool:
    return name in _EXACT or name.startswith(_BEGINNINGS)


def _is_specific(steps: list[str], query: str) -> bool:
    last = steps[-1] if steps else ""
    return bool(_DIGIT.search(last) or _DIGIT.search(query) or len(last) >= _LONG)
