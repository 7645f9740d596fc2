import subprocess
import sys
from typing import Any

import pytest

from hub.model.programme import Programme
from hub.model.vacancy import Vacancy
from hub.pipeline.enrich import enrich
from hub.pipeline.enrich.language import detect

TEXTS = {
    "nl": "<p>Je leert het werk van magazijnmedewerker op de werkvloer, een diploma is niet nodig.</p>",
    "fr": "<p>Vous apprenez le métier de magasinier sur le terrain, aucun diplôme n'est demandé.</p>",
    "en": "<p>You learn the work of a warehouse operator on the job; no diploma is needed.</p>",
    "de": "<p>Sie lernen die Arbeit im Lager vor Ort kennen; ein Abschluss ist nicht nötig.</p>",
}


def vacancy(title: dict[str, str], description: dict[str, str] | None = None, **said: Any) -> Vacancy:
    return Vacancy.model_validate(
        {"title": title, "description": description, "organisation": {"name": "Voorbeeld"}, **said}
    )


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_without_a_language_gets_its_own(language: str) -> None:
    done = enrich(vacancy({"und": "Logistics"}, {"und": TEXTS[language]}))
    assert done.listing.title == {language: "Logistics"}
    assert done.listing.description == {language: TEXTS[language]}
    assert done.warnings == ()


def test_a_text_with_a_language_is_never_touched_even_where_it_is_wrong() -> None:
    listing = vacancy({"en": "Magasinier"}, {"nl": TEXTS["fr"]})
    assert enrich(listing).listing is listing


def test_too_little_text_stays_undetermined_and_is_told() -> None:
    listing = vacancy({"und": "Bakker"})
    done = enrich(listing)
    assert done.listing is listing
    assert [(issue.code, issue.field) for issue in done.warnings] == [("language-undetermined", "title")]


@pytest.mark.parametrize(
    "said",
    [
        "Buscamos personal de limpieza para oficinas en Bruselas, no se requiere diploma.",
        "Шукаємо прибиральницю для офісу в Антверпені, досвід не потрібен.",
        "Brüksel'de tam zamanlı temizlik görevlisi arıyoruz.",
        "ABC 123 / XYZ 456 - 789 QRS - 0123456789",
    ],
)
def test_another_language_is_not_taken_for_one_of_ours(said: str) -> None:
    assert detect(said) is None


def test_the_markup_of_a_text_does_not_count() -> None:
    assert detect("<p><strong>" * 5 + "Bakker" + "</strong></p>" * 5) is None


def test_a_language_that_is_there_already_is_not_overwritten() -> None:
    description = {"nl": "<p>Kort</p>", "und": TEXTS["nl"]}
    done = enrich(vacancy({"nl": "Magazijnier"}, description))
    assert done.listing.description == description
    assert [issue.field for issue in done.warnings] == ["description"]


def test_what_a_programme_leads_to_is_judged_with_the_rest() -> None:
    programme = Programme.model_validate(
        {
            "title": {"nl": "Opleiding"},
            "organisation": {"name": "Voorbeeld"},
            "programmeType": "training",
            "description": {"und": TEXTS["nl"]},
            "leadsTo": {"und": "Certificaat"},
        }
    )
    done = enrich(programme).listing
    assert isinstance(done, Programme)
    assert done.leads_to == {"nl": "Certificaat"}


def test_the_detector_is_not_loaded_where_every_text_has_a_language() -> None:
    script = """
import sys
from hub.model.vacancy import Vacancy
from hub.pipeline.enrich import enrich
enrich(Vacancy(title={"nl": "Bakker"}, organisation={"name": "Voorbeeld"}))
assert "py3langid" not in sys.modules and "numpy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)
