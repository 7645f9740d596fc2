from time import process_time

import pytest

from hub.clean.contacts import without_contacts

CLEANED = [
    ("Mail jan.peeters@voorbeeld.be of jobs@voorbeeld.be", "Mail jobs@voorbeeld.be"),
    ("Kok (bel Jan 0475 12 34 56)", "Kok (bel)"),
    ("<p>Contact: Jan Peeters, 02 123 45 67</p>", "<p>Contact: </p>"),
    (
        "<p>Contact: <strong>Jan Peeters</strong>, tel. 0478/12.34.56</p><p>Jan Peeters belt je.</p>",
        "Contact: belt je.",
    ),
    ("Votre contact : Mme Marie Dupont (marie.dupont@exemple.be, 0498/12.34.56)", "Votre contact :"),
    ("Ansprechpartnerin: Frau Anna Schmidt, Handy 0151 23456789", "Ansprechpartnerin:"),
    ("Stuur je cv naar An De Smet via an.desmet@firma.be", "Stuur je cv naar"),
    ("Peeters Jan leidt de ploeg. Vragen: jan.peeters@firma.be", "leidt de ploeg. Vragen:"),
    ('<a href="mailto:jan.peeters@firma.be">Jan Peeters</a>', ""),
    ('<a href="mailto:an@firma.be?subject=x">mail ons</a>', "mail ons"),
    ('Bel <a href="tel:+32478123456">0478 12 34 56</a>', "Bel"),
    ('<a href="https://www.linkedin.com/in/jan-peeters-1/">Jan Peeters</a>', ""),
    ('<a href="mailto:jan%40firma.be">Jan</a>', ""),
    ('<a href="https://api.whatsapp.com/send?phone=32478123456">App ons</a>', "App ons"),
    ("Mail peeters at firma punt be", ""),
    (
        '<a href="https://firma.be/apply?job=12&amp;cc=jan.peeters%40firma.be">Solliciteer</a>',
        '<a href="https://firma.be/apply?job=12">Solliciteer</a>',
    ),
    (
        '<a href="mailto:jobs@firma.be?cc=jan.peeters@firma.be&amp;subject=Kok">Mail ons</a>',
        '<a href="mailto:jobs@firma.be?subject=Kok">Mail ons</a>',
    ),
]
KEPT = [
    "Contact: HR-dienst, 02 123 45 67",
    "Contact: Interim Plus, 02 123 45 67",
    "Contact: Jan Peeters, via de website",
    "Je hebt contact met klanten en leveranciers, van 8.00 tot 16.30",
    '<a href="mailto:jobs@firma.be">Solliciteer</a> of <a href="tel:+3221234567">bel ons</a>',
    '<a href="https://firma.be/apply?id=0475123456">Solliciteer hier</a>',
    "Werken @ voorbeeld.be",
    "Jan Van Ruusbroeclaan 12, 9000 Gent",
]


@pytest.mark.parametrize(("said", "left"), CLEANED)
def test_what_leads_to_a_person_goes_with_the_name_beside_it(said: str, left: str) -> None:
    cleaned = without_contacts(said)
    assert left in {cleaned, " ".join(strip_tags(cleaned).split())}
    for trace in ("peeters", "dupont", "schmidt", "desmet", "de smet", "0475", "0478", "0498", "0151", "02 123"):
        assert trace not in cleaned.casefold()


def strip_tags(markup: str) -> str:
    kept, inside = [], False
    for mark in markup:
        inside = mark == "<" or (inside and mark != ">")
        kept.append(" " if inside or mark == ">" else mark)
    return "".join(kept)


@pytest.mark.parametrize("said", KEPT)
def test_organisations_and_names_that_stand_alone_stay(said: str) -> None:
    assert without_contacts(said) is said


def test_the_tags_around_a_number_stay_in_pairs() -> None:
    assert without_contacts("<p><strong>Bel 0475</strong> 12 34 56 nu</p>").count("<") == 4


@pytest.mark.parametrize(
    "text",
    [
        "contact " * 60_000 + "0475 12 34 56",
        "Jan " * 100_000 + "02 123 45 67 contact",
        "a@b.be " * 60_000,
        "0475 12 34 56 " * 20_000,
        '<a href="mailto:' * 20_000,
        "(at) " * 80_000,
        "+" * 300_000 + "0" * 300_000,
    ],
    ids=["cues", "names", "addresses", "numbers", "links", "brackets", "digits"],
)
def test_a_hostile_text_costs_little_more_than_its_length(text: str) -> None:
    started = process_time()
    without_contacts(text[:100_000])
    assert process_time() - started < 4
