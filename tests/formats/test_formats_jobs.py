"""The XML for job boards, read by lxml and held against what these ask for."""

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from lxml import etree

from hub.format import Edition, Entry
from hub.formats import Jobs
from hub.model.vocabulary import Kind

Make = Callable[..., Any]
REQUIRED = ("title", "date", "referencenumber", "requisitionid", "url", "company", "city", "country", "description")
KNOWN = {*REQUIRED, "state", "postalcode", "salary", "jobtype", "expirationdate"}


def written(edition: Edition, *entries: Entry) -> bytes:
    return b"".join(Jobs().write(iter(entries), edition))


def jobs(edition: Edition, *entries: Entry) -> list[dict[str, str]]:
    root = etree.fromstring(written(edition, *entries))
    return [{str(each.tag): each.text or "" for each in job} for job in root.findall("job")]


def test_the_head_names_the_publisher_and_the_moment(edition: Make) -> None:
    root = etree.fromstring(written(edition()))
    assert [child.tag for child in root] == ["publisher", "publisherurl", "lastBuildDate"]
    assert root.tag == "source"
    assert root.findtext("publisher") == "Stad Gent & partners"
    assert root.findtext("lastBuildDate") == "Sun, 22 Nov 2026 19:30:00 GMT"


def test_a_job_has_everything_that_job_boards_require(edition: Make, vacancy: Make) -> None:
    (job,) = jobs(edition(), vacancy())
    assert all(job[name] for name in REQUIRED)
    assert set(job) <= KNOWN
    assert (job["referencenumber"], job["requisitionid"]) == (vacancy().id, "65")
    assert (job["city"], job["state"], job["country"], job["postalcode"]) == ("Gent", "Oost-Vlaanderen", "BE", "9000")
    assert job["url"] == f"{vacancy().address}?lang=nl"
    assert job["salary"] == "2100 - 2500.50 EUR / maand"
    assert job["jobtype"] == "fulltime, parttime, permanent"
    assert parsedate_to_datetime(job["date"]).isoformat() == "2026-11-20T00:00:00+00:00"
    assert parsedate_to_datetime(job["expirationdate"]).isoformat() == "2026-12-31T22:59:59+00:00"


def test_texts_stand_in_cdata_without_entities_of_html(edition: Make, vacancy: Make) -> None:
    content = written(edition(), vacancy()).decode()
    (job,) = jobs(edition(), vacancy())
    assert "<title><![CDATA[Lasser & plooier <m/v>]]></title>" in content
    assert job["description"] == "<p>Je last cafés\xa0&amp; <strong>tuinen</strong>.</p>"
    assert "&eacute;" not in content
    assert "&nbsp;" not in content


def test_the_end_of_a_cdata_section_within_a_text_ends_nothing(edition: Make, vacancy: Make) -> None:
    (job,) = jobs(edition(), vacancy(title={"nl": "a]]>b<c>&d\x08"}))
    assert job["title"] == "a]]>b<c>&d"


@pytest.mark.parametrize(("language", "title"), [("nl", "Lasser & plooier <m/v>"), ("fr", "Soudeur"), ("en", "Lasser")])
def test_texts_are_in_one_language_or_the_next_best(edition: Make, vacancy: Make, language: str, title: str) -> None:
    (job,) = jobs(edition(language), vacancy())
    assert job["title"].startswith(title)


def test_what_is_not_known_is_left_out_and_what_is_required_stays(edition: Make, vacancy: Make) -> None:
    bare = vacancy(places=None, pay=None, expires=None, published=None, description=None, workTime=None)
    (job,) = jobs(edition(), bare)
    assert {"state", "postalcode", "salary", "expirationdate"}.isdisjoint(job)
    assert (job["city"], job["country"]) == ("", "")
    assert parsedate_to_datetime(job["date"]).isoformat() == "2026-11-21T07:00:00+00:00"
    assert job["description"] == "<p>Lasser &amp; plooier &lt;m/v&gt;</p>"


def test_a_rougher_place_is_told_as_roughly_as_it_is_known(edition: Make, vacancy: Make) -> None:
    (job,) = jobs(edition(), vacancy(places=[{"region": "Vlaams Gewest", "country": "BE"}]))
    assert (job["city"], job["state"]) == ("Vlaams Gewest", "Vlaams Gewest")


def test_a_vacancy_with_several_places_is_one_job(edition: Make, vacancy: Make) -> None:
    assert len(jobs(edition(), vacancy())) == 1


def test_it_is_for_vacancies_only() -> None:
    assert Jobs.kinds == {Kind.vacancy}


def test_mail_addresses_to_apply_to_are_not_in_it(edition: Make, vacancy: Make) -> None:
    assert b"jobs@brug.example" not in written(edition(), vacancy())
