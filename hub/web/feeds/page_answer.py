"""The answer with one page of a feed: compressed for who likes that, 304 to who has it.

What is kept is answered some thousand times a second, so each form of a page is made once, header fields and all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Self

from starlette.responses import Response

from hub.feed.rpde import MEDIA_TYPE, Asked
from hub.web.answer import HOUR, SOON, entity_tag, has
from hub.web.feeds.kept import Field, Form, KeptPages, Manner, Page
from hub.web.negotiation import preferred_coding, preferred_type
from hub.web.site import Site

RESTART = "https://w3id.org/schakel#restart"
"""The relation of the link that a reader gets who was away for longer than tombstones are told."""

OFFERED = ("application/json", MEDIA_TYPE)
"""The media types a page is offered in."""


class Wishes(NamedTuple):
    """What a reader says of the answer: the coding and media type it likes best, and which ETags it has."""

    manner: Manner
    known: bytes

    @classmethod
    def of(cls, headers: Mapping[bytes, bytes]) -> Self:
        """Return the wishes that stand in the header fields of a request."""
        manner = _preferred(headers.get(b"accept", b""), headers.get(b"accept-encoding", b""))
        return cls(manner, headers.get(b"if-none-match", b""))


def joined(headers: Sequence[Field]) -> Mapping[bytes, bytes]:
    """Return the header fields of a request by name; one that is sent in several lines is the list of them all."""
    found = dict(headers)
    if len(found) == len(headers):
        return found
    return {name: b", ".join([value for each, value in headers if each == name]) for name in found}


class Answered(NamedTuple):
    """An answer: its status, header fields and body."""

    status: int
    fields: Sequence[Field]
    body: bytes


class PageAnswer(Response):
    """A response whose header fields are known already."""

    def __init__(self, answered: Answered) -> None:
        """Take them as they are."""
        self.status_code, self.body, self.background = answered.status, answered.body, None
        self.raw_headers = list(answered.fields)


@dataclass(frozen=True, slots=True)
class Desk:
    """What pages are answered with."""

    site: Site
    kept: KeptPages


def answer_page(desk: Desk, name: str, wanted: Asked, found: Page, wishes: Wishes) -> Answered:
    """Return the answer with a page of a feed, in the form that is wished for."""
    coding, media_type = wishes.manner
    manner = (coding if found.is_large else None, media_type)
    form = found.forms.get(manner)
    if form is None:
        form = found.forms[manner] = _form(desk, name, wanted, found, manner)
    return answer_form(form, wishes)


def answer_form(form: Form, wishes: Wishes) -> Answered:
    """Return the answer with a form of a page; 304 to who has it."""
    if wishes.known and has(wishes.known.decode("latin-1"), form.tag):
        return Answered(304, form.shared, b"")
    return Answered(200, form.whole, form.body)


@lru_cache(maxsize=256)
def _preferred(accept: bytes, accept_encoding: bytes) -> Manner:
    coding = preferred_coding(accept_encoding.decode("latin-1"))
    return coding, preferred_type(accept.decode("latin-1") or None, OFFERED)


def _form(desk: Desk, name: str, wanted: Asked, found: Page, manner: Manner) -> Form:
    coding, media_type = manner
    tag, body = entity_tag(found.digest, coding), desk.kept.coded(found, coding)
    shared = (
        (b"etag", tag.encode()),
        (b"cache-control", (HOUR if found.full else SOON).encode()),
        (b"vary", b"Accept, Accept-Encoding"),
        (b"link", _links(desk.site, name, wanted, found).encode()),
    )
    coded = ((b"content-encoding", coding.encode()),) if coding else ()
    whole = (*shared, (b"content-type", media_type.encode()), *coded, (b"content-length", b"%d" % len(body)))
    return Form(tag, shared, whole, body)


def _links(site: Site, name: str, wanted: Asked, found: Page) -> str:
    url = f"{site.address}/feeds/{name}"
    links = [f'<{url}?afterChangeNumber={found.last}{wanted.kept}>; rel="next"'] if found.count else []
    if 0 < wanted.after < found.forgotten:
        links.append(f'<{url}>; rel="{RESTART}"')
    return ", ".join([*links, f'<{site.licence}>; rel="license"'])
