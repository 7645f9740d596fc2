"""The facts that an entry may state: fields of the model, with the values that the model allows for them."""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from hub.model.programme import Programme
from hub.model.vacancy import Vacancy


@cache
def known_facts() -> Mapping[str, tuple[FieldInfo, ...]]:
    """Return the fields of vacancies, programmes and their parts by name; a name may stand in several of them."""
    found: dict[str, tuple[FieldInfo, ...]] = {}
    for model in _models():
        for name, field in model.model_fields.items():
            found[name] = (*found.get(name, ()), field)
    return found


def fault_of(name: str, value: object) -> str | None:
    """Return why the model does not take this value for a field, and what it takes; None when it does."""
    fields = known_facts()[name]
    faults = [_fault(adapter, value) for adapter in _adapters(name)]
    if None in faults:
        return None
    several = any(get_origin(inner) is tuple for field in fields for inner in _options(field.annotation))
    words = ", ".join(dict.fromkeys(word for field in fields for word in _words(field.annotation)))
    return f"allowed: {'a list of ' if several else ''}{words}" if words else str(faults[0])


@cache
def _adapters(name: str) -> tuple[TypeAdapter[Any], ...]:
    fields = known_facts()[name]
    types: list[Any] = [
        Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation for field in fields
    ]
    return tuple(map(TypeAdapter, types))


def _fault(adapter: TypeAdapter[Any], value: object) -> str | None:
    try:
        # As JSON, so that words of closed lists are taken but a number is no yes, nor a text a number.
        adapter.validate_json(orjson.dumps(value), strict=True)
    except ValidationError as error:
        return str(error.errors()[0]["msg"])
    return None


def _models() -> list[type[BaseModel]]:
    """Return both kinds of listing, and every part inside them, each once."""
    models: list[type[BaseModel]] = [Vacancy, Programme]
    for model in models:
        inner = dict.fromkeys(each for field in model.model_fields.values() for each in _classes(field.annotation))
        models += [each for each in inner if each not in models]
    return models


def _classes(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _classes(inner)


def _options(annotation: Any) -> tuple[Any, ...]:
    return (annotation, *get_args(annotation))


def _words(annotation: Any) -> Iterator[str]:
    """Yield the words of the closed lists in a field's type."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(member.value) for member in annotation)
    elif get_origin(annotation) is Literal:
        yield from (str(word.value if isinstance(word, Enum) else word) for word in get_args(annotation))
    else:
        for inner in get_args(annotation):
            yield from _words(inner)
