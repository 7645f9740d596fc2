"""The page docs/how-to/add-a-json-partner.md: its example is loaded and run, its code as well."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hub_generic_json import GenericJson, GenericJsonOptions
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from hub import Complete, RawRecord, Vacancy, Withdrawal
from hub.testing import Sandbox, adapter_for, fetch

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "add-a-json-partner.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Return the code on the page in this language, without its indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", PAGE, re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


SOURCE = tomllib.loads(blocks("toml")[0])["options"]
ANSWER = json.loads(blocks("json")[0])


class Voorbeeld(Sandbox):
    """The partner of the page: its list comes as one page, for those who have the key."""

    def __init__(self) -> None:
        super().__init__([Route("/v1/jobs", self._jobs)])

    def options(self, address: str) -> dict[str, Any]:
        """Return the options of the page, with the address and the key."""
        key = {**SOURCE["access"], "key": "k-123"}
        return {**SOURCE, "url": f"{address}/v1/jobs", "access": key}

    def tick(self) -> Mapping[str, int]:
        """Change nothing."""
        return {}

    async def _jobs(self, request: Request) -> JSONResponse:
        if request.headers.get("X-Api-Key") != "k-123":
            return JSONResponse({}, 401)
        first = request.query_params["page"] == "1"
        return JSONResponse(ANSWER if first else {**ANSWER, "results": []})


@pytest.fixture
def voorbeeld() -> Voorbeeld:
    return Voorbeeld()


def test_the_page_s_source_reads_the_page_s_answer(voorbeeld: Voorbeeld) -> None:
    adapter = adapter_for(GenericJson, voorbeeld)
    first, second, third, end = fetch(adapter, voorbeeld)
    assert isinstance(first, RawRecord)
    assert isinstance(second, RawRecord)
    assert (type(third), type(end)) == (Withdrawal, Complete)
    found = adapter.normalise(first)
    listing = found.listing
    assert isinstance(listing, Vacancy)
    assert listing.title == {"nl": "Medewerker keuken", "fr": "Aide de cuisine"}
    assert (listing.hours_per_week, listing.training_on_the_job, listing.organisation.kbo) == (38, True, "0403170701")
    assert [each.municipality for each in adapter.normalise(second).listing.places] == ["Brussel", "Gent"]
    assert (found.unknown_fields, found.unknown_values) == ((), ())
    assert "Contact Persoon" not in str(first)


def test_the_part_about_changes_is_valid() -> None:
    changes = tomllib.loads(blocks("toml")[1])["options"]["changes"]
    options = {**SOURCE, "access": None, "changes": changes}
    assert GenericJsonOptions.model_validate(options).changes is not None


def test_the_code_of_the_page_works(voorbeeld: Voorbeeld) -> None:
    names: dict[str, Any] = {"__name__": "voorbeeld"}
    exec(compile(blocks("python")[0], "add-a-json-partner.md", "exec"), names)
    adapter = adapter_for(names["Voorbeeld"], voorbeeld)
    record = RawRecord("V-1", {**ANSWER["results"][0], "hours": "2280"})
    assert adapter.normalise(record).listing.hours_per_week == 38
