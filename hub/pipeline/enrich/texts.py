"""Texts as they are meant: unseen characters out, what was escaped twice unescaped, lines and marks as HTML."""

import unicodedata

from hub.clean.characters import without_unseen
from hub.clean.markup import bare, structured, unescaped_markup
from hub.model.derivation import Derivation
from hub.model.listing import Listing
from hub.model.markup import sanitise
from hub.model.text import MOST_CHARACTERS, MOST_TAGS
from hub.pipeline.enrich.step import Step
from hub.pipeline.enrich.wording import Form, Rewriting, reworded

METHOD = "text-tidied"
VERSION = "2"

_LINES = frozenset({Form.plain, Form.name})


def with_tidy_texts(listing: Listing) -> Step:
    """Return the listing with its texts as they were meant, the same one where they are; no word of them changes."""
    tidied, changed = reworded(listing, _REWRITING)
    if not changed:
        return Step(listing)
    return Step(tidied, (), (Derivation(fields=changed, method=METHOD),))


def _text(said: str, form: Form) -> str:
    seen = without_unseen(said)
    if form is Form.rich:
        return _rich(seen, said)
    if form in _LINES and ("&" in seen or "<" in seen):
        seen = bare(seen)
    if form in _LINES and "\xa0" in seen:
        seen = seen.replace("\xa0", " ")
    return seen if seen is said else _normal(seen)


def _rich(seen: str, said: str) -> str:
    meant = unescaped_markup(seen) if "&" in seen else seen
    meant = structured(meant if meant == seen else sanitise(meant))
    if meant == said:
        return said
    clean = _normal(sanitise(meant))
    # What would no longer be accepted by the model stays as it was accepted.
    return said if len(clean) > MOST_CHARACTERS or clean.count("<") > MOST_TAGS else clean


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


_REWRITING = Rewriting(_text)
