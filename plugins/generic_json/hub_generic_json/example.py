"""An example source, on which the conformance kit examines the adapter."""

import tomllib
from datetime import date
from importlib.resources import files

from hub.testing import Market, Sandbox
from hub_generic_json.sandbox import PartnersSandbox

OFFERED_BY_ALL = 800
"""So many openings on the market that some scores of them are in the data set."""


def build(seed: int, today: date) -> Sandbox:
    """Return the stand-in for a data set on an open data portal, with the options of ``example.toml``."""
    options = tomllib.loads(files("hub_generic_json").joinpath("example.toml").read_text("utf-8"))
    return PartnersSandbox(Market(seed, OFFERED_BY_ALL, today=today), options)
