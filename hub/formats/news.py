"""What is told in the feeds for people: the entry of an opportunity in one language."""

from dataclasses import dataclass, field
from functools import cache

from hub.format import Edition, Entry
from hub.formats.times import first_offered
from hub.formats.words import Words, as_html, as_paragraph, words
from hub.model.opportunity import utc
from hub.model.vocabulary import terms

LATEST = 200
"""How many items the feeds for people hold."""


@dataclass(frozen=True, slots=True)
class News:
    """One opportunity as a feed for people tells it.

    Args:
        title: with the language it is in.
        content: HTML, with the language it is in.
        page: its page, in the language of the feed.
        organisation: the employer, or who runs the programme.
        published: when it was first offered, ISO 8601 in UTC.
        where: the places, by their names.
        tags: what sort of opportunity it is and for whom, in words.
    """

    title: Words
    content: Words
    page: str
    organisation: str
    published: str
    where: tuple[str, ...] = ()
    tags: tuple[str, ...] = field(default=())


def news(entry: Entry, edition: Edition) -> News:
    """Return a live opportunity as a feed for people tells it."""
    data, language = entry.data, edition.language
    title = words(data["title"], language)
    said = words(data["description"], language) if data.get("description") else None
    return News(
        title=title,
        content=Words(as_html(said.text), said.language) if said else Words(as_paragraph(title.text), title.language),
        page=f"{entry.address}?lang={language}",
        organisation=data["organisation"]["name"],
        published=utc(first_offered(data)),
        where=tuple(dict.fromkeys(filter(None, (each.get("municipality") for each in data.get("places", ()))))),
        tags=tuple(_tags(entry, language)),
    )


def _tags(entry: Entry, language: str) -> list[str]:
    kind = _label("kinds", entry.kind, language)
    programme = entry.data.get("programmeType")
    audience = (_label("audiences", each, language) for each in entry.data.get("audience", ()))
    offered = [_label("programme-types", programme, language)] if programme else []
    return list(dict.fromkeys([kind, *offered, *audience]))


def _label(vocabulary: str, value: str, language: str) -> str:
    return _labels(vocabulary, language).get(value, value)


@cache
def _labels(vocabulary: str, language: str) -> dict[str, str]:
    return {term.value: term.labels[language] for term in terms(vocabulary)}
