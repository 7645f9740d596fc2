import pytest

from hub.clean.mails import find_mails, is_general_mailbox, local_part

HIDDEN = [
    "jan.peeters@firma.be",
    "jan@firma.be",
    "JAN.PEETERS@FIRMA.BE",
    "jan.peeters (at) firma.be",
    "jan.peeters(at)firma.be",
    "jan [at] firma [dot] be",
    "jan [at] firma.be",
    "jan(a)firma.be",
    "jan at firma dot be",
    "jan.peeters {at} firma {punt} be",
    "jan.peeters @ firma.be",
    "jan&lt;at&gt;firma.be",
    "jan.peeters＠firma.be",
    "jan%40firma.be",
    "jan arobase firma point be",
    "mailto:jan@firma.be",
    "jan_p@sub.firma.co.uk",
    "jan.peeters@<strong>firma.be</strong>",
    "jan.peeters&nbsp;@&nbsp;firma.be",
    "jan.peeters at firma.be",
    "jan[dot]peeters[at]firma[dot]be",
]
KEPT = [
    "jobs@firma.be",
    "jobs (at) firma.be",
    "info [at] firma [dot] be",
    "hr.gent@firma.be",
    "recrutement@exemple.be",
    "bewerbung@beispiel.de",
    "karriere@beispiel.de",
    "Werken @ firma.be",
    "@firma",
    "a@b",
    "contact@firma.be",
    "look at this dot",
    "je werkt (at) home",
    "1 kg @ 5.50",
    "mailto:info@firma.be",
    "jobb@exempel.se",
    "kantoor.aalst@firma.be",
    "accueil.liege@firma.be",
    "today.Apply at firma.be",
    "werken at firma.be",
]


@pytest.mark.parametrize("address", HIDDEN)
def test_a_personal_address_is_found_however_it_is_written(address: str) -> None:
    said = f"Schrijf naar {address} of bel."
    (found,) = list(find_mails(said))
    assert said[slice(*found)].removesuffix("</strong>") == address.removesuffix("</strong>")


@pytest.mark.parametrize("text", KEPT)
def test_general_mailboxes_and_what_is_no_address_are_not_found(text: str) -> None:
    assert list(find_mails(f"Schrijf naar {text} of bel.")) == []


def test_the_local_part_is_what_stands_before_the_mark() -> None:
    assert {local_part(each) for each in ("Jan.P@x.be", "mailto:jan.p@x.be", "jan.p (at) x.be", "jan.p%40x.be")} == {
        "jan.p"
    }
    assert is_general_mailbox("mailto:jobs@x.be")
