"""Why a subscriber cannot have what it asks for: as a problem for programs, by name for the pages."""

from collections.abc import Mapping

from starlette.responses import Response

from hub.web.access import Refusal
from hub.web.problems import problem

REFUSALS: Mapping[str, str | None] = {
    "nobody": None,
    "elsewhere": None,
    "already": None,
    "operator": None,
    "too_often": None,
    "number": None,
    "no_delivery": None,
    "not_active": None,
    "never_again": None,
    "replaced": None,
    "unavailable": None,
    "address": "url",
    "unproved": "url",
    "no_view": "view",
    "key_needed": "key",
    "key_wrong": "key",
    "key_ended": "key",
    "key_elsewhere": "key",
    "token_needed": "token",
    "no_subscriber": "token",
}
"""What a refusal is called in the texts of the pages, and the field of a form that it is about, if it is about one."""

_OF_KEYS = {
    "key-required": "key_needed",
    "key-expired": "key_ended",
    "key-revoked": "key_ended",
    "key-elsewhere": "key_elsewhere",
}


class Refused(Exception):
    """What was asked for cannot be done.

    Args:
        status: the HTTP status.
        told: its name in the texts of the pages.
        detail: what is wrong, in an English sentence; what the type of problem says without it.
        code: the type of problem; what the status usually means without it.
        headers: fields that go with it.
    """

    def __init__(
        self,
        status: int,
        told: str,
        detail: str | None = None,
        *,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(told)
        self.status = status
        self.told = told
        self.detail = detail
        self.code = code
        self.headers = headers or {}

    @classmethod
    def by_key(cls, refusal: Refusal) -> "Refused":
        """Return what a key, or that there is none, keeps from being done."""
        fields = {"www-authenticate": refusal.challenge} if refusal.challenge else None
        told = _OF_KEYS.get(refusal.kind, "key_wrong")
        return cls(refusal.status, told, refusal.detail, code=refusal.kind, headers=fields)

    @property
    def field(self) -> str | None:
        """The field of a form that it is about, if it is about one."""
        return REFUSALS[self.told]

    @property
    def answer(self) -> Response:
        """The problem that programs are told."""
        made = problem(self.status, self.detail, code=self.code)
        made.headers.update(self.headers)
        return made
