"""What describes the data and the API, and what holds for every answer."""

import logging

import httpx
import pytest

from hub.model.vocabulary import VOCABULARIES
from hub.web import Site

ADDRESSES = ["/", "/feeds/all", "/schemas", "/schemas/vacancy.json", "/vocabularies", "/openapi.json", "/health"]
MISSING = ["/nope", "/feeds", "/schemas/x.json", "/vocabularies/x", "/static/x", "/docs", "/redoc", "/feeds/all/"]


@pytest.mark.parametrize("kind", ["vacancy", "programme"])
def test_each_kind_has_its_schema(visitor: httpx.Client, kind: str) -> None:
    answer = visitor.get(f"/schemas/{kind}.json")
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json()["$id"] == f"https://hub.example/schemas/{kind}.json"
    assert visitor.get("/schemas").json()[kind] == answer.json()["$id"]


@pytest.mark.parametrize("name", VOCABULARIES)
def test_each_vocabulary_has_labels_in_four_languages(visitor: httpx.Client, name: str) -> None:
    terms = visitor.get(f"/vocabularies/{name}").json()["terms"]
    assert [term["value"] for term in terms] == list(VOCABULARIES[name])
    assert all(set(term["labels"]) == {"nl", "fr", "en", "de"} and term["definition"] for term in terms)


def test_openapi_describes_what_is_there_with_problems_for_refusals(visitor: httpx.Client) -> None:
    contract = visitor.get("/openapi.json").json()
    assert contract["openapi"].startswith("3.1")
    assert set(contract["paths"]) >= {
        "/.well-known/api-catalog",
        "/catalog",
        "/catalog.jsonld",
        "/catalog.ttl",
        "/feeds/{name}",
        "/health",
        "/openapi.json",
        "/opportunities/{identifier}",
        "/problems",
        "/problems/{code}",
        "/schemas",
        "/schemas/v1/{name}.json",
        "/status.json",
        "/schemas/{name}.json",
        "/vocabularies",
        "/vocabularies/{name}",
    }
    operations = [operation for path in contract["paths"].values() for operation in path.values()]
    answers = [answer for operation in operations for answer in operation["responses"].items()]
    refusals = [answer["content"] for status, answer in answers if status >= "400"]
    assert refusals
    assert all(set(content) == {"application/problem+json"} for content in refusals)
    assert "422" not in contract["paths"]["/feeds/{name}"]["get"]["responses"]


DESCRIBED = ["/schemas", "/vocabularies", "/openapi.json", "/health", "/views", "/previews", "/problems", "/catalog"]


@pytest.mark.parametrize("address", [*DESCRIBED, "/status.json", "/sitemap.xml", "/robots.txt", "/catalog.ttl"])
def test_openapi_says_of_each_answer_what_it_has(visitor: httpx.Client, address: str) -> None:
    said = visitor.get("/openapi.json").json()["paths"][address]["get"]
    answer = visitor.get(address)
    assert answer.headers["content-type"].partition(";")[0] in said["responses"]["200"]["content"]
    tagged = "etag" in answer.headers
    assert ("ETag" in said["responses"]["200"].get("headers", ()), "304" in said["responses"]) == (tagged, tagged)
    assert ("If-None-Match" in [each["name"] for each in said.get("parameters", ())]) == tagged


def test_openapi_says_which_fields_go_with_a_refusal(visitor: httpx.Client) -> None:
    contract = visitor.get("/openapi.json").json()
    said = {path: each["get"]["responses"] for path, each in contract["paths"].items() if "get" in each}
    fields = {status: set(each["headers"]) for status, each in said["/feeds/{name}"].items() if status > "400"}
    quota = {"RateLimit", "RateLimit-Policy"}
    assert fields["401"] == {"WWW-Authenticate", *quota}
    assert fields["429"] == fields["503"] == {"Retry-After", *quota}
    assert set(said["/health"]) == {"200", "503"}  # it is answered to everybody, however often
    assert set(contract["components"]["headers"]) >= set.union(*fields.values())


@pytest.mark.parametrize("address", MISSING)
def test_what_is_not_there_is_a_problem(visitor: httpx.Client, address: str) -> None:
    answer = visitor.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert (answer.json()["title"], answer.json()["status"]) == ("There is nothing here", 404)


@pytest.mark.parametrize("address", [*ADDRESSES, "/static/style.css"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nothing_can_be_written(visitor: httpx.Client, address: str, method: str) -> None:
    answer = visitor.request(method, address)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("address", [*ADDRESSES, "/static/style.css", "/static/favicon.svg"])
def test_head_answers_everywhere_without_a_body(visitor: httpx.Client, address: str) -> None:
    head, whole = visitor.head(address), visitor.get(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]


@pytest.mark.parametrize("address", [*ADDRESSES, "/nope"])
def test_every_answer_keeps_browsers_careful_and_names_no_software(visitor: httpx.Client, address: str) -> None:
    headers = visitor.get(address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


def test_a_mistake_of_ours_tells_nothing_of_the_inside(
    visitor: httpx.Client, site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(site.database, "read", stumble)
    with caplog.at_level(logging.CRITICAL):
        answer = visitor.get("/feeds/all?afterChangeNumber=987654321")  # a page that is never kept
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    monkeypatch.undo()
    assert visitor.get("/feeds/all").status_code == 200
