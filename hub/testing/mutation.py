"""Payloads with one thing changed: a field dropped, added, or with another value."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

Path = tuple[str | int, ...]


def leaves(payload: Any, above: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield the path and the value of everything that is neither an object nor a list."""
    if isinstance(payload, dict):
        for name, value in payload.items():
            yield from leaves(value, (*above, name))
    elif isinstance(payload, list):
        for number, value in enumerate(payload):
            yield from leaves(value, (*above, number))
    else:
        yield above, payload


def objects(payload: Any, above: Path = ()) -> Iterator[Path]:
    """Yield the path of every object, the payload's own included."""
    if isinstance(payload, dict):
        yield above
    members = payload.items() if isinstance(payload, dict) else enumerate(payload) if isinstance(payload, list) else ()
    for name, value in members:
        yield from objects(value, (*above, name))


def fields(payload: Any) -> Iterator[Path]:
    """Yield the path of every field of every object."""
    for path in objects(payload):
        yield from ((*path, name) for name in at(payload, path))


def at(payload: Any, path: Path) -> Any:
    """Return what stands at a path."""
    for step in path:
        payload = payload[step]
    return payload


def with_value(payload: Any, path: Path, value: Any) -> Any:
    """Return the payload with another value at a path."""
    if not path:
        return value
    changed = _copied(payload)
    at(changed, path[:-1])[path[-1]] = value
    return changed


def without(payload: Any, path: Path) -> Any:
    """Return the payload without a field."""
    changed = _copied(payload)
    del at(changed, path[:-1])[path[-1]]
    return changed


def _copied(payload: Any) -> Any:
    return orjson.loads(orjson.dumps(payload))  # payloads are JSON, and this is ten times as fast as deepcopy


def dotted(path: Path) -> str:
    """Return a path as text, list items without their number: ``functie.jobdomeinen.code``."""
    return ".".join(step for step in path if isinstance(step, str))


def kinds(payload: Any) -> Mapping[str, str]:
    """Return which paths a payload has, with the type of each, so that unlike ones can be told apart."""
    return {dotted(path): type(value).__name__ for path, value in leaves(payload)}
