"""Mail addresses in running text, also those written so that programs do not see them."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

# A word, and the rest of the mail address that it begins, if it does. A word is taken once, as a whole: to look for an
# address from each of its letters on would cost a hostile text of a million letters hours.
_TAG = r"(?:</?\w[^<>]{0,9}>)?"
_GAP = r"(?:[ \xa0]|&nbsp;)?"
_AT = rf"(?:{_TAG}{_GAP}[@\uff20\ufe6b]{_GAP}{_TAG}|%40)"
_DOMAIN = r"[\w-]++(?:\.[\w-]++| \. [a-z]{2,6}\b)++"
_MAIL = re.compile(rf"(?:mailto:)?[\w.+'-]++({_AT}{_DOMAIN})?", re.IGNORECASE)

# The same with words for the marks: jan (at) firma.be, jan [at] firma [dot] be, jan at firma dot be.
_OPEN, _CLOSE = r"(?:[\[({]|&lt;)\s?", r"\s?(?:[\])}]|&gt;)"
_SAID_AT = rf" ?{_OPEN}(?:at|a|@|ät|apenstaart(?:je)?|arobase|arrobase|snabel-a){_CLOSE} ?"
_DOT = r"(?:dot|punt|point|punkt|prick)"
_SAID_DOT = rf"(?:\.| ?{_OPEN}(?:\.|{_DOT}){_CLOSE} ?| {_DOT} )"
_TLD = r"(?:be|nl|fr|de|lu|se|eu|com|org|net|info|brussels|vlaanderen|gent)\b"
_SAID = re.compile(
    rf"[\w.+'-]++(?:{_OPEN}{_DOT}{_CLOSE}[\w.+'-]++)*+({_SAID_AT}[\w-]++(?:{_SAID_DOT}[\w-]++)++"
    rf"| (?:at|apenstaartje|arobase) [\w-]++(?: {_DOT} (?!{_TLD})[\w-]++)*+ {_DOT} {_TLD}"
    # Only where a dot joins two names before it: "jan.peeters at firma.be", not "werken at firma.be".
    rf"|(?P<bare> (?:at|apenstaartje|arobase) [\w-]++(?:\.(?!{_TLD})[\w-]++)*+\.{_TLD}))?",
    re.IGNORECASE,
)
_LIKELY = re.compile(r"[\[({;]\s?(?:[aA][tT)\]}&]|@|[aA](?:penst|r?rob)|[äÄ]t|snabel)")
_LIKELY_NAMES = re.compile(r"[a-z][._][a-z]++ (?:at|apenstaartje|arobase) \w", re.IGNORECASE)
_LIKELY_WORDS = re.compile(r" (?:dot|punt|point|punkt|DOT|PUNT|POINT) ")

Span = tuple[int, int]


def find_mails(text: str) -> Iterator[Span]:
    """Yield where the personal mail addresses stand in a text; ``mailto:`` before one is part of it."""
    if "@" in text or "%40" in text or "\uff20" in text or "\ufe6b" in text:
        yield from (found.span() for found in _MAIL.finditer(text) if found[1] is not None and _is_personal(found))
    if _may_be_hidden(text):
        yield from (found.span() for found in _SAID.finditer(text) if found[1] is not None and _is_personal(found))


def _may_be_hidden(text: str) -> bool:
    if ("(" in text or "[" in text or "{" in text or "&lt;" in text) and _LIKELY.search(text):
        return True
    if _LIKELY_WORDS.search(text):
        return True
    return (" at " in text or " AT " in text or "arob" in text) and _LIKELY_NAMES.search(text) is not None


def is_general_mailbox(address: str) -> bool:
    """Say whether a mail address is an organisation's, by its local part (``mailboxes.toml``)."""
    local = local_part(address)
    whole, first = _words()
    return local.rstrip("0123456789") in whole or re.split(r"[._+-]", local)[0].rstrip("0123456789") in first


def local_part(address: str) -> str:
    """Return what stands before the mark of a mail address, however that is written, in lower case."""
    bare = address.removeprefix("mailto:").removeprefix("MAILTO:")
    return re.split(r"[^\w.+'-]|%40", bare.strip(), maxsplit=1)[0].casefold()


def _is_personal(found: re.Match[str]) -> bool:
    if is_general_mailbox(found[0]):
        return False
    if found.groupdict().get("bare"):
        local = found[0].partition(" ")[0]
        return bool(re.search(r"[a-z][._][a-z]", local)) and local.islower()
    # "Werken @ voorbeeld.be" is a motto; "jan.peeters @ voorbeeld.be" is not.
    apart = found[0].split("@")[0].endswith((" ", "\xa0", "&nbsp;"))
    return not apart or bool(re.search(r"\w[._-]\w", local_part(found[0])))


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    found = tomllib.loads(files("hub.clean").joinpath("mailboxes.toml").read_text("utf-8"))
    return frozenset(found["whole"]), frozenset(found["first"])
