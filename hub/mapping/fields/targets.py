"""The places in the model that a field can fill, found by their dotted path."""

import difflib
import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from hub.model.block import Block
from hub.model.programme import Programme
from hub.model.text import RichText, Text
from hub.model.vacancy import Vacancy

KindName = Literal["programme", "vacancy"]
MODELS: Mapping[str, type[Programme | Vacancy]] = MappingProxyType({"programme": Programme, "vacancy": Vacancy})

Kind = Literal["text", "markup", "string", "integer", "number", "amount", "boolean", "date", "choice", "block"]
_SCALARS: tuple[tuple[type, Kind], ...] = (
    (Enum, "choice"),
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (Decimal, "amount"),
    (date, "date"),
    (str, "string"),
    (Block, "block"),
)
TEXTS: frozenset[Kind] = frozenset({"text", "markup"})
"""The kinds that are language maps."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_NOT_MAPPED = frozenset({"kind"})
"""Fields of a listing that the option `kind` fills."""


@dataclass(frozen=True, slots=True)
class Step:
    """A block on the way to a leaf; the number is its place in a list, None when it is not a list."""

    name: str
    number: int | None
    model: type[Block]


@dataclass(frozen=True, slots=True)
class Target:
    """One leaf of the model.

    Args:
        path: canonical, camelCase, such as ``eligibility.minAge``; a language tag is not part of it.
        steps: the blocks above it.
        name: of the leaf in its block.
        kind: what its values are; ``block`` for a whole block, which only a value table or an object can fill.
        many: whether it is a list.
        item: the type of one value.
        words: what may stand instead of such a value, such as ``rolling``.
        language: tag of a language map, when the path names one.
    """

    path: str
    steps: tuple[Step, ...]
    name: str
    kind: Kind
    many: bool
    item: Any
    words: tuple[str, ...] = ()
    language: str | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """The values of a closed list, the first words included; empty when it is not closed."""
        return (*(str(member.value) for member in self.item), *self.words) if self.kind == "choice" else ()

    @property
    def in_list(self) -> bool:
        """Whether its block is an item of a list, so that one value can fill several items."""
        return bool(self.steps) and self.steps[-1].number is not None

    def mistake(self, value: object) -> str | None:
        """Return what is wrong with a value written in the configuration, or None."""
        if value in self.words:
            return None
        try:
            _adapter(self.item).validate_python({"und": value} if self.kind in {"text", "markup"} else value)
        except ValidationError as error:
            near = difflib.get_close_matches(str(value), self.values, n=1, cutoff=0.4)
            hint = f"; the nearest is '{near[0]}'" if near else ""
            return f"'{value}' does not fit {self.path}: {_first(error)}{hint}"
        return None


def _first(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in found["loc"])
    said = found["msg"].replace("Input should be", "must be", 1)
    return f"{where}: {said}" if where else said


@cache
def _adapter(item: Any) -> TypeAdapter[Any]:
    return TypeAdapter(item)


def find_target(model: type[Block], path: str) -> Target:
    """Return the leaf at a path such as ``places.municipality``, ``places.1.street`` or ``title.nl``.

    Raises ValueError with a sentence that names the nearest path.
    """
    steps: list[Step] = []
    parts = path.split(".")
    while parts:
        target = _leaf(model, parts.pop(0), tuple(steps))
        if target is None:
            break
        if target.kind == "block" and parts:
            model = target.item
            steps.append(Step(target.name, _number(parts) if target.many else None, model))
            continue
        return _with_language(target, parts, path)
    raise ValueError(_unknown(path, model if steps else None, steps))


@cache
def has_target(model: type[Block], path: str) -> bool:
    """Return whether the model has this path."""
    try:
        find_target(model, path)
    except ValueError:
        return False
    return True


def _number(parts: list[str]) -> int:
    return int(parts.pop(0)) if parts[0].isdecimal() and len(parts) > 1 else 0


def _with_language(target: Target, rest: list[str], path: str) -> Target:
    if not rest:
        return target
    if target.kind in {"text", "markup"} and len(rest) == 1 and _LANGUAGE.fullmatch(rest[0]):
        return Target(
            target.path, target.steps, target.name, target.kind, target.many, target.item, target.words, rest[0]
        )
    raise ValueError(f"'{path}': {target.path} has no parts; leave out '.{'.'.join(rest)}'")


def _unknown(path: str, model: type[Block] | None, steps: list[Step]) -> str:
    root = "".join(f"{step.name}." for step in steps)
    known = [root + name for name in leaf_paths(model)] if model else []
    near = difflib.get_close_matches(path, known or _all_paths(), n=1, cutoff=0.5)
    return f"the model has no '{path}'" + (f"; the nearest is '{near[0]}'" if near else "")


@cache
def _all_paths() -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for model in MODELS.values() for path in leaf_paths(model)))


def leaf_paths(model: type[Block]) -> Iterator[str]:
    """Yield every path of a model that a field can fill."""
    for name, alias in _names(model).items():
        target = _leaf(model, name, ())
        if target and target.kind == "block":
            yield from (f"{alias}.{below}" for below in leaf_paths(target.item))
        elif target:
            yield alias


def required_leaves(model: type[Block]) -> tuple[Target, ...]:
    """Return the leaves of a block that must be filled; a required block counts with its own required leaves."""
    found = []
    for name, field in model.model_fields.items():
        target = _leaf(model, name, ()) if field.is_required() else None
        if target and target.kind == "block":
            found += [find_target(model, f"{target.name}.{leaf.path}") for leaf in required_leaves(target.item)]
        elif target:
            found.append(target)
    return tuple(found)


def _names(model: type[Block]) -> dict[str, str]:
    fixed = _NOT_MAPPED if model in MODELS.values() else ()
    return {name: field.alias or name for name, field in model.model_fields.items() if name not in fixed}


@cache
def _leaf(model: type[Block], part: str, steps: tuple[Step, ...]) -> Target | None:
    for name, alias in _names(model).items():
        if part in {name, alias}:
            kind, many, item, words = _unwrapped(typing.get_type_hints(model, include_extras=True)[name])
            path = ".".join([*(_shown(step) for step in steps), alias])
            return Target(path, steps, alias, kind, many, item, words)
    return None


def _shown(step: Step) -> str:
    return f"{step.name}.{step.number}" if step.number else step.name


def _unwrapped(hint: Any) -> tuple[Kind, bool, Any, tuple[str, ...]]:
    """Return kind, whether it is a list, the type of one item, and the words that may stand instead."""
    members = [hint] if get_origin(hint) not in {typing.Union, UnionType} else list(get_args(hint))
    words = tuple(str(word) for member in members if get_origin(member) is Literal for word in get_args(member))
    (member,) = [member for member in members if member is not NoneType and get_origin(member) is not Literal]
    many = get_origin(member) is tuple
    item = get_args(member)[0] if many else member
    if item in {Text, RichText}:
        return ("markup" if item == RichText else "text"), many, item, words
    bare = get_args(item)[0] if get_origin(item) is Annotated else item
    return next(kind for type_, kind in _SCALARS if issubclass(bare, type_)), many, item, words
