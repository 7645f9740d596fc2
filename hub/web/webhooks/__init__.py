"""Registering for webhooks at ``/subscribers``, and managing what was registered."""

from collections.abc import Callable
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request
from starlette.responses import Response

from hub.web.access.gate import holder
from hub.web.hooks import Hooks
from hub.web.intake import require_json
from hub.web.site import Site
from hub.web.webhooks.desk import Desk, Registered, Sent
from hub.web.webhooks.refusal import Refused
from hub.web.webhooks.words import Change, Registration, shown, shown_deliveries

_scheme = HTTPBearer(
    auto_error=False, scheme_name="managementToken", description="What was given at registration: `manage_…`."
)
Token = Annotated[HTTPAuthorizationCredentials | None, Security(_scheme)]
Identifier = Annotated[str, Path(json_schema_extra={"pattern": "^sub_[0-9a-f]{20}$"})]
Number = Annotated[str, Path(json_schema_extra={"pattern": "^[0-9]{1,15}$"})]
Before = Annotated[str | None, Query(json_schema_extra={"pattern": "^[0-9]{1,15}$"})]

_OBJECT = {"content": {"application/json": {"schema": {"type": "object"}}}}
_BODY: dict[int | str, dict[str, Any]] = {
    400: {"description": "The body cannot be read."},
    413: {"description": "The body is too large."},
    415: {"description": "Only JSON is read."},
    422: {"description": "Something in the body is wrong; `errors` says what."},
}
_OWN: dict[int | str, dict[str, Any]] = {
    401: {"description": "The token is missing."},
    404: {"description": "With this token there is no such subscriber, or not what else was named."},
}


def routes(site: Site, hooks: Hooks) -> APIRouter:
    """Return the routes of the subscribers."""
    router = APIRouter()
    desk = Desk(site, hooks)
    _add_managing(router, desk, f"{site.address}/subscribers")
    _add_sending(router, desk, f"{site.address}/subscribers")
    return router


def _add_managing(router: APIRouter, desk: Desk, here: str) -> None:

    @router.post(
        "/subscribers",
        response_class=Response,
        dependencies=[Depends(require_json)],
        summary="Register for webhooks",
        status_code=201,
        responses={
            201: {
                "description": "Registered; secret and token are shown this once. Prove the address next.",
                "headers": {"Location": {"description": "The subscriber.", "schema": {"type": "string"}}},
                **_OBJECT,
            },
            401: {"description": "A key is needed, for this hub or for this view."},
            403: {"description": "The address may not be sent to, the key is for other views, or nobody may register."},
            404: {"description": "There is no such view."},
            409: {"description": "Too many addresses at this host have not proved themselves."},
            **_BODY,
        },
    )
    def register(request: Request, wanted: Registration) -> Response:
        """Webhooks are hints: read the change feed when one comes. Nothing is sent before the address proved itself."""
        return _answered(lambda: _registered(desk.register(holder(request), wanted), here))

    @router.get(
        "/subscribers/{identifier}",
        response_class=Response,
        summary="One subscriber",
        responses={200: {"description": "Without its secret.", **_OBJECT}, **_OWN},
    )
    def one(identifier: Identifier, token: Token) -> Response:
        """Shown to who has its token."""
        return _answered(lambda: _json(shown(desk.show(identifier, _text(token)))))

    @router.patch(
        "/subscribers/{identifier}",
        response_class=Response,
        dependencies=[Depends(require_json)],
        summary="Change a subscriber",
        responses={
            200: {"description": "As it is now.", **_OBJECT},
            403: {"description": "The address may not be sent to, or the key that was sent is for other views."},
            **_BODY,
            **_OWN,
        },
    )
    def change(request: Request, identifier: Identifier, token: Token, wanted: Change) -> Response:
        """At another address it is pending until that has proved itself."""
        return _answered(lambda: _json(shown(desk.change(holder(request), identifier, _text(token), wanted))))

    @router.delete(
        "/subscribers/{identifier}",
        response_class=Response,
        summary="Remove a subscriber",
        status_code=204,
        responses={204: {"description": "Nothing more is sent, and all about it is forgotten."}, **_OWN},
    )
    def remove(identifier: Identifier, token: Token) -> Response:
        """For good."""

        def removed() -> Response:
            desk.remove(identifier, _text(token))
            return Response(status_code=204)

        return _answered(removed)


def _add_sending(router: APIRouter, desk: Desk, here: str) -> None:
    @router.post(
        "/subscribers/{identifier}/verify",
        response_class=Response,
        summary="Let the address prove itself",
        status_code=202,
        responses={
            202: {"description": "An `endpoint.verify` is on its way; answer 2xx with its challenge.", **_OBJECT},
            409: {"description": "The operator disabled it."},
            **_OWN,
        },
    )
    def verify(identifier: Identifier, token: Token) -> Response:
        """Also takes up again what was disabled by the hub."""

        def asked() -> Response:
            row, number = desk.verify(identifier, _text(token))
            return _json({"state": row.state, "delivery": number}, 202)

        return _answered(asked)

    @router.post(
        "/subscribers/{identifier}/secret",
        response_class=Response,
        summary="Replace the secret",
        responses={
            200: {"description": "The new secret, shown this once; the old one signs too for 24 hours.", **_OBJECT},
            **_OWN,
        },
    )
    def rotate(identifier: Identifier, token: Token) -> Response:
        """Two secrets live at most: done twice within a day, the older one ends at once."""

        def rotated() -> Response:
            made = desk.rotate(identifier, _text(token))
            return _json({"secret": made.secret, "oldSecretEnds": shown(made.row).get("oldSecretEnds")})

        return _answered(rotated)

    @router.get(
        "/subscribers/{identifier}/deliveries",
        response_class=Response,
        summary="What was sent to a subscriber",
        responses={
            200: {"description": "The newest first, with every attempt.", **_OBJECT},
            400: {"description": "`before` is no number of a delivery."},
            **_OWN,
        },
    )
    def sent(identifier: Identifier, token: Token, before: Before = None) -> Response:
        """Fifty at a time; follow `next`. They are kept for 30 days."""
        return _answered(lambda: _sent(desk.deliveries(identifier, _text(token), before), f"{here}/{identifier}"))

    @router.post(
        "/subscribers/{identifier}/deliveries/{number}/replay",
        response_class=Response,
        summary="Have a delivery sent once more",
        status_code=202,
        responses={
            202: {"description": "It is on its way, under the same `webhook-id`.", **_OBJECT},
            409: {"description": "The subscriber is not active, or this is never sent again."},
            **_OWN,
        },
    )
    def replay(identifier: Identifier, number: Number, token: Token) -> Response:
        """As if it were new: it is tried again like any other."""
        return _answered(lambda: _json(_each(desk.replay(identifier, _text(token), number))[0], 202))


def _answered(ask: Callable[[], Response]) -> Response:
    try:
        answer = ask()
    except Refused as refused:
        answer = refused.answer
    answer.headers["cache-control"] = "no-store"
    return answer


def _text(token: HTTPAuthorizationCredentials | None) -> str | None:
    return token.credentials if token else None


def _registered(made: Registered, here: str) -> Response:
    answer = _json({**shown(made.row), "secret": made.secret, "token": made.token}, 201)
    answer.headers["location"] = f"{here}/{made.row.id}"
    return answer


def _sent(found: Sent, subscriber: str) -> Response:
    more = {"next": f"{subscriber}/deliveries?before={found.following}"} if found.following else {}
    return _json({"deliveries": _each(found), **more})


def _each(found: Sent) -> list[dict[str, Any]]:
    return shown_deliveries(found.rows, found.attempts)


def _json(said: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(said), status, media_type="application/json")
