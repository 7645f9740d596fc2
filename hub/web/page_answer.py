"""The answer with one page of a feed: compressed for who likes that, 304 to who has it.

What is kept is answered some thousand times a second, so the header fields of each form of a page are made once.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

from starlette.responses import Response
from starlette.types import Scope

from hub.feed.rpde import MEDIA_TYPE, Asked
from hub.web.answer import HOUR, SOON, entity_tag, has
from hub.web.kept import Field, Form, KeptPages, Page
from hub.web.negotiation import preferred_coding, preferred_type
from hub.web.site import Site

RESTART = "https://w3id.org/schakel#restart"
"""The relation of the link that a reader gets who was away for longer than tombstones are told."""

OFFERED = ("application/json", MEDIA_TYPE)
"""The media types a page is offered in."""

_WORTH_COMPRESSING = 1024
_SAID = (b"accept", b"accept-encoding", b"if-none-match")


class Wishes(NamedTuple):
    """What a reader says of the form of the answer: the header fields of these names."""

    accept: str = ""
    accept_encoding: str = ""
    if_none_match: str = ""

    @classmethod
    def of(cls, scope: Scope) -> Self:
        """Return the wishes of a request."""
        said = {name: value.decode("latin-1") for name, value in scope["headers"] if name in _SAID}
        return cls(*(said.get(name, "") for name in _SAID))

    @property
    def coding(self) -> str | None:
        """The content coding that is welcome."""
        return preferred_coding(self.accept_encoding)


class PageAnswer(Response):
    """A response whose header fields are known already."""

    def __init__(self, status: int, fields: list[Field], body: bytes) -> None:
        """Take them as they are."""
        self.status_code, self.raw_headers, self.body, self.background = status, fields, body, None


@dataclass(frozen=True, slots=True)
class Desk:
    """What pages are answered with."""

    site: Site
    kept: KeptPages


def answer_page(desk: Desk, name: str, wanted: Asked, found: Page, wishes: Wishes) -> Response:
    """Return the answer with a page of a feed, in the form that is wished for."""
    coding = wishes.coding if found.is_kept or len(found.body) > _WORTH_COMPRESSING else None
    media_type = preferred_type(wishes.accept or None, OFFERED)
    form = found.forms.get((coding, media_type))
    if form is None:
        form = found.forms[coding, media_type] = _form(desk.site, name, wanted, found, (coding, media_type))
    if wishes.if_none_match and has(wishes.if_none_match, form.tag):
        return PageAnswer(304, form.shared, b"")
    body = desk.kept.coded(found, coding)
    return PageAnswer(200, [*form.shared, *form.own, (b"content-length", b"%d" % len(body))], body)


def _form(site: Site, name: str, wanted: Asked, found: Page, form: tuple[str | None, str]) -> Form:
    coding, media_type = form
    tag = entity_tag(found.digest, coding)
    shared = [
        (b"etag", tag.encode()),
        (b"cache-control", (HOUR if found.full else SOON).encode()),
        (b"vary", b"Accept, Accept-Encoding"),
        (b"link", _links(site, name, wanted, found).encode()),
    ]
    own = [(b"content-type", media_type.encode()), *([(b"content-encoding", coding.encode())] if coding else [])]
    return Form(tag, shared, own)


def _links(site: Site, name: str, wanted: Asked, found: Page) -> str:
    url = f"{site.address}/feeds/{name}"
    links = [f'<{url}?afterChangeNumber={found.last}{wanted.kept}>; rel="next"'] if found.count else []
    if 0 < wanted.after < found.forgotten:
        links.append(f'<{url}>; rel="{RESTART}"')
    return ", ".join([*links, f'<{site.licence}>; rel="license"'])
