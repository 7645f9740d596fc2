"""Atom read by feedparser and lxml, and JSON Feed held against its rules: feedparser does not know it."""

from collections.abc import Callable
from typing import Any

import feedparser
import orjson
from lxml import etree

from hub.format import Edition, Entry
from hub.formats import Atom, JsonFeed

Make = Callable[..., Any]
NAMES = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}


def atom(edition: Edition, *entries: Entry) -> bytes:
    return b"".join(Atom().write(iter(entries), edition))


def feed(edition: Edition, *entries: Entry) -> Any:
    return orjson.loads(b"".join(JsonFeed().write(iter(entries), edition)))


def test_atom_is_well_formed_and_says_what_the_opportunity_says(edition: Make, vacancy: Make) -> None:
    parsed = feedparser.parse(atom(edition(), vacancy()))
    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert parsed.feed.title == "Alle kansen"
    assert parsed.feed.updated == "2026-11-22T19:30:00Z"
    (entry,) = parsed.entries
    assert entry.id == vacancy().address
    assert entry.link == f"{vacancy().address}?lang=nl"
    assert entry.title == "Lasser & plooier <m/v>"
    assert entry.author == "Maatwerkbedrijf De Brug <vzw> & co"
    assert (entry.updated, entry.published) == ("2026-11-22T18:00:00Z", "2026-11-20T00:00:00Z")
    assert "<strong>tuinen</strong>" in entry.content[0].value
    assert "script" not in entry.content[0].value
    assert {tag.term for tag in entry.tags} == {"vacature", "Gent", "Aalst"}


def test_atom_tells_what_is_gone_as_rfc_6721_does(edition: Make, vacancy: Make, gone: Make) -> None:
    root = etree.fromstring(atom(edition(), vacancy(), gone(3, "expired")))
    (tombstone,) = root.findall("at:deleted-entry", NAMES)
    said = {str(name): value for name, value in tombstone.attrib.items()}
    assert said == {"ref": gone(3).address, "when": "2026-11-22T18:00:00Z"}
    assert tombstone.findtext("at:comment", namespaces=NAMES) == "expired"
    assert len(root.findall("a:entry", NAMES)) == 1


def test_atom_says_in_which_language_a_text_really_is(edition: Make, vacancy: Make, programme: Make) -> None:
    root = etree.fromstring(atom(edition("en"), vacancy(), programme()))
    spoken = "{http://www.w3.org/XML/1998/namespace}lang"
    titles = [title.get(spoken) for title in root.findall("a:entry/a:title", NAMES)]
    contents = [content.get(spoken) for content in root.findall("a:entry/a:content", NAMES)]
    assert root.get(spoken) == "en"
    assert (titles, contents) == (["nl", "de"], ["nl", "fr"])


def test_atom_survives_characters_that_no_xml_can_hold(edition: Make, vacancy: Make) -> None:
    content = atom(edition(), vacancy(title={"nl": "a\x00b\x0bc\ufffe]]>"}))
    assert etree.fromstring(content).findtext("a:entry/a:title", namespaces=NAMES) == "abc]]>"


def test_json_feed_has_what_version_1_1_asks(edition: Make, vacancy: Make, programme: Make) -> None:
    said = feed(edition("fr"), vacancy(), programme())
    assert said["version"] == "https://jsonfeed.org/version/1.1"
    assert (said["title"], said["language"]) == ("Toutes les offres & plus", "fr")
    assert said["feed_url"] == edition("fr").url
    assert said["_schakel"]["position"] == 4711
    assert all(isinstance(item["id"], str) and item["content_html"] and item["title"] for item in said["items"])
    first, second = said["items"]
    assert (first["title"], first["language"], second["language"]) == ("Soudeur", "nl", "fr")
    assert first["external_url"] == "https://partner.example/65"
    assert {key for item in said["items"] for key in item if key.startswith("_")} == {"_schakel"}


def test_an_empty_view_is_a_valid_feed(edition: Make) -> None:
    parsed = feedparser.parse(atom(edition()))
    assert (bool(parsed.bozo), parsed.entries) == (False, [])
    assert feed(edition())["items"] == []


def test_a_title_without_a_description_is_the_content_and_is_no_markup(edition: Make, vacancy: Make) -> None:
    (item,) = feed(edition(), vacancy(description=None))["items"]
    assert item["content_html"] == "<p>Lasser &amp; plooier &lt;m/v&gt;</p>"


def test_mail_addresses_to_apply_to_are_not_in_the_feeds(edition: Make, vacancy: Make) -> None:
    assert b"jobs@brug.example" not in atom(edition(), vacancy())
    assert "jobs@brug.example" not in str(feed(edition(), vacancy()))
