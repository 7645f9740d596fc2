"""What the register knows of an organisation, and how an offer says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.model.derivation import Derivation
from hub.organisations.naming import name_key, spelling

METHOD = "organisation-register"
_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation of the register.

    Args:
        id: its id for life; of the survivor where it was merged.
        name: what it is called.
        kbo: its number.
        alternative_names: its other names, the most used first; names alike but for capitals and signs only once.
        numbered: the keys of the names under which partners state the number.
        confidence: how surely the number is that of a mention by one of these names that lacks it, 0 to 1.
        decided: whether a person has put together what it consists of, so that all of its names are sure.
        ambiguous: whether several organisations may be meant, so that nothing is said.
    """

    id: str
    name: str
    kbo: str | None = None
    alternative_names: tuple[str, ...] = ()
    numbered: frozenset[str] = frozenset()
    confidence: float = 0.95
    decided: bool = False
    ambiguous: bool = False


def described(organisation: Mapping[str, Any], known: Known) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return a published organisation with what the register knows of it, and what that derives.

    What the partner says stays. The number is added only to a name under which partners state it, or where a person
    decided; an organisation that cannot be told from others gets nothing, not even an id.
    """
    if known.ambiguous:
        return dict(organisation), None
    told = {**organisation, "id": known.id}
    added = []
    if "kbo" not in told and known.kbo and (known.decided or name_key(told["name"]) in known.numbered):
        told["kbo"] = known.kbo
        added.append("organisation.kbo")
    if names := _other_names(organisation, known):
        told["alternativeNames"] = names
        added.append("organisation.alternativeNames")
    if not added:
        return told, None
    sure = 1.0 if known.decided else known.confidence
    derivation = Derivation(fields=tuple(added), method=METHOD, confidence=sure)
    return told, derivation.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _other_names(organisation: Mapping[str, Any], known: Known) -> list[str]:
    """Return the partner's own alternative names and those of the register, without repeating any; [] for no news."""
    said: list[str] = organisation.get("alternativeNames", [])
    seen = {spelling(name) for name in (organisation["name"], *said)}
    more: list[str] = []
    for name in (known.name, *known.alternative_names):
        if len(said) + len(more) < _MOST_NAMES and (spelled := spelling(name)) not in seen:
            seen.add(spelled)
            more.append(name)
    return [*said, *more] if more else []
