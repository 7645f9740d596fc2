"""What changed between two JSON Schemas, as a reader of what they describe is struck by it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_WORDS = frozenset({"description", "title", "$comment", "examples"})
_PARTS = frozenset({"properties", "required", "items", "enum", "$ref", "$defs", "additionalProperties"})
Json = Mapping[str, Any]


class Change(NamedTuple):
    """One change: where, what, and whether a reader that worked may no longer work."""

    path: str
    what: str
    breaking: bool


class Field(NamedTuple):
    """What a schema says of one place."""

    form: Json
    values: frozenset[Any] | None
    required: bool


def changes(before: Json, after: Json) -> list[Change]:
    """Return what changed; what is only worded otherwise is no change."""
    old, new = (dict(_fields(schema, schema, "$", required=True)) for schema in (before, after))
    found = [Change(path, "is gone", True) for path in old if path not in new]
    found += [Change(path, "is new", False) for path in new if path not in old]
    return found + [each for path in old if path in new for each in _between(path, old[path], new[path])]


def _between(path: str, old: Field, new: Field) -> Iterator[Change]:
    if old.form != new.form or (old.values is None) != (new.values is None):
        yield Change(path, f"is {dict(new.form)} instead of {dict(old.form)}", True)
    for value in sorted((old.values or frozenset()) - (new.values or frozenset()), key=str):
        yield Change(path, f"can no longer be {value!r}", True)
    for value in sorted((new.values or frozenset()) - (old.values or frozenset()), key=str):
        yield Change(path, f"can be {value!r} too", False)
    if old.required != new.required:
        yield Change(path, "is always there" if new.required else "may be absent", not new.required)


def _fields(schema: Json, whole: Json, path: str, *, required: bool) -> Iterator[tuple[str, Field]]:
    """Yield every place and what is said of it; what is referred to counts where it is referred from."""
    if "$ref" in schema:
        yield from _fields(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole, path, required=required)
        return
    form = {name: _bare(value, whole) for name, value in schema.items() if name not in _WORDS | _PARTS and path != "$"}
    values = frozenset(schema["enum"]) if "enum" in schema else None
    yield path, Field(form, values, required)
    must = frozenset(schema.get("required", ()))
    for name, each in schema.get("properties", {}).items():
        yield from _fields(each, whole, f"{path}.{name}", required=name in must)
    for part, mark in (("items", "[]"), ("additionalProperties", "{}")):
        if isinstance(schema.get(part), Mapping):
            yield from _fields(schema[part], whole, f"{path}{mark}", required=False)


def _bare(value: Any, whole: Json) -> Any:
    """Return a value without wording and with what it refers to in its place."""
    if isinstance(value, list):
        return [_bare(each, whole) for each in value]
    if not isinstance(value, Mapping):
        return value
    if "$ref" in value:
        return _bare(whole["$defs"][value["$ref"].rpartition("/")[2]], whole)
    return {name: _bare(each, whole) for name, each in value.items() if name not in _WORDS}
