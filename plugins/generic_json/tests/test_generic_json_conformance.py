"""Every promise of an adapter, kept by the two example sources."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from hub_generic_json import GenericJson
from hub_generic_json.sandbox import PartnersSandbox

from hub.testing import AdapterConformance, Market, Sandbox

SOURCES = Path(__file__).parents[3] / "config" / "sources"
SEED = 1


class Example(AdapterConformance):
    adapter = GenericJson
    source: ClassVar[str]
    size: ClassVar[int]
    __test__ = False

    @classmethod
    def sandbox(cls) -> Sandbox:
        options: dict[str, Any] = tomllib.loads((SOURCES / f"{cls.source}.toml").read_text("utf-8"))["options"]
        return PartnersSandbox(Market(SEED, cls.size, today=datetime.now(UTC).date()), options)


class TestForem(Example):
    __test__ = True
    source = "forem"
    size = 800


class TestAnotherHub(Example):
    __test__ = True
    source = "another-hub"
    size = 1200
