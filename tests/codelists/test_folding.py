import pytest

from hub.codelists import fold, spellings


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Chef-kok", "chef kok"),
        ("MAÇON", "macon"),
        ("Technicien d’entretien", "technicien d entretien"),
        ("Schweißer", "schweisser"),
        ("C++ developer", "c++ developer"),
        ("  kok + kelner ", "kok kelner"),
        ("main-d’œuvre", "main d oeuvre"),
        ("...", ""),
    ],
)
def test_spellings_of_one_label_share_a_key(label: str, key: str) -> None:
    assert fold(label) == key


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("vendeur/vendeuse", {"vendeur", "vendeuse"}),
        ("aide-ménager/aide-ménagère", {"aide-ménager", "aide-ménagère"}),
        ("agent de nettoyage/agente de nettoyage", {"agent de nettoyage", "agente de nettoyage"}),
        ("assistant/assistante de direction", {"assistant de direction", "assistante de direction"}),
        ("technisch verkoper/verkoopster", {"technisch verkoper", "technisch verkoopster"}),
        ("kelner / serveerster", {"kelner", "serveerster"}),
        ("sales assistant/cashier", set()),
        ("TIG/", set()),
        ("kok", set()),
    ],
)
def test_both_genders_of_a_label_are_labels(label: str, told: set[str]) -> None:
    first, *others = spellings(label)
    assert first == label
    assert set(others) == told
