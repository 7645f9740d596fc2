"""What the rules make of pairs: the cases a person would settle at a glance."""

from typing import Any

import pytest

from hub.matching import Decision, Verdict, compare, features

KBO, OTHER_KBO = "0400378485", "0403091220"
DUTCH = (
    "<p>Als magazijnmedewerker bij onze vestiging verzamel je bestellingen met de handscanner.</p>"
    "<p>Je laadt en lost vrachtwagens met de heftruck en telt wekelijks de voorraad.</p>"
    "<p>Je werkt in ploegen van 6 tot 14 uur of van 14 tot 22 uur.</p>"
    "<p>Je hebt 2 jaar ervaring en een rijbewijs B.</p>"
    "<p>Je verdient 16,40 euro per uur, met maaltijdcheques van 8 euro en een fietsvergoeding.</p>"
)
FRENCH = (
    "<p>Comme magasinier dans notre implantation, vous préparez les commandes avec le scanner.</p>"
    "<p>Vous chargez et déchargez les camions avec le chariot élévateur et comptez le stock chaque semaine.</p>"
    "<p>Vous travaillez en équipes de 6 à 14 heures ou de 14 à 22 heures.</p>"
    "<p>Vous avez 2 ans d'expérience et le permis B.</p>"
    "<p>Vous gagnez 16,40 euros par heure, avec des chèques-repas de 8 euros et une indemnité vélo.</p>"
)
OTHER = (
    "<p>Wij zoeken iemand die retouren nakijkt en opnieuw verpakt.</p><p>Je sorteert pakjes op formaat.</p>"
    "<p>Geen ervaring nodig: wij leiden je op gedurende 3 weken.</p><p>Je start om 18 uur in het depot.</p>"
    "<p>Een loon van 14,10 euro, ecocheques en 20 dagen vakantie.</p><p>Je bent stipt en kan tillen tot 25 kilo.</p>"
)


def vacancy(source: str, number: int = 1, **said: Any) -> dict[str, Any]:
    """Return a published listing of a vacancy; what is None is left out."""
    listing = {
        "source": source,
        "localId": str(number),
        **({"references": said.pop("references")} if "references" in said else {}),
    }
    made = {
        "kind": "vacancy",
        "title": {"nl": "Magazijnmedewerker (m/v/x)"},
        "organisation": {"name": "Colruyt Group NV", "kbo": KBO},
        "places": [{"postalCode": "1500", "municipality": "Halle", "nis": "23027"}],
        "employmentType": ["permanent"],
        "hoursPerWeek": 38.0,
        "published": "2026-11-02",
        "description": {"nl": DUTCH},
        **said,
        "listings": [listing],
    }
    return {name: value for name, value in made.items() if value is not None}


def judge(one: dict[str, Any], other: dict[str, Any]) -> Verdict:
    return compare(features(one), features(other))


def told(verdict: Verdict) -> set[str]:
    return {reason.feature for reason in verdict.reasons}


def test_the_same_text_of_another_source_is_the_same() -> None:
    assert judge(vacancy("vdab"), vacancy("actiris")).decision is Decision.same


def test_a_translation_is_the_same() -> None:
    french = vacancy(
        "forem",
        title={"fr": "Magasinier H/F/X"},
        description={"fr": FRENCH},
        organisation={"name": "Groupe Colruyt S.A."},
        places=[{"postalCode": "1502", "municipality": "Hal"}],
        published="2026-11-05",
    )
    verdict = judge(vacancy("vdab"), french)
    assert verdict.decision is Decision.same
    assert {"meanings-shared", "place-municipality"} <= told(verdict)


def test_different_numbers_are_never_the_same_even_if_a_reference_says_so() -> None:
    other = vacancy("actiris", organisation={"name": "Colruyt Group", "kbo": OTHER_KBO}, references=["vdab:1"])
    verdict = judge(vacancy("vdab"), other)
    assert verdict.decision is Decision.different
    assert told(verdict) == {"organisation-other-number"}


def test_another_name_without_a_number_is_never_the_same() -> None:
    other = vacancy("actiris", organisation={"name": "Delhaize Le Lion"})
    assert judge(vacancy("vdab"), other).decision is Decision.different


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bakkerij Peeters Noord bv", "Bakkerij Peeters Zuid bv"),
        ("Axelium Hout", "Axelium Huis"),
        ("Garage Maes", "Garage Claes"),
        ("Basisschool 1", "Basisschool 2"),
    ],
)
def test_names_that_differ_in_a_word_that_counts_are_different(one: str, other: str) -> None:
    first, second = vacancy("vdab", organisation={"name": one}), vacancy("actiris", organisation={"name": other})
    assert judge(first, second).decision is Decision.different


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Stad Gent", "Ville de Gand"),
        ("UZ Leuven", "Universitair Ziekenhuis Leuven"),
        ("Bouwbedrijf Vandekerckhove NV", "VANDEKERCKHOVE BOUW"),
        ("Woonzorgcentrum Zonnehof vzw", "WZC Zonnehof"),
        ("Transport Goossens & Zonen", "Transports Goosens & fils"),
    ],
)
def test_spellings_of_one_name_do_not_rule_a_pair_out(one: str, other: str) -> None:
    first, second = vacancy("vdab", organisation={"name": one}), vacancy("actiris", organisation={"name": other})
    assert judge(first, second).decision is not Decision.different


def test_another_branch_is_different() -> None:
    other = vacancy("actiris", places=[{"postalCode": "9300", "municipality": "Aalst", "nis": "41002"}])
    verdict = judge(vacancy("vdab"), other)
    assert verdict.decision is Decision.different
    assert told(verdict) == {"place-other"}


def test_the_same_title_at_the_same_branch_with_other_content_is_different() -> None:
    other = vacancy("actiris", description={"nl": OTHER}, hoursPerWeek=20.0, employmentType=["student"])
    assert judge(vacancy("vdab"), other).decision is Decision.different


def test_an_agencys_text_for_another_client_in_the_same_town_is_not_the_same() -> None:
    agency = {"name": "Konvert Interim", "kbo": KBO, "kind": "intermediary"}
    changed = DUTCH.replace("heftruck", "reachtruck").replace("16,40", "14,95").replace("6 tot 14", "8 tot 16")
    changed = changed.replace("2 jaar", "5 jaar").replace("handscanner", "bon")
    first = vacancy("vdab", organisation=agency, published="2026-10-20")
    other = vacancy("actiris", organisation=agency, description={"nl": changed}, hoursPerWeek=20.0)
    assert judge(first, other).decision is not Decision.same


def test_a_reference_of_the_partner_joins_what_hardly_looks_alike() -> None:
    bare = vacancy(
        "forem",
        title={"fr": "Ouvrier"},
        description=None,
        hoursPerWeek=None,
        published="2026-11-19",
        references=["VDAB:1"],
    )
    verdict = judge(vacancy("vdab"), bare)
    assert verdict.decision is Decision.same
    assert "reference-shared" in told(verdict)


def test_a_reference_across_employers_is_for_a_person_to_judge_unless_one_is_an_agency() -> None:
    other = {"name": "Delhaize Le Lion"}
    held = judge(vacancy("vdab"), vacancy("actiris", organisation=other, references=["vdab:1"]))
    agency = judge(vacancy("vdab"), vacancy("actiris", organisation={"name": "Adecco"}, references=["vdab:1"]))
    assert (held.decision, agency.decision) == (Decision.unsure, Decision.same)
    assert held.value > held.score


def test_an_employer_that_is_not_told_is_for_a_person_to_judge() -> None:
    verdict = judge(vacancy("vdab"), vacancy("actiris", organisation={"name": "Anoniem"}))
    assert verdict.decision is Decision.unsure


def test_an_address_of_one_page_counts_however_readers_came_there() -> None:
    one = vacancy(
        "vdab", howToApply=[{"channel": "url", "value": "https://www.colruyt.be/nl/jobs/4711?utm_source=vdab"}]
    )
    other = vacancy("actiris", howToApply=[{"channel": "url", "value": "http://colruyt.be/fr/jobs/4711#apply"}])
    assert "address-shared" in told(judge(one, other))


def test_a_list_of_jobs_is_not_the_page_of_one() -> None:
    way = [{"channel": "url", "value": "https://www.colruyt.be/nl/jobs"}]
    assert "address-shared" not in told(judge(vacancy("vdab", howToApply=way), vacancy("actiris", howToApply=way)))


def test_a_vacancy_is_no_programme_and_a_source_has_no_doubles() -> None:
    programme = vacancy("actiris", kind="programme")
    assert told(judge(vacancy("vdab"), programme)) == {"kind-other"}
    assert told(judge(vacancy("vdab", 1), vacancy("vdab", 2))) == {"source-same"}


def test_reasons_explain_themselves_as_json() -> None:
    reasons = [reason.as_dict() for reason in judge(vacancy("vdab"), vacancy("actiris")).reasons]
    assert {"feature": "organisation-number", "weight": 2.6, "said": KBO} in reasons


def programme(source: str, **said: Any) -> dict[str, Any]:
    """Return a published listing of a programme."""
    made = {
        "kind": "programme",
        "programmeType": "mentoring",
        "title": {"nl": "DUO for a JOB Gent"},
        "organisation": {"name": "DUO for a JOB vzw"},
        "places": [{"municipality": "Gent", "nis": "44021"}],
        **said,
    }
    return {**made, "listings": [{"source": source, "localId": "1"}]}


def test_a_programme_of_its_provider_and_of_a_citys_list_is_one() -> None:
    listed = programme(
        "ghent", title={"fr": "DUO for a JOB"}, organisation={"name": "Stad Gent", "kind": "public", "kbo": KBO}
    )
    by_title = judge(programme("duo"), listed)
    by_partner = judge(
        programme("duo", organisation={"name": "DUO for a JOB", "kbo": OTHER_KBO}),
        {**listed, "partners": [{"name": "DUO for a JOB"}]},
    )
    assert "organisation-in-title" in told(by_title)
    assert "organisation-partner" in told(by_partner)
    assert Decision.different not in {by_title.decision, by_partner.decision}
    assert by_partner.decision is Decision.same


def test_two_programmes_of_one_provider_in_two_towns_are_two() -> None:
    antwerp = programme(
        "flanders", title={"nl": "DUO for a JOB"}, places=[{"municipality": "Antwerpen", "nis": "11002"}]
    )
    assert judge(programme("duo"), antwerp).decision is Decision.different


def test_another_programme_of_the_same_city_is_another() -> None:
    first = programme("ghent", title={"nl": "Taalcoach voor nieuwkomers"}, organisation={"name": "Stad Gent"})
    other = programme("social", title={"nl": "Fietslessen voor volwassenen"}, organisation={"name": "Ville de Gand"})
    assert judge(first, other).decision is Decision.different


LIFTS = (
    "<p>{} zoekt een heftruckchauffeur voor de regio Halle.</p>"
    "<p>Je laadt en lost vrachtwagens en telt de voorraad.</p>"
    "<p>Je werkt in ploegen, 38 uur per week, en verdient 16,40 euro per uur.</p>"
    "<p>Je hebt een attest heftruck en 2 jaar ervaring.</p>"
)


def test_an_agencys_short_text_for_another_client_is_for_a_person_to_judge() -> None:
    brewer, furniture = ({"nl": LIFTS.format(f"Onze klant, {client},")} for client in ("een brouwer", "een meubelzaak"))
    agency = {"name": "Randstad Belgium NV"}
    first = vacancy("vdab", organisation=agency, description=brewer)
    assert judge(first, vacancy("actiris", organisation=agency, description=brewer)).decision is Decision.same
    other = judge(first, vacancy("actiris", organisation=agency, description=furniture))
    assert other.decision is Decision.unsure
    assert "text-of-agency" in told(other)
    sure = vacancy("actiris", organisation=agency, description=furniture, references=["vdab:1"])
    assert judge(first, sure).decision is Decision.same


@pytest.mark.parametrize(("starts", "decision"), [("2027-01-11", Decision.same), ("2027-03-01", Decision.unsure)])
def test_work_that_begins_much_later_is_for_a_person_to_judge(starts: str, decision: Decision) -> None:
    verdict = judge(vacancy("vdab", starts="2027-01-04"), vacancy("actiris", starts=starts))
    assert verdict.decision is decision
    assert ("starts-other" in told(verdict)) == (decision is Decision.unsure)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ING", "ING België"),
        ("KBC", "KBC Group NV"),
        ("NMBS", "SNCB"),
        ("STIB", "MIVB"),
        ("SPF Justice", "FOD Justice"),
    ],
)
def test_short_names_and_initials_in_either_language_are_one_employer(one: str, other: str) -> None:
    first, second = vacancy("vdab", organisation={"name": one}), vacancy("actiris", organisation={"name": other})
    assert judge(first, second).decision is Decision.same


@pytest.mark.parametrize(("one", "other"), [("AXA", "AXA Partners"), ("VUB", "ULB"), ("Stad", "Stad Gent")])
def test_a_short_word_in_common_does_not_make_two_names_one(one: str, other: str) -> None:
    first, second = vacancy("vdab", organisation={"name": one}), vacancy("actiris", organisation={"name": other})
    assert judge(first, second).decision is Decision.different


def test_a_city_that_tells_of_a_programme_in_its_own_words_tells_of_the_same() -> None:
    own = "<p>Zes maanden lang zien jullie elkaar elke week, en zoeken jullie samen naar werk dat bij je past.</p>" * 2
    told_anew = "<p>Ben je tussen 18 en 33? Een mentor helpt je een half jaar met brieven, gratis.</p>" * 2
    run = programme("duo", title={"nl": "Mentoring DUO for a JOB"}, description={"nl": own})
    listed = {"title": {"nl": "Mentoring DUO for a JOB"}, "organisation": {"name": "Stad Gent"}}
    partner = programme("ghent", **listed, description={"nl": told_anew}, partners=[{"name": "DUO for a JOB"}])
    assert judge(run, partner).decision is Decision.same
    another = {**partner, "title": {"nl": "Fietslessen voor volwassenen"}}
    assert judge(run, another).decision is Decision.different
