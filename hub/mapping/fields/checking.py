"""Options checked as a whole: every mistake at once, each with its place and a way out."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ValidationError, ValidatorFunctionWrapHandler, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from hub.mapping.fields.field_mistakes import Mistake
from hub.mapping.fields.settings import FieldOption

_TABLES = frozenset({"fields", "tables", "flags", "constants", "facts"})


class Checked(BaseModel):
    """Options that tell every mistake at once, those that show only when all of them are looked at included."""

    stand_ins: ClassVar[Mapping[str, Any]] = {}
    """What a required option is taken for, when it is wrong or missing, so that the rest can be looked at."""
    field_type: ClassVar[type[FieldOption]]
    """What a field may say; its keys tell a field from a table of fields."""

    @abstractmethod
    def mistakes(self) -> Iterator[Mistake]:
        """Yield every mistake beyond the shape of each option."""

    @model_validator(mode="wrap")
    @classmethod
    def _all_mistakes(cls, data: Any, handler: ValidatorFunctionWrapHandler) -> Self:
        data = _flattened(data, frozenset(cls.field_type.model_fields))
        options, errors = cls._checked(data, handler)
        if options:
            errors += [_error(mistake) for mistake in options.mistakes()]
        if errors or options is None:
            raise ValidationError.from_exception_data(cls.__name__, errors)
        return options

    @classmethod
    def _checked(cls, data: Any, handler: ValidatorFunctionWrapHandler) -> tuple[Self | None, list[InitErrorDetails]]:
        """Return the options, those that are wrong in themselves left out, and what is wrong with those."""
        try:
            return handler(data), []
        except ValidationError as error:
            found = error.errors(include_url=False)
        errors = [_kept(each) for each in found]
        try:
            return handler({**cls.stand_ins, **_without(data, [each["loc"] for each in found])}), errors
        except ValidationError:
            return None, errors


def _error(mistake: Mistake) -> InitErrorDetails:
    where, message = mistake
    error = PydanticCustomError("option", "{message}", {"message": message})
    return InitErrorDetails(type=error, loc=where, input=None)


def _kept(detail: ErrorDetails) -> InitErrorDetails:
    """Return an error found by pydantic so that it can be raised again together with others."""
    again = InitErrorDetails(
        type=detail["type"], loc=detail["loc"], input=detail["input"], ctx=dict(detail.get("ctx", {}))
    )
    try:
        ValidationError.from_exception_data("", [again])
    except KeyError:  # a type of error that some validator made up
        return _error((detail["loc"], detail["msg"]))
    return again


def _without(data: dict[str, Any], places: list[tuple[int | str, ...]]) -> dict[str, Any]:
    """Return the options without what is wrong in itself, so that the rest can be looked at."""
    rest = {name: dict(value) if isinstance(value, Mapping) else value for name, value in data.items()}
    for name, *below in places:
        inner = rest.get(str(name))
        if below and name in _TABLES and isinstance(inner, dict):
            inner.pop(below[0], None)
        else:
            rest.pop(str(name), None)
    return rest


def _flattened(data: Any, keys: frozenset[str]) -> Any:
    """Return the options with ``organisation = { name = … }`` under fields and constants as dotted paths."""
    if not isinstance(data, Mapping):
        return data
    paths = {
        name: dict(_paths(data[name], keys)) for name in ("fields", "constants") if isinstance(data.get(name), Mapping)
    }
    return {**data, **paths}


def _paths(table: Mapping[str, Any], keys: frozenset[str], above: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in table.items():
        nested = isinstance(value, Mapping) and not set(value) & keys
        found += _paths(value, keys, f"{above}{name}.") if nested else [(above + name, value)]
    return found
