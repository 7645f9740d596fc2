import subprocess
import sys
from typing import Any

import pytest

from hub.model.programme import Programme
from hub.model.vacancy import Vacancy
from hub.pipeline.enrich.language import METHOD, detect, judge, with_languages

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
    done = with_languages(vacancy({"und": "Logistics"}, {"und": TEXTS[language]}))
    assert done.listing.title == {language: "Logistics"}
    assert done.listing.description == {language: TEXTS[language]}
    assert done.issues == ()


def test_what_was_detected_is_told_with_how_surely_it_is_so() -> None:
    (derivation,) = with_languages(vacancy({"und": "Logistics"}, {"und": TEXTS["nl"]})).derivations
    assert (derivation.method, derivation.fields) == (METHOD, ("title.nl", "description.nl"))
    assert 0.95 <= derivation.confidence <= 1


def test_a_text_under_the_wrong_language_is_told_and_left() -> None:
    listing = vacancy({"en": "Magasinier"}, {"nl": TEXTS["fr"]})
    done = with_languages(listing)
    assert done.listing is listing
    assert [issue.sentence("en") for issue in done.issues] == [
        "The text of description is given as nl, but seems to be in fr; nothing was changed."
    ]


def test_texts_that_stand_under_each_other_s_language_are_exchanged() -> None:
    done = with_languages(vacancy({"nl": "Logistics"}, {"nl": TEXTS["fr"], "fr": TEXTS["nl"]}))
    assert done.listing.description == {"nl": TEXTS["nl"], "fr": TEXTS["fr"]}
    assert [issue.code for issue in done.issues] == ["languages-exchanged"]
    assert done.derivations[0].fields == ("description.nl", "description.fr")


def test_a_copy_of_a_text_under_another_language_is_only_told() -> None:
    listing = vacancy({"nl": "Logistics"}, {"nl": TEXTS["fr"], "fr": TEXTS["fr"]})
    done = with_languages(listing)
    assert (done.listing, [issue.code for issue in done.issues]) == (listing, ["language-doubtful"])


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("tag", ["", "-BE"])
def test_a_text_under_its_own_language_is_believed(language: str, tag: str) -> None:
    listing = vacancy({"nl": "Kok"}, {f"{language}{tag}": TEXTS[language]})
    done = with_languages(listing)
    assert (done.listing is listing, done.issues) == (True, ())


def test_a_text_in_two_languages_is_in_neither() -> None:
    both = TEXTS["nl"] * 8 + TEXTS["fr"] * 8
    assert judge(both) is None
    assert judge(TEXTS["nl"] * 16) is not None


def test_long_texts_of_one_listing_are_each_in_their_own_language() -> None:
    programme = Programme.model_validate(
        {
            "title": {"und": "Mentor"},
            "organisation": {"name": "Voorbeeld"},
            "programmeType": "mentoring",
            "description": {"und": TEXTS["nl"]},
            "leadsTo": {"und": TEXTS["fr"]},
        }
    )
    done = with_languages(programme)
    assert isinstance(done.listing, Programme)
    assert (done.listing.description, done.listing.leads_to) == ({"nl": TEXTS["nl"]}, {"fr": TEXTS["fr"]})
    assert [(issue.code, issue.field) for issue in done.issues] == [("language-undetermined", "title")]


def test_the_texts_of_the_parts_of_a_programme_are_told_too() -> None:
    programme = Programme.model_validate(
        {
            "title": {"nl": "Mentor"},
            "organisation": {"name": "Voorbeeld"},
            "programmeType": "mentoring",
            "description": {"und": TEXTS["nl"]},
            "roles": [{"role": "mentor", "asks": {"und": "2 u"}}],
            "cost": {"conditions": {"und": TEXTS["fr"]}},
        }
    )
    done = with_languages(programme)
    assert isinstance(done.listing, Programme)
    assert done.listing.roles[0].asks == {"nl": "2 u"}
    assert done.listing.cost is not None
    assert done.listing.cost.conditions == {"fr": TEXTS["fr"]}


def test_too_little_text_stays_undetermined_and_is_told() -> None:
    listing = vacancy({"und": "Bakker"})
    done = with_languages(listing)
    assert done.listing is listing
    assert [(issue.code, issue.field) for issue in done.issues] == [("language-undetermined", "title")]


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
    done = with_languages(vacancy({"nl": "Magazijnier"}, description))
    assert done.listing.description == description
    assert [issue.field for issue in done.issues] == ["description"]


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
    done = with_languages(programme).listing
    assert isinstance(done, Programme)
    assert done.leads_to == {"nl": "Certificaat"}


def test_the_detector_is_not_loaded_where_every_text_has_a_language() -> None:
    script = """
import sys
from hub.model.vacancy import Vacancy
from hub.pipeline.enrich.language import with_languages
with_languages(Vacancy(title={"nl": "Bakker"}, organisation={"name": "Voorbeeld"}))
assert "py3langid" not in sys.modules and "numpy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("times", [1, 3, 6])
def test_a_text_told_twice_is_in_neither_language_however_short(times: int) -> None:
    dutch = "Wij zoeken een kok voor ons restaurant in het centrum van Brussel. " * times
    french = "Nous cherchons un cuisinier pour notre restaurant au centre de Bruxelles. " * times
    assert judge(dutch) == judge(dutch + "We bieden een goed loon, training on the job en een fijn team.")
    assert judge(dutch + french) is None
    assert judge(french + dutch) is None
