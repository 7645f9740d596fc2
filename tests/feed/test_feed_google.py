"""A vacancy in the words of Google's job search."""

from typing import Any

import pytest

from hub.feed.job_posting import job_posting
from hub.model.vocabulary import EmploymentType, WorkTime

ADDRESS = "https://hub.example/opportunities/1"
GENT = {"street": "Veldstraat 1", "postalCode": "9000", "municipality": "Gent", "region": "Vlaanderen", "country": "BE"}
LILLE = {"municipality": "Lille", "country": "FR"}
OFFER: dict[str, Any] = {
    "status": "active",
    "title": {"nl": "Lasser", "fr": "Soudeur"},
    "description": {"nl": "<p>Je last <strong>stevig</strong>.</p>", "fr": "<p>Vous soudez.</p>"},
    "organisation": {"name": "De Brug", "url": "https://brug.example"},
    "places": [GENT],
    "published": "2026-11-20",
    "listings": [{"source": "vdab", "partner": "VDAB", "localId": "65123456"}, {"source": "x", "localId": "9"}],
}


def posting(language: str = "nl", **more: Any) -> dict[str, Any] | None:
    """Return the posting of the offer with this changed in it; a field that is None is not there."""
    data = {name: value for name, value in {**OFFER, **more}.items() if value is not None}
    return job_posting(data, ADDRESS, language)


def member(name: str, **more: Any) -> Any:
    found = posting(**more)
    assert found is not None
    return found.get(name)


def test_the_least_that_google_asks_for_is_there() -> None:
    assert posting() == {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "url": ADDRESS,
        "title": "Lasser",
        "description": "<p>Je last <strong>stevig</strong>.</p>",
        "datePosted": "2026-11-20",
        "hiringOrganization": {"@type": "Organization", "name": "De Brug", "sameAs": "https://brug.example"},
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "Veldstraat 1",
                "postalCode": "9000",
                "addressLocality": "Gent",
                "addressRegion": "Vlaanderen",
                "addressCountry": "BE",
            },
        },
        "identifier": {"@type": "PropertyValue", "name": "VDAB", "value": "65123456"},
        "directApply": False,
    }


@pytest.mark.parametrize(
    "missing",
    [
        {"description": None},
        {"description": {"nl": "Lasser"}},
        {"description": {"nl": "<p> Lasser</p>"}},
        {"description": {"nl": "<p><br></p>"}},
        {"published": None},
        {"places": None},
        {"places": [{"municipality": "Gent"}]},
        {"remote": "fully", "places": None},
        {"remote": "fully", "places": [{"municipality": "Gent"}]},
    ],
    ids=str,
)
def test_without_what_google_requires_nothing_is_said(missing: dict[str, Any]) -> None:
    assert posting(**missing) is None


def test_what_is_likely_over_is_not_said_to_be_open() -> None:
    assert posting(status="likelyExpired") is None


def test_it_speaks_the_language_of_the_page_as_far_as_the_partner_does() -> None:
    french, english = posting("fr"), posting("en", title={"fr": "Soudeur", "en": "Welder"})
    assert french
    assert english
    assert (french["title"], french["description"]) == ("Soudeur", "<p>Vous soudez.</p>")
    assert (english["title"], english["description"]) == ("Welder", OFFER["description"]["nl"])


def test_a_description_is_safe_html_with_its_lines_kept() -> None:
    assert member("description", description={"nl": "<p>Ja.</p><script>alert(1)</script>"}) == "<p>Ja.</p>"
    assert member("description", description={"nl": "Je last.\nJe plooit."}) == "<p>Je last.<br>Je plooit.</p>"


@pytest.mark.parametrize(
    ("day", "moment"),
    [("2026-12-20", "2026-12-20T23:59:59+01:00"), ("2026-07-01", "2026-07-01T23:59:59+02:00")],
)
def test_it_is_valid_until_the_end_of_its_last_day_in_belgium(day: str, moment: str) -> None:
    assert member("validThrough", expires=day) == moment


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"workTime": ["fullTime", "partTime"]}, ["FULL_TIME", "PART_TIME"]),
        ({"workTime": ["fullTime"], "employmentType": ["permanent"]}, ["FULL_TIME"]),
        ({"employmentType": ["fixedTerm", "temporaryAgency", "student"]}, ["TEMPORARY"]),
        ({"employmentType": ["internship", "volunteer", "freelance"]}, ["INTERN", "VOLUNTEER", "CONTRACTOR"]),
        ({"employmentType": ["flexi"], "workTime": ["partTime"]}, ["PART_TIME", "OTHER"]),
        ({"employmentType": ["permanent"]}, None),
        ({"employmentType": ["newer-than-this-hub"]}, None),
    ],
    ids=str,
)
def test_kinds_of_contract_are_said_in_googles_words(said: dict[str, Any], told: list[str] | None) -> None:
    assert member("employmentType", **said) == told


def test_every_kind_of_contract_but_a_permanent_one_has_a_word() -> None:
    unsaid = [kind for kind in EmploymentType if member("employmentType", employmentType=[kind.value]) is None]
    assert unsaid == [EmploymentType.permanent]
    assert all(member("employmentType", workTime=[time.value]) for time in WorkTime)


def test_of_several_places_each_is_told_whose_country_is_known() -> None:
    places = member("jobLocation", places=[GENT, {"municipality": "Ergens"}, LILLE])
    assert [place["address"]["addressCountry"] for place in places] == ["BE", "FR"]
    assert places[1]["address"] == {"@type": "PostalAddress", "addressLocality": "Lille", "addressCountry": "FR"}


def test_a_job_done_wholly_from_home_is_for_who_lives_where_it_is_offered() -> None:
    found = posting(remote="fully", places=[GENT, GENT, LILLE])
    assert found
    assert found["jobLocationType"] == "TELECOMMUTE"
    assert [each["name"] for each in found["applicantLocationRequirements"]] == ["Belgium", "France"]
    assert "jobLocation" not in found


@pytest.mark.parametrize("remote", ["no", "partly"])
def test_a_job_done_partly_from_home_has_a_place(remote: str) -> None:
    found = posting(remote=remote)
    assert found
    assert "jobLocation" in found
    assert not {"jobLocationType", "applicantLocationRequirements"} & found.keys()


@pytest.mark.parametrize(
    ("pay", "value"),
    [
        ({"min": 2100.0, "max": 2500.0}, {"minValue": 2100.0, "maxValue": 2500.0}),
        ({"min": 2100.0, "max": 2100.0}, {"value": 2100.0}),
        ({"max": 2500.0}, {"maxValue": 2500.0}),
    ],
    ids=str,
)
def test_pay_is_told_with_its_period(pay: dict[str, float], value: dict[str, float]) -> None:
    assert member("baseSalary", pay={**pay, "currency": "EUR", "per": "month"}) == {
        "@type": "MonetaryAmount",
        "currency": "EUR",
        "value": {"@type": "QuantitativeValue", **value, "unitText": "MONTH"},
    }


@pytest.mark.parametrize(
    "pay",
    [
        {"min": 2100.0, "currency": "EUR"},
        {"currency": "EUR", "per": "month"},
        {"min": 0.0, "max": 0.0, "currency": "EUR", "per": "month"},
        {"min": 1800.0, "currency": "EUR", "per": "month", "gross": False},
    ],
    ids=["no period", "no amount", "nothing", "after tax"],
)
def test_pay_that_says_too_little_is_left_out(pay: dict[str, Any]) -> None:
    assert member("baseSalary", pay=pay) is None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"education": "none"}, "no requirements"),
        ({"noDiplomaRequired": True}, "no requirements"),
        ({"education": 4}, {"@type": "EducationalOccupationalCredential", "credentialCategory": "high school"}),
        ({"education": 7}, {"@type": "EducationalOccupationalCredential", "credentialCategory": "postgraduate degree"}),
        ({"education": 2}, None),
        ({}, None),
    ],
    ids=str,
)
def test_education_is_told_where_google_has_a_word_for_it(said: dict[str, Any], told: object) -> None:
    assert member("educationRequirements", **said) == told


def test_experience_is_told_in_months_and_that_none_is_needed() -> None:
    asked = {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": 24}
    assert member("experienceRequirements", experienceMonths=24) == asked
    assert member("experienceRequirements", experienceMonths=0) == "no requirements"
    assert member("experienceRequirements") is None


def test_occupations_carry_the_codes_that_others_know() -> None:
    welder = {"scheme": "isco-08", "value": "7212", "label": {"nl": "Lassers"}}
    ours = {"scheme": "partner:vdab", "value": "17", "label": {"nl": "Plooier"}}
    nameless = {"scheme": "isco-08", "value": "7213"}
    category = {"@type": "CategoryCode", "codeValue": "7212", "inCodeSet": "ISCO-08"}
    assert member("relevantOccupation", occupations=[welder, ours, nameless]) == [
        {"@type": "Occupation", "name": "Lassers", "occupationalCategory": category},
        {"@type": "Occupation", "name": "Plooier"},
    ]


def test_sector_openings_and_first_day_are_told() -> None:
    sector = {"scheme": "nace-bel", "value": "25", "label": {"nl": "Metaal"}}
    found = posting(sectors=[sector], openings=3, starts="2027-01-04")
    assert found
    assert (found["industry"], found["totalJobOpenings"], found["jobStartDate"]) == ("Metaal", 3, "2027-01-04")
