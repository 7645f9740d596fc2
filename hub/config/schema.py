"""What a model says about a place in a file: which keys are known there, and whether a secret lives there."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, SecretBytes, SecretStr
from pydantic.fields import FieldInfo

Location = tuple[int | str, ...]
"""Where a value is: keys and list positions, from the top of the file."""

_SECRETS = frozenset({SecretStr, SecretBytes})


def _types(annotation: object) -> frozenset[type]:
    parts = get_args(annotation)
    if parts:
        return frozenset().union(*map(_types, parts))
    return frozenset({annotation}) if isinstance(annotation, type) else frozenset()


def _models(types: Iterable[type]) -> list[type[BaseModel]]:
    return [each for each in types if issubclass(each, BaseModel)]


def _fields(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _fields_at(model: type[BaseModel], location: Location) -> list[FieldInfo]:
    found = [_fields(each) for each in _models(_types_at(model, location[:-1]))]
    return [fields[str(location[-1])] for fields in found if location[-1] in fields]


def _types_at(model: type[BaseModel], location: Location) -> frozenset[type]:
    types: frozenset[type] = frozenset({model})
    for depth in range(1, len(location) + 1):
        # A part that is no field is a list position, a key of a free table, or a branch of a union.
        fields = [
            field for each in _models(types) for name, field in _fields(each).items() if name == location[depth - 1]
        ]
        types = frozenset().union(*(_types(field.annotation) for field in fields)) if fields else types
    return types


def known_keys(model: type[BaseModel], location: Location) -> list[str]:
    """Return the keys that the table at this place may have."""
    return sorted({name for each in _models(_types_at(model, location)) for name in _fields(each)})


def description(model: type[BaseModel], location: Location) -> str:
    """Return what the field at this place means, or nothing."""
    return next((field.description or "" for field in _fields_at(model, location)), "")


def choices(model: type[BaseModel], location: Location) -> list[str]:
    """Return the words that the field at this place may be, in each form of its table."""
    words = [get_args(field.annotation) for field in _fields_at(model, location)]
    return sorted({word for each in words for word in each if isinstance(word, str)})


def is_secret(model: type[BaseModel], location: Location) -> bool:
    """Return whether the value at this place is a secret."""
    return bool(_types_at(model, location) & _SECRETS)


def holds_secret(model: type[BaseModel], location: Location) -> bool:
    """Return whether the value at this place is a secret, or may contain one."""
    return _reaches_secret(_types_at(model, location), frozenset())


def _reaches_secret(types: frozenset[type], seen: frozenset[type[Any]]) -> bool:
    if types & _SECRETS:
        return True
    fresh = [model for model in _models(types) if model not in seen]
    return any(
        _reaches_secret(_types(field.annotation), seen | types)
        for model in fresh
        for field in model.model_fields.values()
    )
