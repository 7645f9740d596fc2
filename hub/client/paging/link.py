"""The Link header of an answer (RFC 8288), read strictly: a header that cannot be read is no sign of the end."""

import re
from collections.abc import Iterator

from hub.adapter import Answer
from hub.errors import UnexpectedAnswer

_TARGET = re.compile(r"\s*<([^>]*)>\s*")
_PARAMETER = re.compile(r';\s*([!#$&+.^_`|~\w-]+\*?)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+)))?\s*')
_BETWEEN = re.compile(r"[\s,]*,[\s,]*")
_ESCAPED = re.compile(r"\\(.)")
_MOST = 16_384

Link = tuple[str, dict[str, str]]
"""A target, and its parameters by lower-case name; of a name given twice, the first counts."""


def link_header(answer: Answer, relation: str = "next") -> str | None:
    """Return the address of the link with this relation; None where the answer has none.

    The address may be relative to the one asked for. Raises UnexpectedAnswer for a header that cannot be read, or that
    names several addresses: taken for "no next page", either would look like the end of the list.
    """
    header = next((value for name, value in answer.headers.items() if name.lower() == "link"), "")
    found = dict.fromkeys(target for target, told in _links(header) if _says(told, relation))
    if len(found) > 1:
        raise UnexpectedAnswer(
            f"The Link header names {len(found)} different addresses with rel={relation}, so it is unclear which page "
            "follows; ask the partner for one."
        )
    return next(iter(found), None)


def _says(told: dict[str, str], relation: str) -> bool:
    return relation.lower() in told.get("rel", "").lower().split() and "anchor" not in told


def _links(header: str) -> Iterator[Link]:
    header = header.strip(", \t")
    position, end = 0, len(header)
    if end > _MOST:
        raise UnexpectedAnswer(f"The Link header has {end:,} characters, more than {_MOST:,}; ask the partner.")
    while position < end:
        target = _TARGET.match(header, position)
        if target is None:
            raise _unreadable(position)
        told: dict[str, str] = {}
        position = target.end()
        while parameter := _PARAMETER.match(header, position):
            name, quoted, bare = parameter.groups()
            told.setdefault(name.lower(), _ESCAPED.sub(r"\1", quoted) if quoted is not None else bare or "")
            position = parameter.end()
        yield target[1], told
        comma = _BETWEEN.match(header, position)
        if comma is None and position < end:
            raise _unreadable(position)
        position = comma.end() if comma else end


def _unreadable(position: int) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        f"The Link header cannot be read from character {position + 1} on (RFC 8288), so it is unclear whether a page "
        "follows; ask the partner."
    )
