from typing import Any

from hub.model.programme import Programme
from hub.model.vacancy import Vacancy
from hub.pipeline.enrich.persons import without_persons
from hub.pipeline.enrich.texts import with_tidy_texts


def vacancy(description: str, title: str = "Kok", **said: Any) -> Vacancy:
    return Vacancy.model_validate(
        {"title": {"nl": title}, "description": {"nl": description}, "organisation": {"name": "Voorbeeld"}, **said}
    )


def tidied(description: str) -> str:
    done = with_tidy_texts(vacancy(description)).listing
    assert done.description is not None
    return done.description["nl"]


def test_plain_text_becomes_paragraphs_and_lists() -> None:
    done = with_tidy_texts(vacancy("Wij zoeken:\n- een kok\n- een kelner\n\nTot dan"))
    assert done.listing.description == {
        "nl": "<p>Wij zoeken:</p><ul><li>een kok</li><li>een kelner</li></ul><p>Tot dan</p>"
    }
    assert [(each.method, each.fields, each.said) for each in done.derivations] == [
        ("text-tidied", ("description.nl",), None)
    ]


def test_markup_that_was_escaped_is_cleaned_as_markup() -> None:
    said = "&lt;p&gt;Kom&lt;img src=x onerror=y&gt; &lt;a href=&quot;javascript:x&quot;&gt;langs&lt;/a&gt;&lt;/p&gt;"
    assert tidied(said) == "<p>Kom&lt;img src=x onerror=y&gt; <a>langs</a></p>"
    assert "<script" not in tidied("&amp;lt;p&amp;gt;x&amp;lt;/p&amp;gt;&lt;script&gt;alert(1)&lt;/script&gt;")


def test_titles_and_names_are_bare_text() -> None:
    done = with_tidy_texts(vacancy("<p>x</p>", "Agent d&#39;accueil&nbsp;<b>Gent</b>"))
    assert done.listing.title == {"nl": "Agent d'accueil Gent"}


def test_unseen_characters_do_not_hide_a_person() -> None:
    hidden = vacancy("<p>Mail jan\u200b.peeters\ufeff@voorbeeld.be</p>")
    assert "peeters" not in without_persons(with_tidy_texts(hidden).listing).listing.model_dump_json()


def test_the_texts_of_every_part_are_tidied() -> None:
    programme = Programme.model_validate(
        {
            "title": {"nl": "Mentor"},
            "organisation": {"name": "Een\u200b vzw"},
            "programmeType": "mentoring",
            "roles": [{"role": "mentor", "asks": {"nl": "• tijd\n• zin"}}],
            "cost": {"conditions": {"fr": "gratuit &amp; ouvert"}},
        }
    )
    done = with_tidy_texts(programme)
    assert isinstance(done.listing, Programme)
    assert done.listing.roles[0].asks == {"nl": "<ul><li>tijd</li><li>zin</li></ul>"}
    assert done.derivations[0].fields == ("organisation.name", "roles[0].asks.nl", "cost.conditions.fr")


def test_a_listing_with_tidy_texts_is_the_same_object() -> None:
    listing = vacancy("<p>Wij zoeken een kok – 38 u &amp; meer.</p><ul><li>koken</li></ul>", "Kok bij R&D – ploeg C")
    assert with_tidy_texts(listing).listing is listing


def test_what_the_model_accepted_is_still_accepted() -> None:
    long = "- regel\n" * 12_000
    done = with_tidy_texts(vacancy(long)).listing
    assert Vacancy.model_validate(done.model_dump()) == done
