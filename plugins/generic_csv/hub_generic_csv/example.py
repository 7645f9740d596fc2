"""An example source, on which the conformance kit examines the adapter: programmes in a file at an address."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hub.testing import Documents, Sandbox

HEAD = "nr;naam;soort;wie;kbo;site;uitleg;gewijzigd"
ROW = "{0};Taal {0};{1};Voorbeeld vzw;0417.497.106;https://taal{0}.example/;Oefenen in groep;2026-10-0{2} 09:30:00"
OPTIONS: Mapping[str, Any] = {
    "url": "{address}/programmes.csv",
    "headers": {"Authorization": "Bearer sandbox-secret"},
    "kind": "programme",
    "id": "nr",
    "file": {"whole": True},
    "modified": {"column": "gewijzigd"},
    "fields": {
        "title.nl": "naam",
        "description.nl": "uitleg",
        "programmeType": {"column": "soort", "table": "kinds"},
        "organisation.name": "wie",
        "organisation.kbo": "kbo",
        "url": "site",
    },
    "tables": {"kinds": {"taal": "languageIntegration", "mentor": "mentoring"}},
}


def build(_seed: int, _today: date) -> Sandbox:
    """Return a partner with a file of forty programmes; a tick takes three away and brings four."""
    return Documents({"programmes.csv": (table(*range(40)), table(*range(3, 44)))}, OPTIONS)


def table(*numbers: int) -> bytes:
    """Return a file with these programmes."""
    rows = (ROW.format(number, ("taal", "mentor")[number % 2], 1 + number % 9) for number in numbers)
    return "\r\n".join([HEAD, *rows, ""]).encode()
