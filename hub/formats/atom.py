"""What changed last in a view as Atom (RFC 4287), with tombstones of what is gone (RFC 6721)."""

from collections.abc import Iterable, Iterator

from hub.format import Edition, Entry, Format
from hub.formats.news import LATEST, News, news
from hub.formats.words import Words, in_words, in_xml
from hub.model.opportunity import utc
from hub.model.text import UNDETERMINED

_NAMESPACES = 'xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"'


class Atom(Format):
    """One ``entry`` for each live item and one ``at:deleted-entry`` for each that is gone, the newest first."""

    name = "atom"
    file = "atom.xml"
    media_type = "application/atom+xml"
    title = "The latest for feed readers (Atom)"
    latest = LATEST
    in_languages = True
    tombstones = True

    def write(self, entries: Iterable[Entry], edition: Edition) -> Iterator[bytes]:
        """Yield the head of the feed, then each item."""
        yield _opening(edition).encode()
        for entry in entries:
            yield (_entry(entry, news(entry, edition)) if entry.body else _deleted(entry)).encode()
        yield b"</feed>\n"


def _opening(edition: Edition) -> str:
    view = f"{edition.home}/views/{edition.view}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed {_NAMESPACES} xml:lang="{edition.language}">\n'
        f"<id>{in_xml(edition.url)}</id>\n"
        f"<title>{in_xml(in_words(edition.title, edition.language))}</title>\n"
        f"<updated>{utc(edition.made)}</updated>\n"
        f"<author><name>{in_xml(edition.operator or edition.home)}</name><uri>{in_xml(edition.home)}</uri></author>\n"
        f'<link rel="self" type="application/atom+xml" href="{in_xml(edition.url)}"/>\n'
        f'<link rel="alternate" type="text/html" href="{in_xml(f"{view}?lang={edition.language}")}"/>\n'
        f'<link rel="license" href="{in_xml(edition.licence)}"/>\n'
    )


def _entry(entry: Entry, said: News) -> str:
    tags = "".join(f'<category term="{in_xml(tag)}"/>\n' for tag in (*said.tags, *said.where))
    return (
        f"<entry>\n<id>{in_xml(entry.address)}</id>\n"
        f"<title{_spoken(said.title)}>{in_xml(said.title.text)}</title>\n"
        f"<updated>{in_xml(entry.changed)}</updated>\n<published>{said.published}</published>\n"
        f"<author><name>{in_xml(said.organisation)}</name></author>\n"
        f'<link rel="alternate" type="text/html" href="{in_xml(said.page)}"/>\n'
        f'<link rel="alternate" type="application/ld+json" href="{in_xml(entry.address)}.json"/>\n'
        f"{tags}"
        f'<content type="html"{_spoken(said.content)}>{in_xml(said.content.text)}</content>\n</entry>\n'
    )


def _deleted(entry: Entry) -> str:
    reason = f"<at:comment>{in_xml(entry.reason)}</at:comment>" if entry.reason else ""
    return (
        f'<at:deleted-entry ref="{in_xml(entry.address)}" when="{in_xml(entry.changed)}">{reason}</at:deleted-entry>\n'
    )


def _spoken(text: Words) -> str:
    return f' xml:lang="{in_xml(text.language if text.language != UNDETERMINED else "")}"'
