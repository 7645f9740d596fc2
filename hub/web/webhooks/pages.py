"""The webhooks for people: registering at ``/webhooks``, and looking after what was registered.

Who manages a subscriber sends its token along with every form, in the body: there are no cookies, so no other site can
act for a visitor, nothing outlives the page, and no address, history or log ever holds the token. The price is that the
pages of a subscriber are answers to forms, so a browser asks before it loads one again.
"""

import logging
import secrets
from collections.abc import Callable, Mapping, Set
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from hub.errors import StoreError
from hub.push import ASKABLE
from hub.store.push import FEED_ADVANCED
from hub.views import BUILT_IN
from hub.web.hooks import Hooks
from hub.web.pages import Visit, render_privately
from hub.web.pages.texts import say
from hub.web.site import Site
from hub.web.webhooks.desk import Desk
from hub.web.webhooks.form import Posted, key_of, posted, require_own_form, wanted
from hub.web.webhooks.page_words import choices, lines, proof, view_of
from hub.web.webhooks.refusal import Refused

_Form = Annotated[Posted, Depends(posted)]
_WRONG = {"view": "no_view", "events": "events_wrong", "url": "url_wrong"}
"""What is said of a field of the form that has no possible value."""

_log = logging.getLogger(__name__)


def routes(site: Site, hooks: Hooks) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)
    registering = Registering(site, hooks)
    managing = Managing(site, hooks)

    @router.get("/webhooks", response_class=Response)
    def invite(request: Request) -> Response:
        return registering.show(request, Posted({}))

    @router.post("/webhooks", response_class=Response)
    def register(request: Request, form: _Form) -> Response:
        return registering.take(request, form)

    @router.get("/webhooks/manage", response_class=Response)
    def ask(request: Request) -> Response:
        return managing.ask(request)

    @router.post("/webhooks/manage", response_class=Response)
    def manage(request: Request, form: _Form) -> Response:
        return managing.take(request, form)

    return router


class Registering:
    """The page to register on."""

    def __init__(self, site: Site, hooks: Hooks) -> None:
        self._site = site
        self._hooks = hooks
        self._desk = Desk(site, hooks)

    def show(self, request: Request, form: Posted, errors: Mapping[str, str] | None = None, **more: Any) -> Response:
        """Show the form, filled in as it was sent; what went wrong stands by the field that it is about."""
        site, language = self._site, Visit.of(request).language
        closed = bool(site.closed)
        return render_privately(
            request, site, "webhooks.html", choices=choices(site, language), events=ASKABLE,
            view=form.one("view") or request.query_params.get("view") or BUILT_IN[0].id,
            ticked=form.every("events") if form.fields else (FEED_ADVANCED,), url=form.one("url"),
            welcome=self._hooks.register, needs_key=closed or self._hooks.register == "key",
            form=secrets.token_urlsafe(16), errors=errors or {}, **more,
        )  # fmt: skip

    def take(self, request: Request, form: Posted) -> Response:
        """Register who sent the form, and show what is shown this once; or the form again with what is wrong."""
        site, language = self._site, Visit.of(request).language
        try:
            require_own_form(request, site)
            asked, wrong = wanted(form)
            if asked is None:
                return self.show(request, form, _told_fields(wrong, language), status=422)
            made = self._desk.register(key_of(site.database, form.one("key")), asked, form.one("form"))
        except Refused as refused:
            return self.show(request, form, _told(refused, language), status=refused.status, headers=refused.headers)
        except StoreError as error:
            return self.show(request, form, _told(_unavailable(request, error), language), status=503)
        seen = view_of(site, made.row, language)
        return render_privately(
            request, site, "webhooks_registered.html", status=201, seen=seen, secret=made.secret, token=made.token
        )


class Managing:
    """The page of a subscriber, to who has its token."""

    def __init__(self, site: Site, hooks: Hooks) -> None:
        self._site = site
        self._desk = Desk(site, hooks)
        self._deeds: Mapping[str, Callable[[Request, Posted, str], Response]] = {
            "": self._show,
            "show": self._show,
            "prove": self._prove,
            "rotate": self._rotate,
            "replay": self._replay,
            "leave": self._confirm,
            "remove": self._remove,
        }

    def ask(self, request: Request, errors: Mapping[str, str] | None = None, **more: Any) -> Response:
        """Ask for the token."""
        return render_privately(request, self._site, "webhooks_token.html", errors=errors or {}, **more)

    def take(self, request: Request, form: Posted) -> Response:
        """Do what was asked for; where it cannot be done, say so on the page that it was asked on."""
        language = Visit.of(request).language
        try:
            require_own_form(request, self._site)
            return self._done(request, form)
        except Refused as refused:
            return self.ask(request, _told(refused, language), status=refused.status, headers=refused.headers)
        except StoreError as error:
            return self.ask(request, _told(_unavailable(request, error), language), status=503)

    def _done(self, request: Request, form: Posted) -> Response:
        deed, _, about = form.one("do").partition(" ")
        try:
            return self._deeds.get(deed, self._show)(request, form, about)
        except Refused as refused:
            if refused.field == "token":
                raise
            return self._show(request, form, "", refused=refused)

    def _show(
        self, request: Request, form: Posted, before: str, *, notice: str | None = None, refused: Refused | None = None
    ) -> Response:
        token, language = form.one("token"), Visit.of(request).language
        row = self._desk.find(token)
        sent = self._desk.deliveries(row.id, token, before or None)
        found = lines(sent, row, language)
        return render_privately(
            request, self._site, "webhooks_own.html", status=refused.status if refused else 200, token=token,
            headers=refused.headers if refused else None, seen=view_of(self._site, row, language), lines=found,
            proof=proof(found), following=sent.following, before=before, notice=notice,
            errors=_told(refused, language) if refused else {},
        )  # fmt: skip

    def _prove(self, request: Request, form: Posted, _about: str) -> Response:
        token = form.one("token")
        self._desk.verify(self._desk.find(token).id, token)
        return self._show(request, form, "", notice="asked")

    def _replay(self, request: Request, form: Posted, number: str) -> Response:
        token = form.one("token")
        self._desk.replay(self._desk.find(token).id, token, number)
        return self._show(request, form, "", notice="replayed")

    def _rotate(self, request: Request, form: Posted, _about: str) -> Response:
        token = form.one("token")
        made = self._desk.rotate(self._desk.find(token).id, token, form.one("seen"))
        seen = view_of(self._site, made.row, Visit.of(request).language)
        return render_privately(request, self._site, "webhooks_secret.html", seen=seen, secret=made.secret, token=token)

    def _confirm(self, request: Request, form: Posted, _about: str) -> Response:
        token = form.one("token")
        seen = view_of(self._site, self._desk.find(token), Visit.of(request).language)
        return render_privately(request, self._site, "webhooks_leave.html", seen=seen, token=token)

    def _remove(self, request: Request, form: Posted, _about: str) -> Response:
        token = form.one("token")
        row = self._desk.remove(self._desk.find(token).id, token)
        return render_privately(request, self._site, "webhooks_removed.html", url=row.wanted.url)


def _told(refused: Refused, language: str) -> Mapping[str, str]:
    """Return what is said of a refusal, by the field that it is about; nothing stands for the page as a whole."""
    return {refused.field or "": say(f"refused.{refused.told}", language)}


def _told_fields(wrong: Set[str], language: str) -> Mapping[str, str]:
    """Return what is said of fields that have no possible value, in the order in which they stand on the page."""
    return {name: say(f"refused.{told}", language) for name, told in _WRONG.items() if name in wrong}


def _unavailable(request: Request, error: StoreError) -> Refused:
    _log.error("%s could not be answered: %s", request.url.path, error)
    return Refused(503, "unavailable", headers={"retry-after": "60"})
