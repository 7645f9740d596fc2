"""The value tables of ``mapping.toml``, and the concepts of the JobTech Taxonomy that are looked up in them."""

from collections.abc import Mapping as Values
from typing import Any, Final

from hub import Mapping, Readings, View

MAPPING: Final = Mapping.load("hub_jobstream", "mapping.toml")
"""What JobTech's values mean."""
PARTNER: Final = "partner:jobtech"
"""The scheme of the concept ids of the JobTech Taxonomy."""


def find_concept(readings: Readings, table: str, concept: View) -> Values[str, Any]:
    """Return the facts of a concept, by its id where the table knows it, else by its label."""
    concept.use("legacy_ams_taxonomy_id")
    identifier, label = concept.text("concept_id"), concept.text("label")
    known = identifier is not None and MAPPING[table].entry(identifier) is not None
    return readings.find(table, identifier if known else label or identifier)


def concept_code(concept: View) -> dict[str, Any] | None:
    """Return a concept as the partner's own code with its Swedish label; None where it has no id."""
    concept.use("legacy_ams_taxonomy_id")
    identifier, label = concept.text("concept_id"), concept.text("label")
    if identifier is None:
        return None
    return {"scheme": PARTNER, "value": identifier, "label": {"sv": label} if label else None}
