"""The catalogue against DCAT-AP 3.0.1: what is mandatory, and the classes and vocabularies its ranges ask for."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, FOAF, RDF, SKOS, Graph, Literal, URIRef

from hub.feed.catalogue import VCARD, Holdings, graph, json_ld, turtle
from hub.format import Edition, Entry, Format
from hub.model.vocabulary import Kind
from hub.views import BUILT_IN

SHAPES = Graph().parse(Path(__file__).with_name("dcat_ap_shapes.ttl"))
MANDATORY = [
    (DCAT.Catalog, DCTERMS.title),
    (DCAT.Catalog, DCTERMS.description),
    (DCAT.Catalog, DCTERMS.publisher),
    (DCAT.Dataset, DCTERMS.title),
    (DCAT.Dataset, DCTERMS.description),
    (DCAT.Distribution, DCAT.accessURL),
    (DCAT.DataService, DCTERMS.title),
    (DCAT.DataService, DCAT.endpointURL),
    (FOAF.Agent, FOAF.name),
    (SKOS.Concept, SKOS.prefLabel),
    (SKOS.ConceptScheme, DCTERMS.title),
]


class Written(Format):
    title = "A file"

    def write(self, entries: Iterable[Entry], edition: Edition) -> Iterator[bytes]:
        yield b""


class Csv(Written):
    name, file, media_type = "csv", "all.csv", "text/csv; charset=utf-8"


class Jobs(Written):
    name, file, media_type = "jobs", "jobs.xml", "application/xml"
    kinds = frozenset({Kind.vacancy})


class Dates(Written):
    name, file, media_type = "dates", "dates.ics", "text/calendar"
    kinds = frozenset({Kind.programme})


HOLDINGS = Holdings(
    address="https://hub.example",
    title={"nl": "Schakel", "fr": "Maillon", "en": "Link"},
    licence="https://creativecommons.org/licenses/by/4.0/",
    views=BUILT_IN,
    files=(Csv, Jobs, Dates),
    operator="Voorbeeld vzw",
    contact="mailto:data@hub.example",
)


def verdict(said: Graph) -> tuple[bool, str]:
    conforms, _, report = validate(said, shacl_graph=SHAPES, advanced=False)
    return conforms, report


@pytest.fixture
def catalogue() -> Graph:
    return graph(HOLDINGS)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib reads JSON-LD with it
@pytest.mark.parametrize("written", ["json-ld", "turtle"])
def test_the_catalogue_meets_the_shapes_in_both_writings(catalogue: Graph, written: str) -> None:
    read = Graph().parse(data={"json-ld": json_ld, "turtle": turtle}[written](catalogue), format=written)
    assert set(read) == set(catalogue)
    assert verdict(read) == (True, verdict(read)[1])


@pytest.mark.parametrize(("kind", "name"), MANDATORY, ids=lambda each: each.rpartition("/")[2].rpartition("#")[2])
def test_the_shapes_notice_each_mandatory_property_that_is_missing(catalogue: Graph, kind: Any, name: Any) -> None:
    subject = next(catalogue.subjects(RDF.type, kind))
    assert (subject, name, None) in catalogue
    catalogue.remove((subject, name, None))
    conforms, report = verdict(catalogue)
    assert not conforms
    assert "MinCount" in report


@pytest.mark.parametrize(
    ("kind", "name"),
    [(VCARD.Kind, DCAT.contactPoint), (DCTERMS.LicenseDocument, DCTERMS.license), (DCTERMS.Location, DCTERMS.spatial)],
    ids=["contact", "licence", "place"],
)
def test_the_shapes_notice_a_class_that_is_not_said(catalogue: Graph, kind: Any, name: Any) -> None:
    catalogue.remove((None, RDF.type, kind))
    assert "ClassConstraint" in verdict(catalogue)[1]


def test_each_view_is_a_dataset_with_its_feed_and_the_files_that_can_say_it(catalogue: Graph) -> None:
    vacancies = URIRef("https://hub.example/catalog#vacancies")
    given = {catalogue.value(each, DCAT.accessURL) for each in catalogue.objects(vacancies, DCAT.distribution)}
    assert given == {
        URIRef(f"https://hub.example/{path}")
        for path in ("feeds/vacancies", "views/vacancies/all.csv", "views/vacancies/jobs.xml")
    }
    assert set(catalogue.subjects(RDF.type, DCAT.Dataset)) == {
        URIRef(f"https://hub.example/catalog#{view.id}") for view in BUILT_IN
    }
    service = catalogue.value(predicate=DCAT.servesDataset, object=vacancies, any=False)
    assert catalogue.value(service, DCAT.endpointURL) == URIRef("https://hub.example/feeds/vacancies")
    assert catalogue.value(service, DCAT.endpointDescription) == URIRef("https://hub.example/openapi.json")


def test_without_an_operator_the_hub_itself_is_the_publisher_and_nobody_is_the_contact() -> None:
    said = graph(Holdings("https://hub.example", {"nl": "Schakel"}, "https://licence.example/", BUILT_IN))
    publisher = said.value(URIRef("https://hub.example/catalog"), DCTERMS.publisher)
    assert said.value(publisher, FOAF.name) == Literal("Schakel", lang="nl")
    assert (None, DCAT.contactPoint, None) not in said
    assert verdict(said)[0]


def test_the_same_hub_gives_the_same_bytes() -> None:
    assert json_ld(graph(HOLDINGS)) == json_ld(graph(HOLDINGS))
    assert turtle(graph(HOLDINGS)) == turtle(graph(HOLDINGS))
