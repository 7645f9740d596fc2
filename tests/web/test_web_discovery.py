"""How machines find what there is: the catalogue, the API catalogue, and the links of the home page."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest
from rdflib import DCAT, RDF, Graph, URIRef

from hub.views import BUILT_IN, View
from hub.web import Server, Site, app
from hub.web.well_known import MEDIA_TYPE

CATALOGUE = URIRef("https://hub.example/catalog")


@pytest.mark.parametrize(
    ("address", "accept", "written"),
    [
        ("/catalog", "*/*", "application/ld+json"),
        ("/catalog", "text/turtle", "text/turtle; charset=utf-8"),
        ("/catalog.jsonld", "text/turtle", "application/ld+json"),
        ("/catalog.ttl", "application/ld+json", "text/turtle; charset=utf-8"),
    ],
)
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib reads JSON-LD with it
def test_the_catalogue_comes_as_the_reader_prefers(
    visitor: httpx.Client, address: str, accept: str, written: str
) -> None:
    answer = visitor.get(address, headers={"accept": accept})
    assert answer.headers["content-type"] == written
    read = Graph().parse(data=answer.content, format="json-ld" if "json" in written else "turtle")
    assert (CATALOGUE, RDF.type, DCAT.Catalog) in read
    again = visitor.get(address, headers={"accept": accept, "if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_every_feed_of_the_catalogue_can_be_read(visitor: httpx.Client) -> None:
    read = Graph().parse(data=visitor.get("/catalog.ttl").content, format="turtle")
    feeds = [str(address) for address in read.objects(None, DCAT.endpointURL)]
    assert len(feeds) == 3
    assert all("items" in visitor.get(urlsplit(feed).path).json() for feed in feeds)


def test_a_view_that_needs_a_key_is_in_both_catalogues_which_say_so(site: Site, visitor: httpx.Client) -> None:
    closed = replace(site, views=(*BUILT_IN, View("closed", {"nl": "Dicht"}, access="key")))
    with Server(port=0).serving(app(closed)) as server, httpx.Client(base_url=server.address) as other:
        for address, sign in (
            ("/catalog", "access-right/RESTRICTED"),
            ("/catalog.ttl", "For who has a key"),
            ("/.well-known/api-catalog", "read with a key"),
        ):
            answer = other.get(address)
            assert answer.status_code == 200
            assert "feeds/programmes" in answer.text
            assert "feeds/closed" in answer.text
            assert answer.text.count(sign) > visitor.get(address).text.count(sign)


def test_the_api_catalogue_links_every_feed_and_what_describes_them(visitor: httpx.Client) -> None:
    answer = visitor.get("/.well-known/api-catalog")
    assert answer.headers["content-type"] == MEDIA_TYPE
    first, *feeds = answer.json()["linkset"]
    assert [each["href"] for each in first["item"]] == [each["anchor"] for each in feeds]
    assert {"/feeds/all", "/feeds/listings"} <= {urlsplit(feed["anchor"]).path for feed in feeds}
    for feed in feeds:
        described = [feed[name][0]["href"] for name in ("service-desc", "service-doc", "service-meta", "status")]
        addresses = [urlsplit(address).path or "/" for address in (feed["anchor"], *described)]
        assert [visitor.get(address).status_code for address in addresses] == [200] * 5


def test_head_of_the_api_catalogue_says_which_it_is(visitor: httpx.Client) -> None:
    answer = visitor.head("/.well-known/api-catalog")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["link"] == '<https://hub.example/.well-known/api-catalog>; rel="api-catalog"'


def test_the_home_page_links_what_describes_the_hub(visitor: httpx.Client) -> None:
    links = dict(re.findall(r'<https://hub\.example([^>]*)>; rel="([^"]+)"', visitor.get("/").headers["link"]))
    assert set(links.values()) == {"service-desc", "service-doc", "status", "describedby", "api-catalog"}
    assert all(visitor.get(urlsplit(address).path).status_code == 200 for address in links)
