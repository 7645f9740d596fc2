import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from small_esco import GROUP, SKILL, occupation, small_codelists

from hub.codelists import Codelists, Shelf, crosswalk_name, import_crosswalk
from hub.model.listing import Listing
from hub.model.programme import Programme
from hub.model.vacancy import Vacancy
from hub.pipeline.enrich.job_titles import segments
from hub.pipeline.enrich.occupation import with_occupations
from hub.pipeline.enrich.title_matching import title_meaning

TITLES = Path(__file__).with_name("job_titles.csv")


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Codelists:
    return small_codelists(tmp_path_factory.mktemp("lists"))


def vacancy(title: dict[str, str], **said: Any) -> Vacancy:
    return Vacancy.model_validate({"title": title, "organisation": {"name": "Voorbeeld vzw"}, **said})


def groups(listing: Listing) -> list[str]:
    return [code.value for code in listing.occupations if code.scheme == "isco-08"]


def test_a_title_gives_the_occupation_and_its_group(lists: Codelists) -> None:
    done = with_occupations(vacancy({"nl": "Gezocht: lasser (TIG)"}), lists)
    found = done.listing.occupations
    assert [(code.scheme, code.value) for code in found] == [("esco", occupation("welder")), ("isco-08", "7212")]
    assert found[0].label is not None
    assert found[0].label["fr"] == "soudeur/soudeuse"
    [derivation] = done.derivations
    assert derivation.fields == ("occupations[0]", "occupations[1]")
    assert (derivation.method, derivation.confidence) == ("title-preferred-label", 0.98)


def test_without_a_list_nothing_changes() -> None:
    listing = vacancy({"nl": "Lasser"})
    assert with_occupations(listing, Codelists()).listing is listing


@pytest.mark.parametrize(
    "title",
    [
        "Kok/kelner",
        "Kok en afwasser",
        "Chauffeur",
        "Leerling-lasser",
        "Ploegbaas elektriciens",
        "Medewerker",
        "?",
        "38u",
    ],
)
def test_a_title_that_may_mean_two_things_or_none_gives_nothing(lists: Codelists, title: str) -> None:
    listing = vacancy({"nl": title})
    assert with_occupations(listing, lists).listing is listing


@pytest.mark.parametrize(
    ("language", "title", "method", "confidence"),
    [
        ("nl", "Lasser", "title-preferred-label", 0.98),
        ("nl", "TIG-lasser", "title-alternative-label", 0.85),
        ("nl", "Lasser in 2 ploegen", "title-preferred-label", 0.96),
        ("nl", "Lassers", "title-preferred-label", 0.94),
        ("nl", "Lasser voor een werf", "title-preferred-label", 0.93),
        ("nl", "Onderhoudselektricien", "title-compound-word", 0.8),
        ("fr", "Soudeur(euse)", "title-preferred-label", 0.98),
        ("fr", "Soudeur TIG confirmé", "title-alternative-label", 0.83),
        ("nl", "Vrachtwagenchaufeur", "title-misspelled-label", 0.85),
    ],
)
def test_the_freer_a_reading_the_less_sure_it_is(
    lists: Codelists, language: str, title: str, method: str, confidence: float
) -> None:
    assert lists.esco is not None
    found = title_meaning(title, language, lists.esco)
    assert found is not None
    assert (found.method, found.confidence) == (method, confidence)


def test_two_languages_of_a_title_must_mean_the_same(lists: Codelists) -> None:
    both = with_occupations(vacancy({"nl": "Bakker", "fr": "Boulanger"}), lists).listing
    assert groups(both) == ["7512"]
    assert groups(with_occupations(vacancy({"nl": "Bakker", "fr": "Boucher"}), lists).listing) == []


def test_the_employer_and_the_place_say_nothing_of_the_job(lists: Codelists) -> None:
    said = vacancy(
        {"nl": "Kok De Verloren Hoek Gent"},
        organisation={"name": "De Verloren Hoek"},
        places=[{"municipality": "Gent", "country": "BE", "precision": "municipality"}],
    )
    assert groups(with_occupations(said, lists).listing) == ["5120"]


def test_a_title_without_a_language_counts_only_as_it_stands(lists: Codelists) -> None:
    assert groups(with_occupations(vacancy({"und": "Bakker"}), lists).listing) == ["7512"]
    assert groups(with_occupations(vacancy({"und": "Ervaren bakker gezocht"}), lists).listing) == []


def test_the_codes_of_a_partner_stay_first_and_their_label_helps(lists: Codelists) -> None:
    own = {"scheme": "partner:vdab", "value": "JOB-7", "label": {"nl": "Magazijnmedewerker"}}
    done = with_occupations(vacancy({"nl": "Talent gezocht"}, occupations=[own]), lists)
    assert [code.scheme for code in done.listing.occupations] == ["partner:vdab", "esco", "isco-08"]
    assert done.derivations[0].method == "occupation-label"
    assert done.derivations[0].fields == ("occupations[1]", "occupations[2]")


def test_a_label_and_a_title_that_disagree_give_nothing(lists: Codelists) -> None:
    own = {"scheme": "partner:vdab", "value": "JOB-7", "label": {"nl": "Magazijnmedewerker"}}
    listing = vacancy({"nl": "Kok"}, occupations=[own])
    assert with_occupations(listing, lists).listing is listing


def test_an_occupation_the_partner_states_gets_its_group_and_the_title_is_not_asked(lists: Codelists) -> None:
    stated = {"scheme": "esco", "value": occupation("baker")}
    done = with_occupations(vacancy({"nl": "Lasser"}, occupations=[stated]), lists)
    assert groups(done.listing) == ["7512"]
    assert [(each.method, each.fields) for each in done.derivations] == [("esco-group", ("occupations[1]",))]
    stated = {"scheme": "isco-08", "value": "7512"}
    listing = vacancy({"nl": "Lasser"}, occupations=[stated])
    assert with_occupations(listing, lists).listing is listing


def test_a_crosswalk_goes_before_titles_and_works_without_esco(tmp_path: Path, lists: Codelists) -> None:
    (tmp_path / "walk.csv").write_text("from,to,confidence\nJOB-7,5120,0.9\n")
    shelf = Shelf(tmp_path / "codelists")
    path = shelf.path(crosswalk_name("partner:vdab", "isco-08"))
    import_crosswalk(tmp_path / "walk.csv", path, source="partner:vdab", target="isco-08")
    own = {"scheme": "partner:vdab", "value": "JOB-7"}
    listing = vacancy({"nl": "Lasser"}, occupations=[own])
    for each in (shelf.open(), Codelists(lists.esco, shelf.open().crosswalks)):
        done = with_occupations(listing, each)
        assert groups(done.listing) == ["5120"]
        assert (done.derivations[0].method, done.derivations[0].confidence) == ("crosswalk", 0.9)


def test_a_programme_has_no_occupation_by_its_title(lists: Codelists) -> None:
    listing = Programme.model_validate(
        {"title": {"nl": "Lasser"}, "organisation": {"name": "Voorbeeld"}, "programmeType": "training"}
    )
    assert with_occupations(listing, lists).listing is listing


def test_a_skill_counts_only_where_the_partner_names_it_as_esco_does(lists: Codelists) -> None:
    said = [
        {"scheme": "partner:vdab", "value": str(number), "label": {"nl": label}}
        for number, label in enumerate(["Teamwerk", "goed in teamwerk", "HACCP", "Nederlandse taal"])
    ]
    done = with_occupations(vacancy({"nl": "Talent"}, skills=said), lists)
    added = done.listing.skills[len(said) :]
    assert [code.value for code in added] == [SKILL + "teamwork", SKILL + "dutch"]  # HACCP may be two
    assert [each.fields for each in done.derivations] == [("skills[4]",), ("skills[5]",)]
    assert done.listing.occupations == ()


def test_groups_are_named_in_our_languages(lists: Codelists) -> None:
    code = with_occupations(vacancy({"en": "Welder"}), lists).listing.occupations[1]
    assert code.label == {"nl": "nl 7212", "fr": "fr 7212", "de": "de 7212", "en": "en 7212"}
    assert not code.value.startswith(GROUP)


def test_brackets_are_looked_at_last_and_signs_of_gender_go() -> None:
    told = segments("Vendeur(euse) - M/V/X (temps plein) [Liège]", "fr")
    assert [(segment.keys[0], segment.aside) for segment in told] == [
        ("vendeur", False),
        ("temps plein", True),
        ("liege", True),
    ]


def test_what_is_filled_of_six_hundred_titles_is_right(lists: Codelists) -> None:
    assert lists.esco is not None
    with TITLES.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    counts: Counter[str] = Counter()
    for each in rows:
        found = title_meaning(each["title"], each["language"], lists.esco)
        code = lists.esco.group_code(found.group).value if found else ""
        counts["right" if code in each["groups"].split("|") else "wrong" if code else "missed"] += bool(code)
        counts["filled"] += bool(code)
    assert len(rows) > 600
    assert counts["filled"] > 300
    assert counts["right"] / counts["filled"] >= 0.97, counts
