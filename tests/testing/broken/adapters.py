"""The board's adapter broken on purpose, once for each promise; beside each, words that the message must hold."""

import logging
import random
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from pydantic import ConfigDict
from testing.broken.partner import KNOWN, Board

from hub import (
    Adapter,
    AuthenticationRejected,
    Client,
    Complete,
    EmploymentType,
    Fetched,
    Incomplete,
    Job,
    Normalised,
    Options,
    RawRecord,
    RecordError,
    SourceError,
    SourceUnavailable,
    UnexpectedAnswer,
)

BROKEN: list[tuple[str, type[Adapter[Any]], tuple[str, ...]]] = []
"""A promise, an adapter that breaks it, and words of the message."""


def breaks(promise: str, *words: str) -> Any:
    """Enter a broken adapter."""

    def enter(adapter: type[Adapter[Any]]) -> type[Adapter[Any]]:
        BROKEN.append((promise, adapter, words))
        return adapter

    return enter


# The card -----------------------------------------------------------------------------------------------------


@breaks("name_and_version_are_well_formed", "'Board 1'", "lower-case")
class Capitals(Board):
    name = "Board 1"


@breaks("limitations_are_stated", "limitations = ()", "one sentence each")
class Boundless(Board):
    limitations = ()


class LaxOptions(Options):
    model_config = ConfigDict(extra="ignore")
    base_url: str
    key: Any


@breaks("unknown_options_are_refused", "schakel_no_such_option", "hub.Options")
class Lax(Board):
    options_type = LaxOptions


class OpenOptions(Options):
    base_url: str
    key: str
    api_key: str = ""


@breaks("secrets_are_kept", "'api_key'", "SecretStr")
class Open(Board):
    options_type = OpenOptions

    def key(self) -> str:
        return str(self.options.key)


@breaks("secrets_are_kept", "'ey'", "out of records")
class Chatty(Board):
    def page(self, client: Client, number: int) -> tuple[list[dict[str, Any]], int]:
        logging.getLogger("board").debug("asking with %s", self.key())
        return super().page(client, number)


# Records ------------------------------------------------------------------------------------------------------


@breaks("every_record_becomes_a_listing_or_is_refused_with_a_reason", "'b-3'", "KeyError", "RecordError")
class Careless(Board):
    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        return super().facts(payload) | ({"title": payload["titel"]} if payload["id"] == "b-3" else {})


@breaks("most_records_become_listings", "0 of 14", "missing-title", "refuse only")
class Choosy(Board):
    def normalise(self, record: RawRecord) -> Normalised:
        raise RecordError("missing-title", field="title")


@breaks("the_same_record_gives_the_same_listing", "again", "keep nothing on self")
class Counting(Board):
    count = 0

    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        self.count += 1
        return super().facts(payload) | {"openings": self.count}


@breaks("another_process_gives_the_same_listing", "in another process", "sorted(…)")
class Unsorted(Board):
    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        words = set(str(payload.get("text")).split())
        return super().facts(payload) | {"description": {"nl": " ".join(words)}}


@breaks("the_order_of_records_does_not_matter", "in another order", "keep nothing on self")
class Remembering(Board):
    company: Any = None

    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        self.company = self.company or payload.get("company")
        return super().facts(payload) | {"organisation": {"name": self.company}}


@breaks("normalise_leaves_its_record_as_it_is", "changes the payload", "no pop")
class Plucking(Board):
    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        made = super().facts(payload)
        payload.pop("hours", None)
        return made


@breaks("normalise_touches_nothing", "open", "adapters.py:", "read tables once")
class Reading(Board):
    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        Path(__file__).read_bytes()
        return super().facts(payload)


@breaks("normalise_reads_no_clock_and_draws_no_lots", "date.today()", "adapters.py:", "job.now")
class Dating(Board):
    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        return super().facts(payload) | {"published": date.today()}  # noqa: DTZ011


@breaks("normalise_reads_no_clock_and_draws_no_lots", "random.random()", "job.now")
class Gambling(Board):
    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        return super().facts(payload) | {"openings": 1 + int(random.random() < 0.0)}


@breaks("dates_have_zones_and_are_plausible", "not plausible", "day and month")
class Early(Board):
    def moment(self, payload: dict[str, Any]) -> datetime | None:
        made = super().moment(payload)
        return made and made.replace(year=1970)


@breaks("dates_have_zones_and_are_plausible", "partner_modified", "without a time zone", "ZoneInfo")
class Zoneless(Board):
    def moment(self, payload: dict[str, Any]) -> datetime | None:
        made = super().moment(payload)
        return made and made.replace(tzinfo=None)


@breaks("links_are_absolute", "not absolute", "urljoin")
class Relative(Board):
    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        return super().facts(payload) | {"url": f"/offers/{payload['id']}"}


# What is new or missing ---------------------------------------------------------------------------------------


@breaks("no_field_is_unread", "'hours'", "neither used nor ignored", "ignored fields")
class Overlooking(Board):
    known = tuple(name for name in KNOWN if name != "hours")


@breaks("a_new_field_is_reported", "another listing", "by their names")
class Counted(Board):
    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        return super().facts(payload) | {"openings": len(payload)}


@breaks("a_new_field_is_reported", "schakelProbe", "unknown_fields")
class Silent(Board):
    def unread(self, payload: dict[str, Any]) -> tuple[str, ...]:
        return ()


@breaks("a_missing_field_breaks_nothing", "'hours'", "KeyError", ".get")
class Demanding(Board):
    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        return super().facts(payload) | {"hours_per_week": payload["hours"]}


@breaks("a_value_of_another_type_breaks_nothing", "company = 7", "AttributeError", "isinstance")
class Trusting(Board):
    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        return super().facts(payload) | {"organisation": {"name": (payload.get("company") or "Board").strip()}}


@breaks("an_unknown_value_is_reported", "contract", "unknown_values")
class Guessing(Board):
    def normalise(self, record: RawRecord) -> Normalised:
        return replace(super().normalise(record), unknown_values=())


@breaks("an_unknown_value_is_reported", "employment_type = 'student'", "contract = 'schakel-probe'", "no default")
class Defaulting(Board):
    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        made = super().facts(payload)
        return made | {"employment_type": made["employment_type"] or (EmploymentType.student,)}


@breaks("a_new_field_is_reported", "schakelProbe", "fetch must pass")
class Picking(Board):
    def payload(self, item: dict[str, Any], job: Job) -> dict[str, Any]:
        return {name: value for name, value in super().payload(item, job).items() if name in KNOWN}


# Ids ----------------------------------------------------------------------------------------------------------


@breaks("ids_are_texts_without_padding", "' b-14'", "strip()")
class Padding(Board):
    def local_id(self, item: dict[str, Any]) -> str:
        return f" {item['id']}"


@breaks("ids_are_unique", "'Brood 4 NV'", "tells items apart")
class Naming(Board):
    def word(self, item: dict[str, Any], job: Job) -> Fetched:
        return RawRecord(item["company"], self.payload(item, job))


@breaks("ids_are_stable", "a second fetch", "uuid4()")
class Drawing(Board):
    def word(self, item: dict[str, Any], job: Job) -> Fetched:
        return RawRecord(str(uuid.uuid4()), self.payload(item, job))


@breaks("ids_are_stable", "added 1 and edited 1", "2 new ids", "its moment of change")
class Dated(Board):
    def local_id(self, item: dict[str, Any]) -> str:
        return f"{item['id']}-{item['text'].partition('versie ')[2].partition('.')[0]}"


@breaks("the_order_of_the_list_does_not_matter", "the same item has the id", "never a position")
class Numbering(Board):
    def fetch(self, job: Job) -> Iterator[Fetched]:
        for position, each in enumerate(super().fetch(job)):
            yield replace(each, local_id=str(position)) if isinstance(each, RawRecord) else each


# Fetching -----------------------------------------------------------------------------------------------------


@breaks("fetch_ends_with_one_end", "of 16 words", "very last thing")
class Hasty(Board):
    def fetch(self, job: Job) -> Iterator[Fetched]:
        yield Complete("The board was reached, so all is well.")
        yield from super().fetch(job)


@breaks("complete_has_a_proof", "'ok'", "what proves it")
class Curt(Board):
    def end(self, read: int, total: int) -> Complete | Incomplete:
        return Complete("ok")


@breaks("check_says_one_sentence", "check returned ''", "one line")
class Mute(Board):
    def check(self, job: Job) -> str:
        return ""


@breaks("check_raises_what_is_wrong", "answers 401", "let the errors of the client through")
class Cheerful(Board):
    def check(self, job: Job) -> str:
        try:
            return super().check(job)
        except SourceError:
            return "The board is there, more or less."


@breaks("paging_ends", "goes on", "no id that is new")
class Endless(Board):
    def fetch(self, job: Job) -> Iterator[Fetched]:
        client, read, page = self.door(job), 0, 1
        while items := self.page(client, page)[0]:
            yield from (self.word(item, job) for item in items)
            read, page = read + len(items), page + 1
        yield self.end(read, read)


@breaks("the_order_of_the_list_does_not_matter", "in another order", "where it ends")
class Ordered(Board):
    def fetch(self, job: Job) -> Iterator[Fetched]:
        client, read, oldest = self.door(job), 0, ""
        while oldest != "b-1":
            for item in self.page(client, read // 4 + 1)[0]:
                yield self.word(item, job)
                read, oldest = read + 1, item["id"]
                if oldest == "b-1":
                    break
        yield self.end(read, read)


@breaks("nothing_goes_round_the_client", "socket.", "adapters.py:", "job.connect()")
class Direct(Board):
    def fetch(self, job: Job) -> Iterator[Fetched]:
        with suppress(OSError):
            urlopen(f"{self.options.base_url}/ping").close()
        yield from super().fetch(job)


# Faults -------------------------------------------------------------------------------------------------------


class Forgiving(Board):
    """Takes a page that could not be read for the end of the list."""

    forgives: tuple[type[Exception], ...] = ()

    def page(self, client: Client, number: int) -> tuple[list[dict[str, Any]], int]:
        try:
            return super().page(client, number)
        except self.forgives:
            return [], 0


@breaks("a_429_is_waited_for", "after one 429", "leave 429 to the client")
class Impatient(Board):
    def door(self, job: Job) -> Client:
        terms: Any = getattr(job, "_terms")  # noqa: B009 - it should not
        terms.limits = replace(terms.limits, retries=0)
        return super().door(job)


@breaks("a_partner_that_limits_for_ever_is_unavailable", "answers 429", "request 1 of 4", "let SourceError through")
class Limited(Forgiving):
    forgives = (SourceUnavailable,)


@breaks("refused_credentials_are_told", "answers 401", "AuthenticationRejected would be right")
class Locked(Forgiving):
    forgives = (AuthenticationRejected,)


@breaks("a_failing_partner_is_unavailable", "answers 500", "Complete", "no longer offers")
class Failing(Forgiving):
    forgives = (SourceUnavailable,)


@breaks("an_html_page_is_no_data", "HTML page", "Complete", "Incomplete")
class Undemanding(Forgiving):
    forgives = (UnexpectedAnswer,)


class Parsing(Board):
    """Parses answers in its own way."""

    def page(self, client: Client, number: int) -> tuple[list[dict[str, Any]], int]:
        answer = client.get(f"{self.options.base_url}/items", params={"page": str(number)})
        return self.parsed(answer.body, answer)

    def parsed(self, body: bytes, answer: Any) -> tuple[list[dict[str, Any]], int]:
        content = answer.json()
        return content["items"], content["total"]


@breaks("an_empty_answer_is_no_data", "empty body", "Complete")
class Blank(Parsing):
    def parsed(self, body: bytes, answer: Any) -> tuple[list[dict[str, Any]], int]:
        return super().parsed(body, answer) if body else ([], 0)


@breaks("half_a_body_is_no_data", "in the middle of a body", "Complete")
class Halved(Forgiving):
    forgives = (UnexpectedAnswer,)


@breaks("half_a_document_is_no_data", "half a document", "Complete")
class Salvaging(Parsing):
    def parsed(self, body: bytes, answer: Any) -> tuple[list[dict[str, Any]], int]:
        return super().parsed(body, answer) if body.endswith(b"}") else ([], 0)


@breaks("a_slow_partner_is_left_in_time", "slow partner", "do not wait or try again")
class Stubborn(Board):
    def page(self, client: Client, number: int) -> tuple[list[dict[str, Any]], int]:
        try:
            return super().page(client, number)
        except SourceUnavailable:
            time.sleep(3)
            raise


# Runs ---------------------------------------------------------------------------------------------------------


@breaks("an_unchanged_second_run_is_silent", "14 updated", "the moment of asking")
class Stamping(Board):
    known = (*KNOWN, "read")

    def payload(self, item: dict[str, Any], job: Job) -> dict[str, Any]:
        return super().payload(item, job) | {"read": job.now.isoformat()}

    def facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        return super().facts(payload) | {"description": {"nl": f"Gezien op {payload.get('read')}"}}


@breaks("a_withdrawal_reaches_the_feed", "still in the feed", "Withdrawal")
class Hoarding(Board):
    def end(self, read: int, total: int) -> Complete | Incomplete:
        return Complete(f"{read} items read, the total the board states.", covers="changes")


# Persons ------------------------------------------------------------------------------------------------------


@breaks("no_person_of_the_sandbox_comes_out", "contact persoon", "drop persons in fetch")
class Gossiping(Board):
    known = (*KNOWN, "contact")

    def payload(self, item: Mapping[str, Any], _job: Job) -> dict[str, Any]:
        return dict(item)


@breaks("nothing_published_leads_to_a_person", "the reason missing-title", "RecordError no value")
class Telling(Board):
    def normalise(self, record: RawRecord) -> Normalised:
        raise RecordError("missing-title", field="title", value="jan.peeters@example.invalid")
