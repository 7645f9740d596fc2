"""What subscribers and their deliveries look like in JSON, and what may be sent to change them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from hub.model.opportunity import utc
from hub.push import ASKABLE
from hub.store.push.deliveries import AttemptRow, DeliveryRow
from hub.store.push.subscribers import SubscriberRow

MOST_CHARACTERS = 2000

_ADDRESS = r"^https?://[A-Za-z0-9.:_\[\]-]+([/?][!-?A-~]*)?$"
_NO_ADDRESS = (
    "must be an address such as https://portal.example.org/hooks, without blanks, user name or password; a name with "
    "other letters than a to z is written in its xn-- form"
)

Asked = Literal["feed.advanced", "source.stale", "source.recovered", "opportunity.disputed"]


def _each_once(events: list[Asked]) -> list[Asked]:
    return list(dict.fromkeys(events))


def _address(said: str) -> str:
    if not re.fullmatch(_ADDRESS, said):
        raise PydanticCustomError("address", _NO_ADDRESS)
    return said


Url = Annotated[
    str,
    AfterValidator(_address),
    Field(
        max_length=MOST_CHARACTERS,
        description="Where to send to: https, on the public internet.",
        json_schema_extra={"pattern": _ADDRESS},
    ),
]
ViewName = Annotated[str, Field(max_length=100, description="The view to follow.")]
Events = Annotated[
    list[Asked],
    AfterValidator(_each_once),
    Field(min_length=1, max_length=len(ASKABLE) * 2, description="What to be told of."),
]


class Registration(BaseModel):
    """Who registers: an address, the view to follow, and what to be told of."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    url: Url
    view: ViewName = "all"
    events: Events = ["feed.advanced"]


class Change(BaseModel):
    """What to change; what is not named stays. At another address a subscriber has to prove itself anew."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    url: Url | None = None
    view: ViewName | None = None
    events: Events | None = None


def shown(row: SubscriberRow) -> dict[str, Any]:
    """Return a subscriber as JSON, without its secret and its token."""
    stopped = row.disabled and {"at": row.disabled, "by": row.disabled_by, "why": row.why}
    return _present(
        {
            "id": row.id,
            "url": row.wanted.url,
            "view": row.wanted.view,
            "events": list(row.wanted.events),
            "state": row.state,
            "created": row.created,
            "verified": row.verified,
            "failingSince": _moment(row.failing_since),
            "disabled": stopped,
            "key": row.wanted.key,
            "oldSecretEnds": _moment(row.old_ends),
        }
    )


def shown_deliveries(rows: Iterable[DeliveryRow], attempts: Mapping[int, Sequence[AttemptRow]]) -> list[dict[str, Any]]:
    """Return deliveries as JSON, with their attempts."""
    return [_delivery(row, attempts.get(row.id, ())) for row in rows]


def _delivery(row: DeliveryRow, attempts: Sequence[AttemptRow]) -> dict[str, Any]:
    return _present(
        {
            "id": row.id,
            "event": {"id": row.event, "type": row.type, "timestamp": row.made, "data": row.data},
            "state": row.state,
            "tries": row.tries,
            "nextTry": _moment(row.next_try),
            "ended": row.ended,
            "status": row.status,
            "error": row.error,
            "attempts": [_attempt(each) for each in attempts],
        }
    )


def _attempt(row: AttemptRow) -> dict[str, Any]:
    seconds = round(row.seconds, 3)
    return _present({"at": _moment(row.at), "status": row.status, "seconds": seconds, "error": row.error})


def _present(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else utc(datetime.fromtimestamp(seconds, UTC))
