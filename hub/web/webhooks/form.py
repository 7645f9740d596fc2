"""What people send with the forms of the webhooks: read without trusting it, and never shown in a log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from hub.model.opportunity import utc
from hub.store import Database, keys
from hub.store.keys import KeyRow
from hub.store.keys.key_text import id_of
from hub.web.access import UNKNOWN, judged
from hub.web.site import Site
from hub.web.webhooks.refusal import Refused
from hub.web.webhooks.words import Registration

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of a form that was sent; secrets may be among them, so it shows none of them by itself."""

    fields: Mapping[str, Sequence[str]] = field(repr=False)

    def one(self, name: str) -> str:
        """Return what stands in a field, without space around it; nothing where it is not there."""
        return self.fields.get(name, ("",))[-1].strip()

    def every(self, name: str) -> Sequence[str]:
        """Return what was ticked under one name."""
        return self.fields.get(name, ())


async def posted(request: Request) -> Posted:
    """Return the form that a request carries."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(415)
    try:
        said = (await request.body()).decode()
        return Posted(parse_qs(said, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise HTTPException(400) from None  # what it holds is not repeated


def require_own_form(request: Request, site: Site) -> None:
    """Refuse a form that another site had a browser send.

    Every browser says with Sec-Fetch-Site or Origin where a form came from; what says neither is no browser, and has
    no visitor that it could act for.
    """
    fetched = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    ours = {_host(site.address), request.headers.get("host", "").lower()} - {""}
    if fetched not in {"same-origin", "none"} if fetched else origin is not None and _host(origin) not in ours:
        raise Refused(403, "elsewhere")


def _host(address: str) -> str:
    return address.partition("://")[2].partition("/")[0].lower()


def wanted(form: Posted) -> tuple[Registration | None, frozenset[str]]:
    """Return what a form asks for, or else the fields that have no possible value."""
    said = {"url": form.one("url"), "view": form.one("view"), "events": list(form.every("events"))}
    try:
        return Registration.model_validate(said), frozenset()
    except ValidationError as error:
        return None, frozenset(str(each["loc"][0]) for each in error.errors(include_input=False, include_url=False))


def key_of(database: Database, text: str) -> KeyRow | None:
    """Return the access key that stands in a form, None where none does; what does not hold is refused."""
    if not text:
        return None
    now = utc(datetime.now(UTC))
    identifier = id_of(text)
    with database.read() as connection:
        found = keys.look_up(connection, identifier) if identifier else None
    refusal = judged(found, text, now)
    if refusal or found is None:
        raise Refused.by_key(refusal or UNKNOWN)
    with database.write() as connection:
        keys.note_used(connection, {found.id: now})
    return found
