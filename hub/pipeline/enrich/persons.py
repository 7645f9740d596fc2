"""What leads to a person is left out of everything that is published, whatever the source; with a warning."""

from typing import Any

from hub.clean.persons import is_general_mailbox, is_mobile, without_personal
from hub.model.issue import issue
from hub.model.listing import ApplyWay, Listing
from hub.model.programme import Programme
from hub.model.vocabulary import Channel
from hub.pipeline.enrich.step import Step

_TEXTS = ("title", "description")


def without_persons(listing: Listing) -> Step:
    """Return the listing without personal mail addresses and mobile numbers; the same one where it has none."""
    changes: dict[str, Any] = {}
    for name in _TEXTS:
        value = getattr(listing, name)
        if value is not None and (cleaned := _cleaned(value)) is not value:
            changes[name] = cleaned
    if (name := without_personal(listing.organisation.name)) != listing.organisation.name:
        changes["organisation"] = listing.organisation.revised({"name": name.strip() or "…"})
    ways = "how_to_join" if isinstance(listing, Programme) else "how_to_apply"
    if (kept := _general(getattr(listing, ways))) is not None:
        changes[ways] = kept
    if isinstance(listing, Programme):
        _clean_roles(listing, changes)
    if not changes:
        return Step(listing)
    return Step(listing.revised(changes), tuple(issue("personal-data-left-out", name) for name in changes))


def _cleaned(value: dict[str, str]) -> dict[str, str]:
    cleaned = {language: without_personal(text) for language, text in value.items()}
    return value if cleaned == value else cleaned


def _general(ways: tuple[ApplyWay, ...]) -> tuple[ApplyWay, ...] | None:
    """Return the ways that lead to an organisation, None when that is all of them."""
    kept = tuple(way for way in ways if not _leads_to_a_person(way))
    return None if len(kept) == len(ways) else kept


def _leads_to_a_person(way: ApplyWay) -> bool:
    value = way.value or ""
    if way.channel is Channel.mail:
        return "@" in value and not is_general_mailbox(value)
    return way.channel is Channel.phone and is_mobile(value)


def _clean_roles(programme: Programme, changes: dict[str, Any]) -> None:
    roles = tuple(
        role if (kept := _general(role.how_to_join)) is None else role.revised({"how_to_join": kept})
        for role in programme.roles
    )
    if any(new is not old for new, old in zip(roles, programme.roles, strict=True)):
        changes["roles"] = roles
