"""The small set of HTML a description may carry: made of any HTML, and as plain text."""

import html
import re

import nh3

TAGS = frozenset({"p", "br", "ul", "ol", "li", "strong", "em", "h3", "a"})
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_LINE_ENDS = re.compile(r"</?(?:p|li|ul|ol|h3)>|<br ?/?>")
_SPACES = re.compile(r"[\t\xa0][ \t\xa0]*| [ \t\xa0]+")  # not a single space, of which a text has hundreds
_LINES = re.compile(r" ?\n[ \n]*")

# Tags that are not ours but part what stands in them: without them "Taken" and "Profiel" would be one word.
_BLOCKS = (
    "address|article|aside|blockquote|center|dd|details|div|dl|dt|figcaption|figure|footer|form|header|hr|main|nav|pre"
    "|section|summary|table|tbody|tfoot|thead|tr"
)
_CELLS = "caption|label|option|td|th"
_ATTRIBUTES = r"""(?:\s(?:[^<>"']|"[^"<>]{0,500}"|'[^'<>]{0,500}'){0,99}+)?/?>"""
_NAMES = re.compile(r"</?(\w+)")
_KNOWN = TAGS | {"b", "i", "u", "span", "font", "img", "small", "sup", "sub"}
_HEADING = re.compile(rf"<(/?)h[12456]{_ATTRIBUTES}", re.IGNORECASE)
_BLOCK = re.compile(rf"</?(?:{_BLOCKS}){_ATTRIBUTES}", re.IGNORECASE)
_CELL = re.compile(rf"</?(?:{_CELLS}){_ATTRIBUTES}", re.IGNORECASE)
_OURS = "</?(?:p|ul|ol|li|h3)>"
_RULES = re.compile(rf"({_OURS}|^)?\s*<hr>(?:\s|<hr>)*(?=({_OURS}|<br>|$)?)")

# HTML that cleaning leaves as it is, to the letter: our own tags in a plain order, without links and entities. Most
# texts are so, and to see that costs a fifth of cleaning them.
_WORDS = r"[^<>&\x00\r\xa0\ufeff\ud800-\udfff]*+"
_LINE = rf"{_WORDS}(?:(?:<br>|<strong>{_WORDS}</strong>|<em>{_WORDS}</em>){_WORDS})*+"
_ITEMS = rf"{_WORDS}(?:<li>{_LINE}</li>{_WORDS})*+"
_CLEAN = re.compile(rf"{_LINE}(?:<(?:p>{_LINE}</p|h3>{_LINE}</h3|ul>{_ITEMS}</ul|ol>{_ITEMS}</ol)>{_LINE})*+")

_rich = nh3.Cleaner(tags=set(TAGS), attributes={"a": {"href"}}, url_schemes=set(SCHEMES), link_rel=None)
_ruled = nh3.Cleaner(tags={*TAGS, "hr"}, attributes={"a": {"href"}}, url_schemes=set(SCHEMES), link_rel=None)
_bare = nh3.Cleaner(tags=set(), attributes={})


def sanitise(markup: str) -> str:
    """Return the HTML with only our tags and links left, on lines of their own; scripts, styles and images are gone."""
    if "<" not in markup:
        return _rich.clean(markup) if "&" in markup else markup
    if _CLEAN.fullmatch(markup):
        return markup
    return _rich.clean(markup if _KNOWN.issuperset(_NAMES.findall(markup)) else _parted(markup))


def _parted(markup: str) -> str:
    """Return HTML with headings and line breaks for the tags that part a text and are not ours, to be sanitised yet."""
    ruled = _CELL.sub(" ", _BLOCK.sub("<hr>", _HEADING.sub(r"<\1h3>", markup)))
    return _RULES.sub(_broken, _ruled.clean(ruled))


def _broken(found: re.Match[str]) -> str:
    """Return a line break, or nothing beside a paragraph or a list, which part by themselves."""
    return "<br>" if found[1] is None and found[2] is None else found[1] or ""


def plain(markup: str) -> str:
    """Return the plain-text form of sanitised HTML, one line per paragraph or list item."""
    bare = html.unescape(_bare.clean(_LINE_ENDS.sub("\n", markup)))
    return _LINES.sub("\n", _SPACES.sub(" ", bare)).strip()
