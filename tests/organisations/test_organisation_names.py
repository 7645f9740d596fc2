"""What two spellings of a name share, and what a name says by itself."""

import pytest

from hub.organisations import name_key, near, sighting, spelling, taken_apart


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NV Bouwwerken Érable & Zonen", "bouwwerken erable en zonen"),
        ("Transports Wéry s.p.r.l.", "TRANSPORTS WERY SRL"),
        ("Fabriek De Smet B.V.", "Fabriek De Smet"),
        ("vzw De Brug", "De Brug (A.S.B.L.)"),
        ("Basisschool Sint-Jan", "Basisschool St. Jan"),
        ("WZC Ter Linden", "Woonzorgcentrum Ter Linden"),
        ("Stad Gent", "Ville de Gand"),
        ("OCMW Gent", "C.P.A.S. de Gand"),
        ("Gemeente Elsene", "Commune d’Ixelles"),
        ("Stad Brussel - Ville de Bruxelles", "Stad Brussel"),
    ],
)
def test_spellings_of_one_name_share_their_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Stad Gent", "OCMW Gent"),
        ("Stad Gent", "Gemeente Aalst"),
        ("De Brug Gent", "De Brug Aalst"),
        ("Zorgpunt Waasland Noord", "Zorgpunt Waasland Zuid"),
        ("AG Insurance", "Insurance"),
        ("De Sleutel", "La Clé"),
    ],
)
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_name_that_is_only_a_legal_form_stays_a_name() -> None:
    assert name_key("NV") == "nv"
    assert name_key("…") == ""
    assert name_key("Ресторан Київ") == name_key("РЕСТОРАН КИЇВ") != ""


@pytest.mark.parametrize(
    ("name", "form"), [("X nv", "company"), ("X S.A.", "company"), ("X asbl", "nonprofit"), ("X", "")]
)
def test_the_legal_form_is_known_in_every_language(name: str, form: str) -> None:
    assert taken_apart(name).form == form


@pytest.mark.parametrize(
    ("name", "telling"),
    [
        ("Vermorgen Staelens Engineering", True),
        ("Colruyt Group", True),
        ("Stad Gent", True),
        ("Daoust", True),
        ("Durabrik Interim", True),
        ("Horizon Interim", False),
        ("Bakkerij Peeters", False),
        ("vzw De Brug", False),
        ("Stad", False),
        ("Woonzorgcentrum Sint-Jozef", False),
        ("AD Delhaize Wetteren", False),
        ("Garage Gent", False),
    ],
)
def test_common_names_do_not_tell_an_organisation_from_others(name: str, telling: bool) -> None:
    assert taken_apart(name).distinctive is telling


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Vermorgen Staelens", "Vermorgen Staelns", True),
        ("Kranendonk Vandevelde", "Kranendonk Vande Velde", True),
        ("Vermorgen Staelens Oost", "Vermorgen Staelens West", False),
        ("Vermorgen Staelens 1", "Vermorgen Staelens 2", False),
        ("Vermorgen Staelens", "Vermorgen", False),
        ("Bakkerij Janssen", "Bakkerij Janssens", False),
    ],
)
def test_only_long_telling_names_can_be_one_name_misspelled(one: str, other: str, alike: bool) -> None:
    assert near(taken_apart(one), taken_apart(other)) is alike


def test_names_that_look_the_same_are_one_spelling() -> None:
    assert spelling("DE BRUG vzw") == spelling("De Brug")
    assert spelling("Stad Gent") != spelling("Ville de Gand")


def test_a_mention_takes_the_municipality_and_the_own_site_from_what_is_published() -> None:
    said = {"name": "De Brug", "kbo": "0403170701", "url": "https://www.debrug.be/jobs"}
    places = [{"nis": "44021", "postalCode": "9000"}, {"nis": "44021"}]
    made = sighting("list", {"organisation": said, "places": places})
    assert made == ("list", "De Brug", "0403170701", "44021", "debrug.be", False)


@pytest.mark.parametrize("url", ["https://www.facebook.com/debrug", "https://debrug.recruitee.com", None, "https://"])
def test_a_site_of_many_is_nobodys_own(url: str | None) -> None:
    said = {key: value for key, value in {"name": "De Brug", "url": url}.items() if value}
    assert sighting("list", {"organisation": said}).host is None


@pytest.mark.parametrize(
    "published",
    [
        {"organisation": {"name": "Novival", "kind": "intermediary"}},
        {"organisation": {"name": "Novival"}, "employmentType": "temporaryAgency"},
        {"organisation": {"name": "Novival Interim", "kind": "employer"}},
    ],
)
def test_an_agency_is_no_employer_and_has_no_place(published: dict[str, object]) -> None:
    made = sighting("list", {**published, "places": [{"nis": "44021"}]})
    assert (made.agency, made.place) == (True, None)


def test_a_listing_in_several_towns_says_of_none_that_it_is_the_organisations() -> None:
    places = [{"nis": "44021"}, {"postalCode": "1012 AB", "country": "NL"}]
    assert sighting("list", {"organisation": {"name": "X"}, "places": places}).place is None
    assert sighting("list", {"organisation": {"name": "X"}, "places": places[1:]}).place == "NL:1012AB"
