"""The catalogue of what a hub publishes, as DCAT-AP 3.0.1 asks; rdflib writes it.

Nothing in it is a blank node, so that the same hub gives the same bytes. What is said of the vocabularies of the EU
(the class and label of each value) is what a harvester needs to read the catalogue without fetching them.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from hub.feed.editions import FormatType, offered
from hub.feed.rpde import MEDIA_TYPE
from hub.model.vocabulary import Kind
from hub.views import View

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
_EU = "http://publications.europa.eu/resource/authority"
_IANA = "http://www.iana.org/assignments/media-types"
_RPDE = "https://openactive.io/realtime-paged-data-exchange/"
_JSON_LD = "https://www.w3.org/TR/json-ld11/"

_LANGUAGES = ("nl", "fr", "en")
_BELGIUM = URIRef(f"{_EU}/country/BEL")
_RIGHTS = {"public": URIRef(f"{_EU}/access-right/PUBLIC"), "key": URIRef(f"{_EU}/access-right/RESTRICTED")}
_CONTINUOUS = URIRef(f"{_EU}/frequency/UPDATE_CONT")
_THEMES = URIRef(f"{_EU}/data-theme")
_THEMES_OF: Mapping[Kind, Sequence[str]] = {Kind.vacancy: ("SOCI", "ECON"), Kind.programme: ("SOCI", "EDUC")}
_FILE_TYPES = {
    "application/json": "JSON",
    "application/ld+json": "JSON_LD",
    "application/feed+json": "JSON",
    "application/xml": "XML",
    "application/atom+xml": "ATOM",
    "text/csv": "CSV",
    "application/x-ndjson": "JSON",
}
"""Media types of which the EU has a file type of its own; the others go by their media type alone."""

_CONTEXT = {
    "dcat": str(DCAT),
    "dcatap": str(DCATAP),
    "dct": str(DCTERMS),
    "foaf": str(FOAF),
    "rdfs": str(RDFS),
    "skos": str(SKOS),
    "vcard": str(VCARD),
}

Said = tuple[Node, Node]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a hub publishes, as far as a catalogue tells it.

    Args:
        address: absolute public address of the hub, without a slash at its end.
        title: what the hub is called, by language.
        licence: address of the licence.
        views: that it publishes, those that are read with a key too.
        files: what each of them is written in.
        operator: the organisation that runs the hub; without it the hub itself is the publisher.
        contact: address of who answers questions, ``mailto:`` or ``https:``.
    """

    address: str
    title: Mapping[str, str]
    licence: str
    views: Sequence[View]
    files: Sequence[FormatType] = ()
    operator: str | None = None
    contact: str | None = None


def graph(holdings: Holdings) -> Graph:
    """Return the catalogue as triples."""
    made = Graph()
    for prefix, namespace in _CONTEXT.items():
        made.bind(prefix, namespace)
    for triple in _Writer(holdings).triples():
        made.add(triple)
    return made


def turtle(made: Graph) -> bytes:
    """Return triples as Turtle."""
    return made.serialize(format="turtle", encoding="utf-8")


def json_ld(made: Graph) -> bytes:
    """Return triples as JSON-LD with its context inside, the same bytes for the same triples."""
    written = orjson.loads(made.serialize(format="json-ld", context=_CONTEXT, auto_compact=True))
    return orjson.dumps(_sorted(written), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(each) for name, each in value.items()}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=lambda each: orjson.dumps(each, option=orjson.OPT_SORT_KEYS))
    return value


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads(files("hub.feed").joinpath("catalogue.toml").read_text("utf-8"))


class _Writer:
    """Says what a hub publishes, subject by subject."""

    def __init__(self, holdings: Holdings) -> None:
        self._held = holdings
        self._catalogue = URIRef(f"{holdings.address}/catalog")
        self._licence = URIRef(holdings.licence)

    def triples(self) -> Iterator[tuple[URIRef, Node, Node]]:
        for subject, said in self._subjects():
            yield from ((subject, predicate, value) for predicate, value in said)

    def _subjects(self) -> Iterator[tuple[URIRef, Iterator[Said]]]:
        yield self._catalogue, self._of_catalogue()
        yield self._part("publisher"), self._of_publisher()
        if self._held.contact:
            yield self._part("contact"), self._of_contact(self._held.contact)
        for view in self._held.views:
            yield self._part(view.id), self._of_dataset(view)
            yield self._part(f"{view.id}-service"), self._of_service(view)
            yield self._part(f"{view.id}-feed"), self._of_feed(view)
            for file in self._files(view):
                yield self._part(f"{view.id}-{file.name}"), self._of_file(view, file)
        for name, known in _texts()["values"].items():
            yield URIRef(_EU + name), _of_value(known)
        yield from self._standards()

    def _part(self, name: str) -> URIRef:
        return URIRef(f"{self._catalogue}#{name}")

    def _at(self, path: str) -> URIRef:
        return URIRef(self._held.address + path)

    def _files(self, view: View) -> Sequence[FormatType]:
        return offered(self._held.files, view)

    def _of_catalogue(self) -> Iterator[Said]:
        yield RDF.type, DCAT.Catalog
        yield from _in_languages(DCTERMS.title, self._held.title)
        yield from _in_languages(DCTERMS.description, _texts()["catalogue"]["description"])
        yield DCTERMS.publisher, self._part("publisher")
        yield DCTERMS.license, self._licence
        yield DCTERMS.spatial, _BELGIUM
        yield DCAT.themeTaxonomy, _THEMES
        yield FOAF.homepage, self._at("/")
        yield from _languages()
        for view in self._held.views:
            yield DCAT.dataset, self._part(view.id)
            yield DCAT.service, self._part(f"{view.id}-service")

    def _of_publisher(self) -> Iterator[Said]:
        yield RDF.type, FOAF.Agent
        if self._held.operator:
            yield FOAF.name, Literal(self._held.operator)
        else:
            yield from _in_languages(FOAF.name, self._held.title)
        yield FOAF.homepage, self._at("/")

    def _of_contact(self, address: str) -> Iterator[Said]:
        yield RDF.type, VCARD.Kind
        yield VCARD.fn, Literal(self._held.operator or next(iter(self._held.title.values())))
        yield VCARD.hasEmail if address.startswith("mailto:") else VCARD.hasURL, URIRef(address)

    def _of_dataset(self, view: View) -> Iterator[Said]:
        texts = _texts()["dataset"]
        yield RDF.type, DCAT.Dataset
        yield from _in_languages(DCTERMS.title, view.title)
        yield from _in_languages(DCTERMS.description, texts["description"])
        yield DCTERMS.identifier, Literal(f"{self._held.address}/feeds/{view.id}")
        yield DCTERMS.publisher, self._part("publisher")
        yield DCTERMS.accessRights, _RIGHTS[view.access]
        yield DCTERMS.accrualPeriodicity, _CONTINUOUS
        yield DCTERMS.spatial, _BELGIUM
        yield DCTERMS.conformsTo, URIRef(_JSON_LD)
        yield DCAT.landingPage, self._at("/")
        yield from _languages()
        yield from _themes(view)
        for language, words in texts["keywords"].items():
            yield from ((DCAT.keyword, Literal(word, lang=language)) for word in words)
        if self._held.contact:
            yield DCAT.contactPoint, self._part("contact")
        yield DCAT.distribution, self._part(f"{view.id}-feed")
        yield from ((DCAT.distribution, self._part(f"{view.id}-{file.name}")) for file in self._files(view))

    def _of_service(self, view: View) -> Iterator[Said]:
        yield RDF.type, DCAT.DataService
        yield from _in_languages(DCTERMS.title, _filled("service", "title", view))
        yield from _in_languages(DCTERMS.description, _how_to_read(view))
        yield DCAT.endpointURL, self._at(f"/feeds/{view.id}")
        yield DCAT.endpointDescription, self._at("/openapi.json")
        yield DCAT.servesDataset, self._part(view.id)
        yield DCTERMS.publisher, self._part("publisher")
        yield DCTERMS.conformsTo, URIRef(_RPDE)
        yield DCTERMS.license, self._licence
        yield DCTERMS.accessRights, _RIGHTS[view.access]
        yield from _themes(view)
        if self._held.contact:
            yield DCAT.contactPoint, self._part("contact")

    def _of_feed(self, view: View) -> Iterator[Said]:
        yield RDF.type, DCAT.Distribution
        yield from _in_languages(DCTERMS.title, _filled("service", "title", view))
        yield from _in_languages(DCTERMS.description, _how_to_read(view))
        yield DCAT.accessURL, self._at(f"/feeds/{view.id}")
        yield DCAT.accessService, self._part(f"{view.id}-service")
        yield DCTERMS.conformsTo, URIRef(_RPDE)
        yield from self._of_any_distribution(MEDIA_TYPE, "application/json")

    def _of_file(self, view: View, file: FormatType) -> Iterator[Said]:
        address = self._at(f"/views/{view.id}/{file.file}")
        yield RDF.type, DCAT.Distribution
        yield DCTERMS.title, Literal(file.title, lang="en")
        yield DCAT.accessURL, address
        yield DCAT.downloadURL, address
        yield from self._of_any_distribution(file.media_type, file.media_type)

    def _of_any_distribution(self, media_type: str, family: str) -> Iterator[Said]:
        yield DCTERMS.license, self._licence
        yield DCAT.mediaType, _media_type(media_type)
        if known := _FILE_TYPES.get(family.partition(";")[0]):
            yield DCTERMS["format"], URIRef(f"{_EU}/file-type/{known}")
        yield DCATAP.availability, URIRef(f"{_EU}/planned-availability/STABLE")

    def _standards(self) -> Iterator[tuple[URIRef, Iterator[Said]]]:
        """Yield the class of everything that is named and described elsewhere."""
        yield self._licence, iter([(RDF.type, DCTERMS.LicenseDocument)])
        yield self._at("/"), iter([(RDF.type, FOAF.Document)])
        yield self._at("/openapi.json"), iter([(RDF.type, RDFS.Resource)])
        for address, title in ((_RPDE, "Realtime Paged Data Exchange 1.0"), (_JSON_LD, "JSON-LD 1.1")):
            yield URIRef(address), iter([(RDF.type, DCTERMS.Standard), (DCTERMS.title, Literal(title, lang="en"))])
        for media_type in {MEDIA_TYPE, *(file.media_type for file in self._held.files)}:
            yield _media_type(media_type), iter([(RDF.type, DCTERMS.MediaType)])


def _of_value(known: Mapping[str, Any]) -> Iterator[Said]:
    """Yield what is said of a value of a vocabulary of the EU; a list of values has a title instead of a label."""
    scheme = known["class"] == "skos:ConceptScheme"
    yield from ((RDF.type, _named(each)) for each in known["class"].split())
    yield from _in_languages(DCTERMS.title if scheme else SKOS.prefLabel, known["label"])
    if known.get("scheme"):
        yield SKOS.inScheme, URIRef(_EU + known["scheme"])


def _named(short: str) -> URIRef:
    prefix, _, name = short.partition(":")
    return URIRef(_CONTEXT[prefix] + name)


def _in_languages(predicate: URIRef, texts: Mapping[str, str]) -> Iterator[Said]:
    yield from ((predicate, Literal(text, lang=language)) for language, text in texts.items())


def _languages() -> Iterator[Said]:
    for code in ("NLD", "FRA", "ENG"):
        yield DCTERMS.language, URIRef(f"{_EU}/language/{code}")


def _themes(view: View) -> Iterator[Said]:
    kinds = [view.kind] if view.kind else list(Kind)
    for name in sorted({name for kind in kinds for name in _THEMES_OF[kind]}):
        yield DCAT.theme, URIRef(f"{_EU}/data-theme/{name}")


def _filled(section: str, name: str, view: View) -> Mapping[str, str]:
    """Return a text of the catalogue with the title of a view in it, in each language."""
    texts = _texts()[section][name]
    return {code: texts[code].format(view=view.title.get(code, view.id)) for code in _LANGUAGES}


def _how_to_read(view: View) -> Mapping[str, str]:
    """Return how a view's change feed is read, in each language; one that is read with a key says so."""
    texts = _texts()["service"]
    more = texts["keyed"] if view.access == "key" else dict.fromkeys(_LANGUAGES, "")
    return {code: f"{texts['description'][code]} {more[code]}".rstrip() for code in _LANGUAGES}


def _media_type(media_type: str) -> URIRef:
    return URIRef(f"{_IANA}/{media_type.partition(';')[0]}")
