"""Markup that was escaped once too often, and plain text that only looks like markup: paragraphs and lists of marks.

Works on strings; what comes out still has to be sanitised by the model's own list of tags.
"""

import html
import re
from collections.abc import Iterator
from itertools import groupby

_TAGS = "p|br|ul|ol|li|strong|em|b|i|u|h[1-6]|a|div|span|font|table|tr|td|tbody"
_ESCAPED_TAG = re.compile(rf"&lt;/?(?:{_TAGS})\b[^<>&]{{0,300}}(?:&quot;[^<>&]{{0,300}}){{0,12}}/?&gt;", re.IGNORECASE)
_ESCAPED_TWICE = re.compile(r"&amp;(?=(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,24});)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,24});")
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]{{0,500}})?/?>", re.IGNORECASE)
_BREAK = re.compile(r"<br ?/?>|\n")
_DEEPEST = 3

_BULLET = re.compile(r"\s*(?:[•·▪◦‣●○■□➢➤►✓✔✅»*]|[-–—](?=\s)|o(?=\s{2,}))\s*(?=\S)")
_NUMBER = re.compile(r"\s*(\d{1,2})[.)]\s+(?=\S)")
_INLINE = re.compile(r"\s[•▪●➢►✓✔]\s")
_PARAGRAPH = re.compile(r"<p>([^<\x00]*+(?:<(?!/?(?:p|ul|ol|li|h3)\b)[^<\x00]*+)*+)</p>")
_PARTED = re.compile(r"<br ?/?>|[\n•▪●➢►✓✔]")
"""What a paragraph of several lines has between them."""


def unescaped_markup(markup: str) -> str:
    """Return HTML whose tags or entities had been escaped once too often as it was meant; the same object otherwise."""
    for _ in range(_DEEPEST):
        if "&amp;" in markup:
            markup = _ESCAPED_TWICE.sub("&", markup)
        if "&lt;" not in markup or not _ESCAPED_TAG.search(markup):
            break
        markup = _ESCAPED_TAG.sub(lambda tag: html.unescape(tag[0]), markup)
    return markup


def bare(text: str) -> str:
    """Return a line of text without the tags and entities that it must not have; the same object otherwise."""
    for _ in range(_DEEPEST):
        if "&" not in text or not _ENTITY.search(text):
            break
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    if "<" in text and _TAG.search(text):
        text = " ".join(_TAG.sub(" ", text).split())
    return text


def structured(markup: str) -> str:
    """Return plain text, or paragraphs of lines, as paragraphs and lists; the same object where nothing is to do."""
    if "<" not in markup:
        return _of_lines(markup.split("\n")) if "\n" in markup.strip() or _INLINE.search(markup) else markup
    if "<p>" not in markup or not _PARTED.search(markup):
        return markup
    return _PARAGRAPH.sub(_listed, markup)


def _listed(paragraph: re.Match[str]) -> str:
    if not _PARTED.search(paragraph[1]):
        return paragraph[0]
    lines = _lines(_BREAK.split(paragraph[1]))
    if sum(_BULLET.match(line) is not None for line in lines) < 2 and not _is_numbered(lines):
        return paragraph[0]
    return _of_lines(lines)


def _lines(lines: list[str]) -> list[str]:
    """Return the lines, those with marks in their midst as one line each."""
    return [part for line in lines for part in (_INLINE.sub("\n• ", line).split("\n") if _is_inline(line) else (line,))]


def _is_inline(line: str) -> bool:
    return len(_INLINE.findall(line)) + bool(_BULLET.match(line)) >= 2


def _is_numbered(lines: list[str]) -> bool:
    numbers = [int(found[1]) for line in lines if (found := _NUMBER.match(line))]
    return len(numbers) >= 2 and numbers == list(range(1, len(numbers) + 1))


def _of_lines(lines: list[str]) -> str:
    lines = [line.strip() for line in _lines(lines)]
    numbered = _is_numbered(lines)
    kinds = [_kind(line, numbered=numbered) for line in lines]
    # One line with a dash is a sentence; two are a list.
    if kinds.count("ul") == 1:
        kinds = ["p" if kind == "ul" else kind for kind in kinds]
    groups = groupby(zip(kinds, lines, strict=True), key=lambda pair: pair[0])
    return "".join(part for kind, group in groups for part in _parts(kind, [line for _, line in group]))


def _kind(line: str, *, numbered: bool) -> str:
    if not line:
        return ""
    return "ul" if _BULLET.match(line) else "ol" if numbered and _NUMBER.match(line) else "p"


def _parts(kind: str, lines: list[str]) -> Iterator[str]:
    if kind == "p":
        yield f"<p>{'<br>'.join(lines)}</p>"
    elif kind:
        mark = _BULLET if kind == "ul" else _NUMBER
        items = "".join(f"<li>{mark.sub('', line, count=1)}</li>" for line in lines)
        yield f"<{kind}>{items}</{kind}>"
