"""Whether two mentions are of one organisation, and why."""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from rapidfuzz import fuzz

from hub.organisations.likeness import near
from hub.organisations.naming import Name, taken_apart
from hub.organisations.sighting import Sighting

_ALIKE = 88


class Outcome(StrEnum):
    """What the rules say of two mentions."""

    same = "same"
    unsure = "unsure"
    different = "different"


class Reason(StrEnum):
    """Why the rules say so, and why a mention belongs where the register has it."""

    kbo_same = "kbo-same"
    kbo_differs = "kbo-differs"
    name_place = "name-and-place"
    name_site = "name-and-site"
    name_distinctive = "distinctive-name"
    name_spread = "name-of-many-places"
    name_near = "name-nearly-equal"
    name_only = "common-name-only"
    name_alike = "name-alike"
    name_differs = "name-differs"
    name_two_numbers = "name-of-several-numbers"
    form_differs = "legal-form-differs"
    role_differs = "agency-or-employer"
    place_differs = "place-differs"


CONFIDENCE = {
    Reason.kbo_same: 1.0,
    Reason.name_site: 0.98,
    Reason.name_place: 0.97,
    Reason.name_distinctive: 0.96,
    Reason.name_spread: 0.95,
    Reason.name_near: 0.9,
}
"""How surely two mentions are one organisation, by what makes them so; measured by ``benchmarks/organisations.py``."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of two mentions: the outcome, how likely they are one (0 to 1), and the codes of why."""

    outcome: Outcome
    score: float
    reasons: tuple[Reason, ...]


_same = partial(Verdict, Outcome.same)
_unsure = partial(Verdict, Outcome.unsure)
_different = partial(Verdict, Outcome.different)


def same(a: Sighting, b: Sighting) -> Verdict:
    """Say whether two mentions are of one organisation.

    Two numbers never are, one number always is. Without them the name must be the same and say enough by itself, or the
    place or the site must be the same as well; what is nearly so is left to a person.
    """
    if a.kbo and b.kbo:
        return _same(1.0, (Reason.kbo_same,)) if a.kbo == b.kbo else _different(0.0, (Reason.kbo_differs,))
    one, other = taken_apart(a.name), taken_apart(b.name)
    place = a.place is not None and a.place == b.place
    if one.key == other.key:
        return _of_one_name(a, b, one, other)
    if a.agency == b.agency and fits(one.form, other.form) and place:
        return _of_one_place(one, other)
    return _different(0.05, (Reason.name_differs,))


def fits(form: str, other: str) -> bool:
    """Say whether two legal forms may be of one legal person: they are of one kind, or one is not known."""
    return not form or not other or form == other


def _of_one_name(a: Sighting, b: Sighting, one: Name, other: Name) -> Verdict:
    telling = one.distinctive
    doubts = ((Reason.role_differs, a.agency != b.agency), (Reason.form_differs, not fits(one.form, other.form)))
    if doubted := tuple(reason for reason, holds in doubts if holds):
        return (_unsure if telling or a.place == b.place is not None else _different)(0.4, doubted)
    if one.sign_only:
        return (_unsure if a.place == b.place is not None else _different)(0.3, (Reason.name_only,))
    found = (
        (Reason.name_site, a.host is not None and a.host == b.host and not one.franchise),
        (Reason.name_place, a.place is not None and a.place == b.place),
        (Reason.name_distinctive, telling),
    )
    if reasons := tuple(reason for reason, holds in found if holds):
        return _same(max(CONFIDENCE[reason] for reason in reasons), reasons)
    apart = a.place is not None and b.place is not None
    reasons = (Reason.name_only, Reason.place_differs) if apart else (Reason.name_only,)
    return _unsure(0.4, reasons) if one.rare and not one.franchise else _different(0.2, reasons)


def _of_one_place(one: Name, other: Name) -> Verdict:
    if near(one, other):
        return _same(CONFIDENCE[Reason.name_near], (Reason.name_near, Reason.name_place))
    if one.rare and one.rare == other.rare and fuzz.token_set_ratio(one.key, other.key) >= _ALIKE:
        return _unsure(0.5, (Reason.name_alike, Reason.name_place))
    return _different(0.1, (Reason.name_differs,))
