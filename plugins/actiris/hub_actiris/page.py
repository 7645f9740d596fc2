"""One page of the list: how it is asked for, and how its answer is read."""

from collections.abc import Mapping

from hub import Answer, JsonValue, Page, Turn, UnexpectedAnswer

EVERYTHING: Mapping[str, JsonValue] = {
    "texte": None,
    "regimesTravail": None,
    "dateDerniereModification": None,
    "langue": None,
    "codesPostal": [],
    "codesContrat": [],
    "domainesImt": [],
    "secteursPanorama": [],
    "references": None,
    "localisation": "Tout",
    "keywordSearchType": "Partout",
    "isOffreActiris": False,
    "isOffreVdabForem": False,
    "isOfferPartner": False,
    "isOffreHandicap": False,
    "employerFilter": [],
}
"""The filter that asks for every offer, with every field the site itself sends."""

ITEMS = ("items", "offers")
"""The names under which the list was seen."""


def body(turn: Turn, filtered: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the request of a page, with this filter over the one that asks for everything."""
    return {
        "pageOption": {"page": int(turn.params["page"]), "from": turn.read, "pageSize": int(turn.params["size"])},
        "offreFilter": {**EVERYTHING, **filtered},
    }


def read(answer: Answer, url: str) -> Page:
    """Return the page an answer holds; UnexpectedAnswer when it is not a page of the list."""
    if answer.status != 200:
        raise UnexpectedAnswer(f"{url} answered {answer.status} instead of a list: check base_url and list_path.")
    found = answer.json()
    if not isinstance(found, dict):
        raise UnexpectedAnswer(f"{url} answered a {type(found).__name__} where an object with a total is expected.")
    total, items = found.get("total"), next((found[name] for name in ITEMS if name in found), None)
    if not isinstance(total, int) or isinstance(total, bool) or not isinstance(items, list):
        raise UnexpectedAnswer(
            f"{url} answered an object with the fields {sorted(found)}; expected are a number total and a list items."
        )
    return Page(items, total)
