"""Persons are left out wherever words can stand; the finder here is written apart from what it watches."""

import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from letters import Finder
from pydantic import ValidationError

from hub.model.listing import ApplyWay, Listing
from hub.model.organisation import Organisation
from hub.model.programme import Programme, RoleOffer
from hub.model.vacancy import Vacancy
from hub.model.vocabulary import Channel, ProgrammeType, Role
from hub.pipeline.enrich.persons import METHOD, without_persons

PERSON = ApplyWay(channel=Channel.mail, value="jan.peeters@voorbeeld.be")
GENERAL = ApplyWay(channel=Channel.mail, value="jobs@voorbeeld.be")
MOBILE = ApplyWay(channel=Channel.phone, value="0475 12 34 56")
SWITCHBOARD = ApplyWay(channel=Channel.phone, value="02 412 34 56")

TEXT = {"nl": "Woorden"}
WAY = {"channel": "mail", "value": "jobs@voorbeeld.be", "note": TEXT}
PLACE = {
    "street": "Kerkstraat 1",
    "postalCode": "9000",
    "municipality": "Gent",
    "nis": "44021",
    "province": "Oost-Vlaanderen",
    "region": "Vlaanderen",
    "country": "BE",
    "latitude": 51.05,
    "longitude": 3.72,
    "precision": "address",
    "original": "9000 Gent",
}
CODE = {"scheme": "partner:voorbeeld", "value": "A12", "label": TEXT}
ORGANISATION = {
    "name": "Voorbeeld nv",
    "alternativeNames": ["Voorbeeld"],
    "kbo": "0400378485",
    "url": "https://voorbeeld.be/over?taal=nl",
    "sectors": [CODE],
    "kind": "employer",
}
SHARED = {
    "title": TEXT,
    "description": {"nl": "<p>Woorden</p>"},
    "organisation": ORGANISATION,
    "places": [PLACE],
    "remote": "no",
    "audience": ["women"],
    "languages": [{"language": "nl", "level": "B1", "learnableOnTheJob": True}],
    "occupations": [CODE],
    "skills": [CODE],
    "sectors": [CODE],
    "published": "2026-01-01",
    "expires": "2026-12-31",
    "url": "https://voorbeeld.be/vacature/0475123456",
}
VACANCY = {
    **SHARED,
    "kind": "vacancy",
    "employmentType": ["permanent"],
    "workTime": ["fullTime"],
    "hoursPerWeek": 38,
    "schedule": ["day"],
    "pay": {"min": 15, "max": 16, "currency": "EUR", "per": "hour", "gross": True},
    "openings": 1,
    "starts": "2026-03-01",
    "education": "none",
    "experienceMonths": 0,
    "drivingLicences": ["B"],
    "howToApply": [WAY, {"channel": "referral", "value": "VDAB"}],
    "directApply": True,
    "noDiplomaRequired": True,
    "trainingOnTheJob": True,
    "adaptedWork": True,
    "socialEconomy": True,
    "reservedFor": ["women"],
    "languageLearnableOnTheJob": True,
}
PROGRAMME = {
    **SHARED,
    "kind": "programme",
    "programmeType": "mentoring",
    "roles": [{"role": "mentor", "open": True, "asks": TEXT, "howToJoin": [WAY], "referredBy": TEXT}],
    "eligibility": {
        "minAge": 18,
        "maxAge": 30,
        "registeredWith": ["VDAB"],
        "residence": [PLACE],
        "maximumLanguageLevel": "B1",
        "conditions": TEXT,
    },
    "intensity": {"hoursPerWeek": 2, "meetingsPerMonth": 2, "weeks": 26, "note": TEXT},
    "starts": "rolling",
    "capacity": {"status": "capacity", "places": 3, "asOf": "2026-01-01"},
    "cost": {"free": False, "amount": 5, "currency": "EUR", "conditions": TEXT},
    "allowance": {"paid": True, "amount": 5, "currency": "EUR", "per": "day", "conditions": TEXT},
    "leadsTo": TEXT,
    "areaServed": [PLACE],
    "partners": [ORGANISATION],
    "initiative": "Een charter",
    "howToJoin": [WAY],
}
CANARIES = {
    "mail": "jan.kanarie@voorbeeld.be",
    "hidden mail": "jan.kanarie (at) voorbeeld (dot) be",
    "phone": "0478/12.34.56",
    "phone abroad": "+31 6 12 34 56 78",
}
CHECKED = {"kind", "nis", "country", "currency", "per", "precision", "kbo", "scheme", "language", "level", "role"}
CHECKED |= {"channel", "remote", "audience", "employmentType", "workTime", "schedule", "education", "drivingLicences"}
CHECKED |= {"reservedFor", "published", "expires", "starts", "programmeType", "maximumLanguageLevel", "status", "asOf"}
"""Fields whose values the model checks, so that no words can stand there."""

Path = tuple[str | int, ...]


def leaves(node: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(node, str):
        yield path
    for name, each in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from leaves(each, (*path, name))


def planted(node: Any, path: Path, canary: str) -> Any:
    """Return a copy in which the text at this path holds the canary too."""
    if not path:
        return f"{node}?{canary}" if node.startswith("https://") else f"{node} {canary}"
    copy: Any = dict(node) if isinstance(node, dict) else list(node)
    copy[path[0]] = planted(node[path[0]], path[1:], canary)
    return copy


def field(path: Path) -> str:
    """Return the name of the field a path leads to, the language of a text left aside."""
    return next(str(part) for part in reversed(path) if isinstance(part, str) and part != "nl")


def published(listing: Listing) -> bytes:
    return orjson.dumps(without_kbo(listing.model_dump(mode="json", by_alias=True, exclude_none=True)))


def without_kbo(node: Any) -> Any:
    """Return a copy without the numbers of enterprises, which begin as those of phones do."""
    if isinstance(node, dict):
        return {name: without_kbo(each) for name, each in node.items() if name != "kbo"}
    return [without_kbo(each) for each in node] if isinstance(node, list) else node


PAGE = {"0475123456"}
"""The number of a page in the examples, which is no phone's."""
FULL = [(Vacancy, VACANCY), (Programme, PROGRAMME)]
PATHS = [(kind, full, path) for kind, full in FULL for path in leaves(full) if field(path) not in CHECKED]


@pytest.mark.parametrize(("kind", "full"), FULL)
def test_the_examples_lack_no_field_of_the_model(kind: type[Listing], full: dict[str, Any]) -> None:
    said = kind.model_validate(full).model_dump(mode="json", by_alias=True)
    assert [path for path in empties(said) if field(path) not in {"value", "note"}] == []


def empties(node: Any, path: Path = ()) -> Iterator[Path]:
    if node is None or node in ([], {}, ()):
        yield path
    for name, each in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from empties(each, (*path, name))


@pytest.mark.parametrize(("kind", "full"), FULL)
def test_fields_that_are_checked_take_no_words(kind: type[Listing], full: dict[str, Any]) -> None:
    for path in leaves(full):
        if field(path) in CHECKED:
            with pytest.raises(ValidationError):
                kind.model_validate(planted(full, path, CANARIES["mail"]))


@pytest.mark.parametrize("what", CANARIES)
@pytest.mark.parametrize(("kind", "full", "path"), PATHS)
def test_no_field_of_the_model_lets_a_person_through(
    kind: type[Listing], full: dict[str, Any], path: Path, what: str
) -> None:
    if "phone" in what and (field(path) in {"url", "value"}):
        return  # numbers in addresses and codes are those of pages and codes
    canary = CANARIES[what] if field(path) != "url" else CANARIES["mail"].replace("@", "%40")
    raw = kind.model_validate(planted(full, path, canary))
    before = Finder(published(raw))
    assert before.mails() | before.mobiles() - PAGE, "the control: the finder sees the canary"
    done = without_persons(raw)
    said = Finder(published(done.listing))
    assert (said.mails(), said.mobiles() - PAGE) == (set(), set())
    (derivation,) = done.derivations
    assert (derivation.method, derivation.said) == (METHOD, None)
    assert derivation.fields
    assert {each.code for each in done.issues} == {"personal-data-left-out"}
    assert "kanarie" not in f"{derivation} {done.issues}".casefold()


@pytest.mark.parametrize(("kind", "full"), FULL)
def test_an_offer_without_persons_is_the_same_object(kind: type[Listing], full: dict[str, Any]) -> None:
    listing = kind.model_validate(full)
    done = without_persons(listing)
    assert done.listing is listing
    assert (done.issues, done.derivations) == ((), ())


def test_what_leads_to_a_person_is_left_out_of_a_vacancy_with_a_warning() -> None:
    vacancy = Vacancy(
        title={"nl": "Kok (bel Jan 0475 12 34 56)"},
        description={"nl": "<p>Mail jan.peeters@voorbeeld.be of jobs@voorbeeld.be</p>"},
        organisation=Organisation(name="Voorbeeld - jan.peeters@voorbeeld.be"),
        how_to_apply=(PERSON, GENERAL, MOBILE, SWITCHBOARD),
    )
    done = without_persons(vacancy)
    assert done.listing.title == {"nl": "Kok (bel)"}
    assert done.listing.description == {"nl": "<p>Mail jobs@voorbeeld.be</p>"}
    assert getattr(done.listing, "how_to_apply") == (GENERAL, SWITCHBOARD)  # noqa: B009 - a Listing, seen as Vacancy
    assert [found.field for found in done.issues] == ["title", "description", "organisation.name", "howToApply"]
    assert done.derivations[0].fields == ("title.nl", "description.nl", "organisation.name", "howToApply")


def test_the_roles_of_a_programme_lead_to_no_person() -> None:
    programme = Programme(
        title={"fr": "Mentorat"},
        organisation=Organisation(name="Exemple asbl"),
        programme_type=ProgrammeType.mentoring,
        roles=(RoleOffer(role=Role.mentor, how_to_join=(PERSON, GENERAL)),),
    )
    done = without_persons(programme)
    assert isinstance(done.listing, Programme)
    assert done.listing.roles[0].how_to_join == (GENERAL,)
    assert done.derivations[0].fields == ("roles[0].howToJoin",)


def test_a_link_that_names_a_person_keeps_leading_to_the_offer() -> None:
    way = {"channel": "url", "value": "https://voorbeeld.be/solliciteer?nr=7&mail=jan.peeters%40voorbeeld.be"}
    done = without_persons(Vacancy.model_validate({**VACANCY, "howToApply": [way]}))
    assert isinstance(done.listing, Vacancy)
    assert [each.value for each in done.listing.how_to_apply] == ["https://voorbeeld.be/solliciteer?nr=7"]


def test_a_title_that_is_nothing_but_a_person_is_still_there() -> None:
    done = without_persons(Vacancy.model_validate({**VACANCY, "title": {"nl": "jan.peeters@voorbeeld.be"}}))
    assert done.listing.title == {"nl": "…"}


def test_the_country_of_the_offer_says_which_numbers_are_mobile_ones() -> None:
    said = {"title": {"sv": "Kock"}, "description": {"sv": "Ring 070-123 45 67"}, "organisation": {"name": "Exempel"}}
    swedish = without_persons(Vacancy.model_validate({**said, "places": [{"country": "SE"}]})).listing
    assert swedish.description != said["description"]
    dutch = without_persons(Vacancy.model_validate({**said, "places": [{"country": "NL"}]})).listing
    assert dutch.description == said["description"]


def test_markup_stays_whole_where_something_was_cut_out() -> None:
    said = '<p>Bel <strong>0475</strong> 12 34 56 of <a href="mailto:jan@x.be">mail <em>Jan</em></a></p><p>Dank</p>'
    done = without_persons(Vacancy.model_validate({**VACANCY, "description": {"nl": said}})).listing
    assert done.description is not None
    opened, closed = re.findall(r"<(\w+)", done.description["nl"]), re.findall(r"</(\w+)", done.description["nl"])
    assert sorted(opened) == sorted(closed)
    assert "0475" not in done.description["nl"]
