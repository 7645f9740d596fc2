"""Texts in one language, for formats that have one: the reader's, else another in a fixed order."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from hub.model.markup import plain, sanitise
from hub.model.text import UNDETERMINED

FALLBACK = ("nl", "fr", "en", "de")
"""The languages to fall back on, the first that is there; then any other by its tag, and last what has no language."""

_OTHERS = len(FALLBACK) + 1
_LAST = _OTHERS + 1
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Words:
    """A text and the language it is in: a BCP 47 tag, ``und`` where that is not known."""

    text: str
    language: str


def words(value: Mapping[str, str], language: str) -> Words:
    """Return the text in this language, or in the next best one, with the language it really is in."""
    tag = min(value, key=lambda tag: (_rank(tag, language), tag))
    return Words(value[tag], tag)


def in_words(value: Mapping[str, str] | None, language: str) -> str:
    """Return the text in this language or the next best one; empty where there is none."""
    return words(value, language).text if value else ""


def as_html(text: str) -> str:
    """Return rich text as HTML that is safe to show; what has no tags becomes a paragraph. Only XML's entities stay."""
    markup = sanitise(text).replace("&nbsp;", "\xa0")
    return markup if "<" in markup else f"<p>{'<br>'.join(markup.splitlines())}</p>"


def as_paragraph(text: str) -> str:
    """Return plain text as HTML."""
    return f"<p>{html.escape(text, quote=False)}</p>"


def as_plain(text: str) -> str:
    """Return rich text without its tags, one line for each paragraph."""
    return plain(text)


def in_xml(text: str) -> str:
    """Return a text for XML: escaped, and without the characters that no XML can hold."""
    return html.escape(_NOT_XML.sub("", text))


def in_cdata(text: str) -> str:
    """Return a text as a CDATA section, without the characters that no XML can hold."""
    return f"<![CDATA[{_NOT_XML.sub('', text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def _rank(tag: str, language: str) -> int:
    bare = tag.partition("-")[0]
    if bare == language:
        return 0
    if tag == UNDETERMINED:
        return _LAST
    return FALLBACK.index(bare) + 1 if bare in FALLBACK else _OTHERS
