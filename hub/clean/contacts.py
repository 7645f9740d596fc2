"""Persons in running text: what leads to them, the labels and links around it, and their names beside it.

A name goes only with an address or number that goes too, by the words of ``contacts.toml`` before it or because the
mail address itself spells it. Names that stand alone are left: nothing tells them from those of streets and shops.
"""

import html
import re
import tomllib
from collections.abc import Collection
from functools import cache
from importlib.resources import files

from hub.clean.links import DIRECT, without_person
from hub.clean.mails import find_mails, local_part
from hub.clean.persons import find_personal
from hub.clean.phones import GAP, is_likely, is_mobile

_LETTER = r"[^\W\d_a-zà-öø-ÿ]"
_PARTICLE = r"(?:van|von|de|der|den|het|ter|ten|te|le|la|du|des|el|al|ben|di|da|d')"
_WORD = rf"{_LETTER}[^\W\d_]*(?:['’.-][^\W\d_]+)*\.?"
_NAME = rf"{_WORD}(?: (?:{_PARTICLE} ){{0,2}}{_WORD}){{0,3}}"
_FULL_NAME = rf"{_WORD}(?: (?:{_PARTICLE} ){{0,2}}{_WORD}){{1,3}}"
_TAGS = r"(?:</?(?:strong|em|p|li|ul|br ?/?)>)"
_JOINT = rf"(?:[\s:,;.()|/\xa0\u2010-\u2015-]|&nbsp;|{_TAGS})"
_FIXED = re.compile(rf"(?<![\w.,-])(?:\+\d{{2,3}}|0)(?:{GAP}\d){{8,10}}(?!\d)")

_LINK = re.compile(r'<a href="([^"<>]{0,2000})"[^<>]{0,200}>((?:[^<]|<(?!/a>)){0,400})</a>', re.IGNORECASE)
_PROFILE = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/in/[\w%.-]+/?")
_TAG = re.compile(r"</?\w[^<>]*>")
_OR = re.compile(r"\s*(?:of|ou|or|oder|en|et|and|und|eller|och)\s+(?=\S)")
_CUES = ("ontact", "ontakt", "nsprech", "esponsable", "erantwoordelijk", "ecruiter", "onsul", "ONTACT")
"""What the words that announce a person for sure have in common."""
_LEADS = ("mailto:", "tel:", *DIRECT)
_SHORT = 200
_SUSPECT = re.compile(
    r" (?i:dot|punt|point|punkt|at|arobase|apenstaartje) |linkedin"
    r"|[@%(\[{&\uff20\ufe6b]|\d\D{0,40}\d\D{0,40}\d\D{0,40}\d\D{0,40}\d"
)
"""What every short text has that leads to a person; most have none of it."""
_REACH = 120
"""Characters before an address in which its label and the name of its owner are looked for."""

_MOST_NAMES = 20
"""Names looked for in one text; a list of all who work somewhere is no longer an offer."""

_LEFT_OVERS = (
    (re.compile(r"\(\s*(?:[,;:/|\u2010-\u2015-]\s*)*\)|\[\s*\]"), ""),
    (re.compile(r"<(p|li|strong|em|h3)>(?:\s|&nbsp;|[.,;:/|-]|<br ?/?>)*</\1>"), ""),
    (re.compile(r"<(ul|ol)>\s*</\1>"), ""),
    (re.compile(r"[ \xa0]{2,}"), " "),
    (re.compile(r" +([,;.)])"), r"\1"),
    (re.compile(r"\( +"), "("),
    (re.compile(r"(?:,\s*){2,}"), ", "),
)


def without_contacts(text: str, countries: Collection[str] = ()) -> str:
    """Return a text or HTML without what leads to a person and the names that go with it; else the same object.

    Args:
        text: the text, or sanitised HTML.
        countries: where the offer is, as ISO 3166-1 codes; some numbers are mobile ones in one country only.
    """
    if len(text) < _SHORT and not _SUSPECT.search(text):
        return text
    cleaned, names = _without_links(text, countries)
    found = find_personal(cleaned, countries)
    if not found and cleaned is text:
        return _without_fixed(text)
    parts, end = [], 0
    for each in found:
        said, before = cleaned[each.start : each.end], cleaned[end : each.start]
        names += _spelt(said) if each.mail else []
        other = _OR.match(cleaned, each.end)
        parts += [before if other else _without_owner(before, names), _kept(said)]
        end = other.end() if other else each.end
    return _tidy(_without_fixed(_without_names("".join([*parts, cleaned[end:]]), names)))


def _without_names(text: str, names: list[str]) -> str:
    for name in list(dict.fromkeys(names))[:_MOST_NAMES]:
        text = re.sub(name, "", text, flags=re.IGNORECASE)
    return text


def _without_links(text: str, countries: Collection[str]) -> tuple[str, list[str]]:
    """Return the text without links to persons, and patterns of the names that the links' addresses spell."""
    names: list[str] = []
    if "linkedin.com/in/" not in text and ("<a " not in text or not any(lead in text for lead in (*_LEADS, "%40"))):
        return text, names

    def unlinked(found: re.Match[str]) -> str:
        href, said = found[1], found[2]
        mails = [href[start:end] for start, end in find_mails(href)]
        if (
            not mails
            and not _PROFILE.search(href)
            and not (_calls(href) and is_mobile(href.removeprefix("tel:"), countries))
        ):
            return found[0]
        names.extend(name for mail in mails for name in _spelt(mail))
        if mails and (kept := without_person(html.unescape(href))):
            return f'<a href="{html.escape(kept)}">{said}</a>'
        return "" if _names_somebody(said, href) else said

    unlinked_text = _PROFILE.sub("", _LINK.sub(unlinked, text))
    return text if unlinked_text == text else unlinked_text, names


def _calls(href: str) -> bool:
    return href.startswith("tel:") or "wa.me/" in href or "whatsapp.com/send" in href


def _names_somebody(said: str, href: str) -> bool:
    """Say whether the text of a link to a person is that person's name or address."""
    bare = re.sub(r"<[^<>]*>", "", said).strip()
    local = {part for part in re.split(r"\W|\d|_", local_part(href)) if len(part) > 2}
    words = {word.casefold() for word in re.findall(r"\w+", bare)}
    full = re.fullmatch(_FULL_NAME, bare) is not None and not words & _lists("organisations")
    return full or bool(local & words) or not words


def _without_owner(before: str, names: list[str]) -> str:
    """Return what stands before an address without its label and its owner's name, which is added to the names."""
    head, near = before[:-_REACH], before[-_REACH:]
    near = _label().sub(_rest, near)
    found = _owner().search(near)
    if found and not _words(found["name"]) & _lists("organisations"):
        names += [rf"\b{re.escape(found['name'])}(?!\w)"] if " " in found["name"] else []
        near = near[: found.start("name")] + _kept(near[found.start("name") :])
        near = _label().sub(_rest, near)
    return head + near


def _kept(cut: str) -> str:
    """Return what must stay of a part that is cut out: its tags, and a bracket that closes elsewhere."""
    return "".join(_TAG.findall(cut)) + "(" * (cut.count("(") - cut.count(")"))


def _rest(found: re.Match[str]) -> str:
    return _kept(found[0])


def _without_fixed(text: str) -> str:
    """Return the text without the numbers of fixed lines that stand right behind a person's name, and that name."""
    if not is_likely(text) or not any(cue in text for cue in _CUES):
        return text
    for found in reversed(list(_FIXED.finditer(text))):
        before = text[: found.start()]
        near = _label().sub(_rest, before[-_REACH:])
        owner = _sure_owner().search(near)
        if owner and not _words(owner["name"]) & _lists("organisations"):
            kept = _kept(near[owner.start("name") :])
            text = _tidy(before[:-_REACH] + near[: owner.start("name")] + kept + text[found.end() :])
    return text


def _spelt(address: str) -> list[str]:
    """Return the pattern of the full name that a mail address spells, either way round; none where it spells none."""
    parts = [part for part in re.split(r"[._-]", local_part(address)) if len(part) > 1 and part.isalpha()]
    if len(parts) < 2:
        return []
    first, last = re.escape(parts[0]), r"[\s'-]?".join(map(re.escape, parts[1:]))
    return [rf"\b(?:{first}\s+{last}|{last}\s+{first})\b"]


def _tidy(text: str) -> str:
    for pattern, instead in _LEFT_OVERS:
        text = pattern.sub(instead, text)
    return text.strip()


def _words(name: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"\w+", name)}


# The table as regular expressions -----------------------------------------------------------------------------


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"(?i:(?<![\w.-])(?:{_any('labels')})\b){_JOINT}{{0,4}}$")


@cache
def _owner() -> re.Pattern[str]:
    return re.compile(_owned(rf"(?i:{_any('sure')}|{_any('likely')})", _NAME))


@cache
def _sure_owner() -> re.Pattern[str]:
    return re.compile(_owned(rf"(?i:{_any('sure')})", _FULL_NAME))


def _owned(cue: str, name: str) -> str:
    polite, between = f"(?i:{_any('titles')})", f"(?i:{_any('between')})"
    return (
        rf"(?<!\w){cue}(?![\w-]){_JOINT}{{1,6}}(?P<name>(?:{polite}\.? )?{name})"
        rf"{_JOINT}{{0,6}}(?:{between}(?!\w){_JOINT}{{0,4}}){{0,3}}$"
    )


def _any(group: str) -> str:
    return "|".join(map(re.escape, sorted(_table()[group], key=len, reverse=True)))


@cache
def _lists(group: str) -> frozenset[str]:
    return frozenset(_table()[group])


@cache
def _table() -> dict[str, list[str]]:
    return tomllib.loads(files("hub.clean").joinpath("contacts.toml").read_text("utf-8"))
