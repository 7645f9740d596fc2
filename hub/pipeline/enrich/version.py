"""Which edition of each enriching step made a listing: when one changes, every record is read anew."""

from collections.abc import Mapping

from hub.pipeline.enrich import days, language, occupation, organisation, persons, place, texts, titles

VERSIONS: Mapping[str, str] = {
    "days": days.VERSION,
    "texts": texts.VERSION,
    "persons": persons.VERSION,
    "organisation": organisation.VERSION,
    "place": place.VERSION,
    "language": language.VERSION,
    "titles": titles.VERSION,
    "occupation": occupation.VERSION,
}
"""Name of the step → its edition; raise it when the step would make another listing of the same record."""
