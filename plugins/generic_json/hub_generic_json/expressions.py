"""Paths into a partner's JSON, written in JMESPath: compiled once, checked when the options are read."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any

import jmespath
from jmespath.exceptions import JMESPathError, JMESPathTypeError

from hub import BeforeValidator, Cell, Field, JsonValue, PydanticCustomError, RecordError, glued, refuse

_NAMES = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_HINT = "a name with other signs than letters, digits and _ needs double quotes"


@lru_cache(maxsize=4096)
def compiled(expression: str) -> Any:
    """Return the compiled expression; raises jmespath's own errors."""
    return jmespath.compile(expression)


def expression_mistake(expression: str) -> str | None:
    """Return what is wrong with an expression, or None."""
    try:
        compiled(expression).search({})
    except JMESPathTypeError:
        return None
    except (JMESPathError, ValueError) as error:
        said = str(error).split("\n", 1)[0].rstrip(".:")
        return f"'{expression}' is not a JMESPath expression: {said}; {_HINT}"
    return None


def find(expression: str, item: JsonValue) -> JsonValue:
    """Return what an expression finds, None where it finds nothing; RecordError where a function cannot take it."""
    try:
        found: JsonValue = compiled(expression).search(item)
    except JMESPathTypeError as error:
        if error.actual_type == "null":
            return None
        raise refuse(expression, str(error.current_value), f"{' or '.join(error.expected_types)}") from None
    except (JMESPathError, ValueError, ArithmeticError) as error:
        raise RecordError("value-unreadable", field=expression, expected=str(error)) from None
    return found


def path_cell(expressions: Sequence[str], glue: str, empty: frozenset[str]) -> Cell:
    """Return the function that gets what an expression finds, or several put together; None when that is nothing."""
    if len(expressions) > 1:
        return glued([_single_cell(each, empty) for each in expressions], glue)
    return _cell(expressions[0], empty)


def _cell(expression: str, empty: frozenset[str]) -> Cell:
    if _NAMES.fullmatch(expression):  # most are plain names, which need no search
        names = expression.split(".")
        return lambda payload: _trimmed(_at(payload, names), empty)
    return lambda payload: _trimmed(find(expression, payload if isinstance(payload, dict) else dict(payload)), empty)


def _at(payload: Mapping[str, JsonValue], names: Sequence[str]) -> JsonValue:
    value: Any = payload
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    found: JsonValue = value
    return found


def _single_cell(expression: str, empty: frozenset[str]) -> Cell:
    get = _cell(expression, empty)

    def cell(payload: Mapping[str, JsonValue]) -> JsonValue:
        found = get(payload)
        if isinstance(found, dict | list):
            raise refuse(expression, str(found), "a single value")
        return found

    return cell


def _trimmed(value: JsonValue, empty: frozenset[str]) -> JsonValue:
    """Return a value with its texts trimmed; the places in a list are kept, for they may match those of another."""
    if isinstance(value, str):
        trimmed = value.strip()
        return None if trimmed in empty else trimmed
    if isinstance(value, list):
        several = [_trimmed(each, empty) for each in value]
        return several if any(each is not None for each in several) else None
    return value or None if isinstance(value, dict) else value


def _checked(value: object) -> object:
    if isinstance(value, str) and (mistake := expression_mistake(value)):
        raise PydanticCustomError("expression", "{mistake}", {"mistake": mistake})
    return value


Expression = Annotated[str, Field(min_length=1), BeforeValidator(_checked)]
"""A path into a partner's JSON, written in JMESPath."""
