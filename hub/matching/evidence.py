"""What two listings say beside their organisations: each piece of evidence is a function, and weighs by itself."""

from collections.abc import Callable
from itertools import accumulate

from rapidfuzz import fuzz

from hub.matching.features import Features
from hub.matching.meanings import are_known
from hub.matching.rules import RULES, Curve, on_curve
from hub.matching.spelling import folded
from hub.matching.texts import shared, unpacked
from hub.matching.verdict import Reason

_WEIGHTS, _CURVES, _LEVELS = RULES.weights, RULES.curves, RULES.levels
_FEWEST = int(_LEVELS["fewest-hashes"])
_FEWEST_FIGURES = int(_LEVELS["fewest-numbers"])
_ENOUGH = _LEVELS["enough-hashes"]
_ENOUGH_FIGURES = _LEVELS["enough-numbers"]
_ALIKE, _STREET = _LEVELS["title-alike"], _LEVELS["street-alike"]
_NEAR, _FAR = _LEVELS["hours-near"], _LEVELS["hours-far"]
_STARTS_FAR, _WHOLE = _LEVELS["starts-far"], _LEVELS["agency-whole"]

Evidence = Callable[[Features, Features], Reason | None]


def _reason(feature: str, *values: str | float) -> Reason:
    return Reason(feature, _WEIGHTS[feature], values)


def _page(one: Features, other: Features) -> Reason | None:
    found = [page for page in one.pages if page in other.pages]
    return _reason("address-shared", found[0]) if found else None


def place(one: Features, other: Features) -> Reason:
    """Return whether they are in the same municipality."""
    if not one.municipalities or not other.municipalities:
        return _reason("place-open")
    found = [each for each in one.municipalities if each in other.municipalities]
    if found:
        return _reason("place-municipality", found[0])
    return _reason("place-other", one.municipalities[0], other.municipalities[0])


def _street(one: Features, other: Features) -> Reason | None:
    if len(one.streets) != 1 or len(other.streets) != 1:
        return None
    ours, theirs = folded(one.streets[0]), folded(other.streets[0])
    near = _house(ours) == _house(theirs) or fuzz.ratio(ours, theirs) >= _STREET
    return _reason("place-street" if near else "place-other-street", ours, theirs)


def _house(street: str) -> str:
    """Return the house number: it is the same in every language; the street where there is none."""
    last = street.rpartition(" ")[2]
    return last if last[:1].isdigit() else street


def _title(one: Features, other: Features) -> Reason | None:
    """Return how near the titles are: as they are spelled in a language of both, else as they are meant."""
    pairs = [_words(ours, theirs) for ours in one.titles for theirs in other.titles if ours[:3] == theirs[:3]]
    ours, theirs = pairs[0] if pairs else _words(one.titles[0], other.titles[0])
    if ours == theirs or (one.meanings == other.meanings and one.meanings):
        return _reason("title-same", ours, theirs)
    if any(fuzz.token_sort_ratio(*pair) >= _ALIKE and _same_figures(*pair) for pair in pairs):
        return _reason("title-alike", ours, theirs)
    return _reason(_meant(one, other, in_one_language=bool(pairs)), ours, theirs)


def _words(one: str, other: str) -> tuple[str, str]:
    """Return the words of two titles without their languages."""
    return one.partition(" ")[2], other.partition(" ")[2]


def _meant(one: Features, other: Features, *, in_one_language: bool) -> str:
    """Return what it says that titles spelled otherwise have some meanings in common, or none."""
    ours, theirs = set(one.meanings), set(other.meanings)
    if not ours.isdisjoint(theirs):
        if ours <= theirs or theirs <= ours:
            return "title-contained"
        return "title-partial" if in_one_language else "title-near"
    if not set(one.occupations).isdisjoint(other.occupations):
        return "title-coded"
    if in_one_language:
        return "title-other"
    return "title-foreign" if are_known(one.meanings) and are_known(other.meanings) else "title-open"


def _same_figures(ours: str, theirs: str) -> bool:
    """Say whether the short words and figures agree, which tell a licence or a level."""
    return {word for word in ours.split() if len(word) < 3} == {word for word in theirs.split() if len(word) < 3}


def _occupation(one: Features, other: Features) -> Reason | None:
    if not one.occupations or not other.occupations:
        return None
    found = [code for code in one.occupations if code in other.occupations]
    if found:
        return _reason("occupation-same", found[0])
    schemes = {code.partition(":")[0] for code in one.occupations}
    theirs = [
        code for code in other.occupations if code.partition(":")[0] in schemes and not code.startswith("partner")
    ]
    return _reason("occupation-other", one.occupations[0], theirs[0]) if theirs else None


def _text(one: Features, other: Features) -> Reason | None:
    """Return how much of the shorter text stands in the other: word by word in one language, else as it is meant."""
    common = not one.languages or not other.languages or not set(one.languages).isdisjoint(other.languages)
    found = shared(one.words, other.words) if common else shared(one.meant, other.meant)
    if not found or found[1] < _FEWEST:
        return None
    part, hashes = found
    feature = "text-shared" if common else "meanings-shared"
    weight = on_curve(_curve(feature, one, other), part) * min(1.0, hashes / _ENOUGH)
    if common and part < _WHOLE and _is_placed(one, other):
        feature = "text-of-agency"
    return Reason(feature, weight, (part, float(hashes)))


def _curve(feature: str, one: Features, other: Features) -> Curve:
    """Return the curve of a feature for what is compared: agencies and programmes have curves of their own."""
    which = "agency-" if _is_placed(one, other) else "programme-" if one.kind == "programme" else ""
    return _CURVES.get(f"{which}{feature}") or _CURVES[feature]


def _is_placed(one: Features, other: Features) -> bool:
    """Say whether an agency recruits for a client."""
    return one.kind == "vacancy" and "intermediary" in {one.role, other.role}


def _figures(one: Features, other: Features) -> Reason | None:
    ours, theirs = unpacked(one.figures), unpacked(other.figures)
    fewest = min(len(ours), len(theirs))
    if fewest < _FEWEST_FIGURES:
        return None
    part = len(set(ours).intersection(theirs)) / fewest
    weight = on_curve(_curve("numbers-shared", one, other), part) * min(1.0, fewest / _ENOUGH_FIGURES)
    return Reason("numbers-shared", weight, (part, float(fewest)))


def _contract(one: Features, other: Features) -> Reason | None:
    if not one.contracts or not other.contracts:
        return None
    found = [each for each in one.contracts if each in other.contracts]
    return (
        _reason("contract-same", found[0]) if found else _reason("contract-other", one.contracts[0], other.contracts[0])
    )


def _work_time(one: Features, other: Features) -> Reason | None:
    if not one.work_times or not other.work_times or not set(one.work_times).isdisjoint(other.work_times):
        return None
    return _reason("work-time-other", one.work_times[0], other.work_times[0])


def _hours(one: Features, other: Features) -> Reason | None:
    if one.hours is None or other.hours is None:
        return None
    apart = abs(one.hours - other.hours)
    if apart <= _NEAR:
        return _reason("hours-same", one.hours, other.hours)
    return _reason("hours-other", one.hours, other.hours) if apart > _FAR else None


def _starts(one: Features, other: Features) -> Reason | None:
    if one.starts is None or other.starts is None:
        return None
    apart = abs(one.starts - other.starts)
    return _reason("starts-other", float(apart)) if apart > _STARTS_FAR else None


def _days(one: Features, other: Features) -> Reason | None:
    if one.published is None or other.published is None:
        return None
    apart = float(abs(one.published - other.published))
    return Reason("days-apart", on_curve(_CURVES["days-apart"], apart), (apart,))


def _expiry(one: Features, other: Features) -> Reason | None:
    if one.expires is None or other.expires is None:
        return None
    apart = float(abs(one.expires - other.expires))
    return Reason("expiry-apart", on_curve(_CURVES["expiry-apart"], apart), (apart,))


def _agency(one: Features, other: Features) -> Reason | None:
    return _reason("agency", one.names[0] if one.names else "") if _is_placed(one, other) else None


def _most(*beginnings: str) -> float:
    """Return the most that a feature with one of these beginnings can weigh for a pair."""
    tops = [
        (name.removeprefix("agency-").removeprefix("programme-"), max(weight for _, weight in curve))
        for name, curve in _CURVES.items()
    ]
    return max(0.0, *(weight for name, weight in (*_WEIGHTS.items(), *tops) if name.startswith(beginnings)))


_STEPS = (
    (_page, _most("address-")),
    (_days, _most("days-")),
    (_hours, _most("hours-")),
    (_expiry, _most("expiry-")),
    (_contract, _most("contract-")),
    (_title, _most("title-")),
    (_work_time, _most("work-time-")),
    (_starts, _most("starts-")),
    (_agency, _most("agency")),
    (_occupation, _most("occupation-")),
    (_street, _most("place-street", "place-other-street")),
    (_text, _most("text-", "meanings-")),
    (_figures, _most("numbers-")),
)
_TO_COME = tuple(accumulate((most for _, most in reversed(_STEPS))))[::-1]

EVIDENCE: tuple[tuple[Evidence, float], ...] = tuple(
    (look, most) for (look, _), most in zip(_STEPS, _TO_COME, strict=True)
)
"""What to look at beside organisation and place, each with the most that it and all after it can weigh for a pair.

First what is told fastest, last what takes longest.
"""
