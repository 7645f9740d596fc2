"""What changed last in a view as JSON Feed 1.1, for newsletters and web pages."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from hub.format import Edition, Entry, Format
from hub.formats.news import LATEST, news
from hub.formats.words import in_words
from hub.model.text import UNDETERMINED


class JsonFeed(Format):
    """The live items that changed last, the newest first. JSON Feed cannot say that something is gone."""

    name = "json-feed"
    file = "feed.json"
    media_type = "application/feed+json"
    title = "The latest for newsletters and web pages (JSON Feed)"
    latest = LATEST
    in_languages = True

    def write(self, entries: Iterable[Entry], edition: Edition) -> Iterator[bytes]:
        """Yield the head of the feed, then each item."""
        yield orjson.dumps(_head(edition))[:-1] + b',"items":['
        separator = b""
        for entry in entries:
            yield separator + orjson.dumps(_item(entry, edition))
            separator = b","
        yield b"]}\n"


def _head(edition: Edition) -> Mapping[str, Any]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": in_words(edition.title, edition.language),
        "home_page_url": f"{edition.home}/views/{edition.view}?lang={edition.language}",
        "feed_url": edition.url,
        "language": edition.language,
        "authors": [{"name": edition.operator or edition.home, "url": edition.home}],
        "_schakel": {"feed": edition.feed, "position": edition.position, "licence": edition.licence},
    }


def _item(entry: Entry, edition: Edition) -> Mapping[str, Any]:
    said = news(entry, edition)
    language = {} if said.content.language == UNDETERMINED else {"language": said.content.language}
    external = {"external_url": entry.data["url"]} if entry.data.get("url") else {}
    return {
        "id": entry.address,
        "url": said.page,
        **external,
        "title": said.title.text,
        "content_html": said.content.text,
        "date_published": said.published,
        "date_modified": entry.changed,
        "authors": [{"name": said.organisation}],
        "tags": [*said.tags, *said.where],
        **language,
        "_schakel": {"kind": entry.kind, "position": entry.position},
    }
