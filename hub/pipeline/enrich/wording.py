"""Where words stand in the model: every field of text, found from the model itself, so that none is forgotten."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from hub.model.block import Block
from hub.model.code import Code
from hub.model.listing import ApplyWay
from hub.model.organisation import Url
from hub.model.text import RichText, Text

BlockT = TypeVar("BlockT", bound=Block)


class Form(Enum):
    """What a text is written in."""

    plain = "plain"
    rich = "rich"
    """Sanitised HTML."""
    name = "name"
    """A name or a place: one line."""
    url = "url"
    code = "code"


Rewrite = Callable[[str, Form], str]
"""Returns the new text, the very same one where it stays, empty where it goes."""
RewriteWay = Callable[[ApplyWay], ApplyWay | None]
"""The same for a way to apply; None where it goes."""

EMPTY = "…"
"""What stands in for a required text of which nothing is left."""


RewriteMap = Callable[[dict[str, str]], dict[str, str]]
"""The same for a language map as a whole, before its texts."""


def same_text(text: str, _form: Form) -> str:
    """Return the text as it is."""
    return text


def same_way(way: ApplyWay) -> ApplyWay:
    """Return the way to apply as it is."""
    return way


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What is done to every text of a block, to its ways to apply, and to its language maps."""

    text: Rewrite = same_text
    way: RewriteWay = same_way
    languages: RewriteMap | None = None


@dataclass(frozen=True, slots=True)
class _Slot:
    """A field that holds words, or blocks that do."""

    name: str
    alias: str
    form: Form | None
    """None for blocks."""
    required: bool


def reworded(
    block: BlockT, rewriting: Rewriting, only: Collection[str] | None = None
) -> tuple[BlockT, tuple[str, ...]]:
    """Return a block with its texts rewritten, the same one where all stay, and the published paths of what changed.

    Args:
        block: a listing, or a part of one.
        rewriting: what is done.
        only: the fields of the block to look at; all by default.
    """
    changed: list[str] = []
    return _block(block, rewriting, "", changed, only), tuple(changed)


@cache
def slots(kind: type[Block]) -> tuple[_Slot, ...]:
    """Return the fields of a block that hold words."""
    hints = get_type_hints(kind, include_extras=True)
    found = ((name, field, _form(kind, name, hints[name])) for name, field in kind.model_fields.items())
    return tuple(
        _Slot(name, field.alias or name, form[0], field.is_required())
        for name, field, form in found
        if form is not None
    )


def _block(
    block: BlockT, rewriting: Rewriting, at: str, changed: list[str], only: Collection[str] | None = None
) -> BlockT:
    values, changes = vars(block), {}
    for slot in slots(type(block)):
        value = values[slot.name]
        if not value or (only is not None and slot.name not in only):
            continue
        new = _value(value, slot, rewriting, at, changed)
        if new is not value:
            changes[slot.name] = new if new or not slot.required else _stand_in(value)
    return block.revised(changes) if changes else block


def _value(value: Any, slot: _Slot, rewriting: Rewriting, at: str, changed: list[str]) -> Any:
    if isinstance(value, str):
        new = rewriting.text(value, slot.form or Form.plain)
        if new is value:
            return value
        changed.append(f"{at}{slot.alias}")
        return new or None
    if isinstance(value, dict):
        return _map(value, slot, rewriting, at, changed)
    if isinstance(value, tuple):
        return _many(value, slot, rewriting, at, changed)
    return _block(value, rewriting, f"{at}{slot.alias}.", changed)


def _map(
    value: dict[str, str], slot: _Slot, rewriting: Rewriting, at: str, changed: list[str]
) -> dict[str, str] | None:
    told_in = value if rewriting.languages is None else rewriting.languages(value)
    if told_in is not value:
        changed += [f"{at}{slot.alias}.{language}" for language in told_in if language not in value]
    new, same = {}, told_in is value
    for language, text in told_in.items():
        told = rewriting.text(text, slot.form or Form.plain)
        if told is not text:
            same = False
            changed.append(f"{at}{slot.alias}.{language}")
        if told:
            new[language] = told
    return value if same else new or None


def _many(value: tuple[Any, ...], slot: _Slot, rewriting: Rewriting, at: str, changed: list[str]) -> tuple[Any, ...]:
    new: list[Any] = []
    for each in value:
        before = len(changed)
        told = _one(each, slot, rewriting, f"{at}{slot.alias}[{len(new)}]", changed)
        if told is None:
            changed[before:] = [f"{at}{slot.alias}"] if f"{at}{slot.alias}" not in changed else []
        else:
            new.append(told)
    same = len(new) == len(value) and all(one is other for one, other in zip(new, value, strict=True))
    return value if same else tuple(new)


def _one(each: Any, slot: _Slot, rewriting: Rewriting, at: str, changed: list[str]) -> Any:
    if isinstance(each, str):
        told = rewriting.text(each, slot.form or Form.plain)
        if told is not each:
            changed.append(at)
        return told or None
    if isinstance(each, ApplyWay):
        way = rewriting.way(each)
        if way is None:
            return None
        if way is not each:
            changed.append(f"{at}.value")
        return _block(way, rewriting, f"{at}.", changed)
    return _block(each, rewriting, f"{at}.", changed)


def _stand_in(value: Any) -> Any:
    return dict.fromkeys(list(value)[:1], EMPTY) if isinstance(value, dict) else EMPTY


# What the annotations of the model say ------------------------------------------------------------------------


def _form(kind: type[Block], name: str, hint: Any) -> tuple[Form | None] | None:
    """Return the form of a field in a tuple, which is None for blocks; None where the field holds no words."""
    if kind is ApplyWay and name == "value":
        return None  # what it is depends on the channel: `RewriteWay` sees to it
    if hint in (RichText, Text, Url):
        return ({RichText: Form.rich, Text: Form.plain, Url: Form.url}[hint],)
    if hint is str:
        restricted = any(hasattr(rule, "pattern") for rule in kind.model_fields[name].metadata)
        return None if restricted else (Form.code if kind is Code else Form.name,)
    if isinstance(hint, type) and issubclass(hint, Block):
        return (None,) if hint is ApplyWay or slots(hint) else None
    return _inner(kind, name, hint)


def _inner(kind: type[Block], name: str, hint: Any) -> tuple[Form | None] | None:
    if get_origin(hint) in {Union, UnionType, tuple}:
        return next((form for each in get_args(hint) if (form := _form(kind, name, each)) is not None), None)
    return None
