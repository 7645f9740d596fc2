"""What leads to a person is left out of everything that is published, whatever the source; with a warning.

Every field of the model in which words can stand is looked at, whatever its name. What was there is said nowhere: a
derivation tells where something was left out, never what.
"""

from collections.abc import Collection
from functools import partial

from hub.clean.contacts import without_contacts
from hub.clean.links import without_person
from hub.clean.mails import find_mails
from hub.clean.persons import is_general_mailbox, is_mobile
from hub.model.derivation import Derivation
from hub.model.issue import issue
from hub.model.listing import ApplyWay, Listing
from hub.model.markup import sanitise
from hub.model.vocabulary import Channel
from hub.pipeline.enrich.step import Step
from hub.pipeline.enrich.wording import Form, Rewriting, reworded

METHOD = "personal-data-removed"
VERSION = "3"

_SURE = 0.95
"""How surely what was left out was a person's: an organisation's mailbox of an unusual name goes too."""
_SHORT_FIELDS = frozenset({"url", "nis"})


def without_persons(listing: Listing) -> Step:
    """Return the listing without what leads to persons; the same one where it has nothing of the kind."""
    countries = frozenset(place.country for place in listing.places if place.country)
    cleaned, changed = reworded(listing, _rewriting(countries))
    if not changed:
        return Step(listing)
    fields = tuple(dict.fromkeys(_without_language(path) for path in changed))
    issues = tuple(issue("personal-data-left-out", field) for field in fields)
    return Step(cleaned, issues, (Derivation(fields=changed, method=METHOD, confidence=_SURE),))


def _rewriting(countries: frozenset[str]) -> Rewriting:
    return Rewriting(partial(_text, countries=countries), partial(_way, countries=countries))


def _text(said: str, form: Form, countries: Collection[str]) -> str:
    if form is Form.url:
        return without_person(said)
    if form is Form.code:
        return "" if any(find_mails(said)) else said
    cleaned = without_contacts(said, countries)
    if cleaned is said or form is not Form.rich:
        return cleaned
    return sanitise(cleaned).strip()


def _way(way: ApplyWay, countries: Collection[str]) -> ApplyWay | None:
    """Return the way where it leads to an organisation."""
    value = way.value or ""
    match way.channel:
        case Channel.mail:
            return None if "@" in value and not is_general_mailbox(value) else _cleaned(way, value, countries)
        case Channel.phone:
            return None if is_mobile(value, countries) else way
        case Channel.url:
            return _way_without_person(way, value)
    return _cleaned(way, value, countries)


def _cleaned(way: ApplyWay, value: str, countries: Collection[str]) -> ApplyWay | None:
    cleaned = without_contacts(value, countries)
    return way if cleaned is value else way.revised({"value": cleaned}) if cleaned else None


def _way_without_person(way: ApplyWay, value: str) -> ApplyWay | None:
    link = without_person(value)
    return way if link is value else way.revised({"value": link}) if link else None


def _without_language(path: str) -> str:
    """Return ``description`` for ``description.nl``: people know the field by that name."""
    head, _, tail = path.rpartition(".")
    return head if head and len(tail) <= 3 and tail not in _SHORT_FIELDS else path
