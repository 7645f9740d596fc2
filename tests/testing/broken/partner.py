"""A small partner, its sandbox, and an adapter that keeps every promise."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from hub import (
    Adapter,
    ApiKey,
    ApplyWay,
    Channel,
    Client,
    Complete,
    EmploymentType,
    Fetched,
    Incomplete,
    Job,
    Normalised,
    Options,
    Organisation,
    RawRecord,
    RecordError,
    SecretStr,
    UnexpectedAnswer,
    Vacancy,
)
from hub.testing import Contact, Sandbox

KEY = "board-secret-key"
PAGE = 4
KNOWN = ("id", "title", "company", "contract", "link", "changed", "text", "hours")
CONTRACTS = {"VAST": EmploymentType.permanent, "TIJD": EmploymentType.fixed_term}


class BoardSandbox(Sandbox):
    """A notice board: pages of four, newest first."""

    def __init__(self, today: date) -> None:
        super().__init__([Route("/items", self._items)])
        self._today = today
        self._numbers = list(range(14, 0, -1))
        self._edits = 0

    def options(self, address: str) -> dict[str, Any]:
        return {"base_url": address, "key": KEY}

    def tick(self) -> Mapping[str, int]:
        self._edits += 1
        self._numbers = [max(self._numbers) + 1, *self._numbers[:-1]]
        return {"added": 1, "edited": 1, "withdrawn": 1}

    def persons(self) -> Iterator[Contact]:
        return (person(number) for number in self._numbers)

    def shuffle(self, rng: Random) -> bool:
        rng.shuffle(self._numbers)
        return True

    async def _items(self, request: Request) -> JSONResponse:
        if request.headers.get("x-api-key") != KEY:
            return JSONResponse({"error": "key"}, 401)
        start = (int(request.query_params["page"]) - 1) * PAGE
        items = [self._item(number) for number in self._numbers[start : start + PAGE]]
        return JSONResponse({"items": items, "total": len(self._numbers)})

    def _item(self, number: int) -> dict[str, Any]:
        edited = self._edits if number == self._numbers[1] else 0
        return {
            "id": f"b-{number}",
            "title": f"Bakker {number}",
            "company": f"Brood {number % 5} NV",
            "contract": ("VAST", "TIJD")[number % 2],
            "link": f"https://board.example/{number}",
            "changed": f"{self._today - timedelta(days=number)}T08:00:00+02:00",
            "text": f"<p>Brood bakken in ploeg, elke ochtend, versie {edited}.</p>",
            "hours": 30 + number % 9,
            "contact": {"name": person(number).name, "mail": person(number).mail},
        }


def person(number: int) -> Contact:
    return Contact(f"Contact Persoon {number}", f"contact.persoon{number}@example.invalid", f"0400 00 00 {number:02d}")


def build(_seed: int, today: date) -> BoardSandbox:
    return BoardSandbox(today)


class BoardOptions(Options):
    base_url: str
    key: SecretStr


class Board(Adapter[Any]):
    """Keeps every promise; its parts are small, so that each can be broken alone."""

    name = "board"
    version = "1"
    options_type: ClassVar[type[Options]] = BoardOptions
    sandbox: ClassVar[str | None] = "testing.broken.partner:build"
    limitations: ClassVar[Sequence[str]] = ("The board does not say when an offer ends.",)
    known: ClassVar[tuple[str, ...]] = KNOWN

    def fetch(self, job: Job) -> Iterator[Fetched]:
        client, seen, page = self.door(job), set[str](), 0
        while True:
            page += 1
            items, total = self.page(client, page)
            ids = {self.local_id(item) for item in items}
            if items and ids <= seen:
                yield Incomplete(f"Page {page} repeats earlier pages; the next run tries again.")
                return
            seen |= ids
            yield from (self.word(item, job) for item in items)
            if not items or len(seen) >= total:
                break
        yield self.end(len(seen), total)

    def door(self, job: Job) -> Client:
        return job.connect(auth=ApiKey(self.key()))

    def key(self) -> str:
        return str(self.options.key.get_secret_value())

    def page(self, client: Client, number: int) -> tuple[list[dict[str, Any]], int]:
        content = client.get(f"{self.options.base_url}/items", params={"page": str(number)}).json()
        if not isinstance(content, dict) or not isinstance(content.get("items"), list):
            raise UnexpectedAnswer("The board answers without a list of items; ask the board.")
        return content["items"], content["total"]

    def local_id(self, item: dict[str, Any]) -> str:
        return str(item["id"])

    def word(self, item: dict[str, Any], job: Job) -> Fetched:
        return RawRecord(self.local_id(item), self.payload(item, job))

    def payload(self, item: dict[str, Any], _job: Job) -> dict[str, Any]:
        return {name: value for name, value in item.items() if name != "contact"}

    def end(self, read: int, total: int) -> Complete | Incomplete:
        if read < total:
            return Incomplete(f"{read} items came of {total}; the next run tries again.")
        return Complete(f"{read} items read, the total the board states.")

    def normalise(self, record: RawRecord) -> Normalised:
        payload = record.payload
        if not isinstance(payload, dict) or not isinstance(payload.get("title"), str):
            raise RecordError("missing-title", field="title")
        contract = payload.get("contract")
        return Normalised(
            Vacancy.model_validate(self.facts(payload)),
            partner_modified=self.moment(payload),
            unknown_fields=self.unread(payload),
            unknown_values=() if contract in (None, *CONTRACTS) else (("contract", str(contract)),),
        )

    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        company, link, text = (payload.get(name) for name in ("company", "link", "text"))
        contract = payload.get("contract")
        return {
            "title": {"nl": payload["title"]},
            "description": {"nl": text} if isinstance(text, str) else None,
            "organisation": Organisation(name=company if isinstance(company, str) else "Board"),
            "url": link if isinstance(link, str) and link.startswith("https:") else None,
            "how_to_apply": (ApplyWay(channel=Channel.mail, value="jobs@board.example"),),
            "employment_type": (CONTRACTS[contract],) if isinstance(contract, str) and contract in CONTRACTS else (),
        }

    def moment(self, payload: dict[str, Any]) -> datetime | None:
        try:
            return datetime.fromisoformat(str(payload.get("changed")))
        except ValueError:
            return None

    def unread(self, payload: dict[str, Any]) -> tuple[str, ...]:
        return tuple(name for name in payload if name not in self.known)
