"""The texts of an ad: as HTML, and in which language they are."""

import html
import re

from hub import plain

SWEDISH, UNKNOWN = "sv", "und"
_SAMPLE = 2_000
_WORD = re.compile(r"[^\W\d_]+")
_SMALL_WORDS = {
    "swedish": frozenset({"och", "att", "det", "som", "för", "på", "är", "av", "med", "till", "vi", "du", "har", "om"}),
    "english": frozenset({"and", "the", "to", "of", "for", "with", "you", "we", "is", "are", "our", "your", "as"}),
}


def markup(formatted: str | None, bare: str | None) -> str | None:
    """Return the text as HTML: the formatted one where it is, else the bare one with its lines as paragraphs."""
    if formatted and "<" in formatted:
        return formatted
    lines = [line.strip() for line in (formatted or bare or "").splitlines()]
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line) or None


def language_of(title: str, text: str | None) -> str:
    """Return ``sv``, or ``und`` where the small words are English, as in many ads; the hub then looks closer."""
    words = [word.casefold() for word in _WORD.findall(f"{title} {plain((text or '')[:_SAMPLE])}")]
    swedish, english = (sum(word in small for word in words) for small in _SMALL_WORDS.values())
    return UNKNOWN if english > swedish else SWEDISH
