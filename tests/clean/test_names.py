import pytest

from hub.clean.names import mend_capitals


@pytest.mark.parametrize(
    ("shouted", "mended"),
    [
        ("SINT-NIKLAAS", "Sint-Niklaas"),
        ("LA LOUVIÈRE", "La Louvière"),
        ("HEIST-OP-DEN-BERG", "Heist-op-den-Berg"),
        ("BRAINE-L'ALLEUD", "Braine-l'Alleud"),
        ("'S-HERTOGENBOSCH", "'s-Hertogenbosch"),
        ("DE PANNE", "De Panne"),
    ],
)
def test_names_in_capitals_get_small_letters(shouted: str, mended: str) -> None:
    assert mend_capitals(shouted) == mended


@pytest.mark.parametrize("name", ["Gent", "Sint-Niklaas", "aalst", "McDonald", "9000", ""])
def test_other_names_stay_as_they_are(name: str) -> None:
    assert mend_capitals(name) == name
