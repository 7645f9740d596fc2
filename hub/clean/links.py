"""Addresses of pages and mailboxes that carry a person with them, in a parameter or as a whole."""

import re
from urllib.parse import unquote, urlsplit, urlunsplit

from hub.clean.mails import find_mails

DIRECT = ("wa.me/", "whatsapp.com/send", "linkedin.com/in/")
"""Addresses of the web that lead to one person."""

_MARKS = re.compile(r"[/?=&:;#,]")


def without_person(url: str) -> str:
    """Return an address without the parameters that hold a person's mail; empty where it is a person's itself."""
    if any(direct in url for direct in DIRECT):
        return ""
    if "@" not in url and "%40" not in url:
        return url
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if not _names_a_person(pair)]
    fragment = "" if _names_a_person(parts.fragment) else parts.fragment
    cleaned = urlunsplit(parts._replace(query="&".join(kept), fragment=fragment))
    return "" if _names_a_person(cleaned.partition(":")[2]) else cleaned if cleaned != url else url


def _names_a_person(part: str) -> bool:
    """Say whether a part of an address holds a person's mail; its digits are numbers of pages, not of phones."""
    return any(find_mails(_MARKS.sub("\n", unquote(part))))
