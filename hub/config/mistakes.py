"""Mistakes as sentences: file, key, value and what is allowed; never the value of a secret."""

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hub.config.schema import Location, choices, description, holds_secret, known_keys

_SHOWN_LENGTH = 60
_SHORTEST_SECRET = 3
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SECRET_NAME = re.compile(r"(secret|passw(or)?d|token|api_?key|credentials?|authorization)$", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"://[^/@\s]*@")
_TAGS = frozenset({"union_tag_invalid", "union_tag_not_found"})
_TABLES = frozenset({"model_type", "dict_type", "model_attributes_type", "mapping_type"})
_WORDS = frozenset({"literal_error", "enum", "string_type"})
_BOOLEAN = "must be true or false, without quotes"
_NUMBER = "must be a number, without quotes"
_WHOLE = "must be a whole number, without quotes"
_TABLE = "must be a table, such as { key = value }"
_LIST = 'must be a list, such as ["one", "other"]'
_FORMS: Mapping[str, str] = {
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "int_from_float": _WHOLE,
    "string_type": "must be text, in quotes",
    "list_type": _LIST,
    "tuple_type": _LIST,
} | dict.fromkeys(_TABLES, _TABLE)
"""What is allowed, in the words of TOML, where a value has the wrong form."""
_SUBJECT = re.compile(r"^(?:Input|[A-Z][a-z]+) should ")


def dotted(location: Location) -> str:
    """Return the place as written in TOML: ``options.columns.title``, ``plugins[0]``."""
    keys = ""
    for part in location:
        if isinstance(part, int):
            keys += f"[{part}]"
        else:
            keys += f".{part}" if _BARE_KEY.fullmatch(part) else f".{json.dumps(part, ensure_ascii=False)}"
    return keys.removeprefix(".")


def sounds_secret(key: int | str) -> bool:
    """Return whether a key is called like a secret, so that its value is not shown whatever the model says."""
    return isinstance(key, str) and bool(_SECRET_NAME.search(key))


def without_credentials(text: str) -> str:
    """Return the text with the name and password of each address masked."""
    return _IN_ADDRESS.sub("://***@", text)


def without(sentences: Iterable[str], secrets: Iterable[str]) -> list[str]:
    """Return the sentences, each once, with these secrets masked wherever a validator quoted them."""
    masked = {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}
    pattern = re.compile("|".join(re.escape(secret) for secret in sorted(masked, key=len, reverse=True)) or r"(?!)")
    return list(dict.fromkeys(pattern.sub("***", sentence) for sentence in sentences))


def mistake(file: str, location: Location, allowed: str, value: str = "") -> str:
    """Return one sentence: ``file: key = value: what is allowed``."""
    key = dotted(location)
    place = f"{key} = {value}" if value else key
    return f"{file}: {place}: {allowed}" if place else f"{file}: {allowed}"


def mistakes_in(
    error: ValidationError,
    *,
    file: str,
    model: type[BaseModel],
    raw: Mapping[str, Any],
    within: Location = (),
    told: Sequence[Location] = (),
) -> list[str]:
    """Return a sentence for each error of a model.

    Args:
        error: what pydantic found.
        file: the file the values were read from.
        model: the model they were checked against.
        raw: the values as read.
        within: where in the file the values stand, such as ``("options",)``.
        told: places whose mistakes were told already.
    """
    sentences = []
    details = error.errors(include_url=False, include_input=False)
    found = [_found(raw, detail) for detail in details]
    places = [location for location, _ in found]
    for detail, (place, content) in zip(details, found, strict=True):
        if any(place[: len(each)] == each for each in told) or _is_beside(detail, place, content, places):
            continue
        location, value = _tag(detail, place, content) if detail["type"] in _TAGS else (place, content)
        hidden = detail["type"] == "extra_forbidden" or _is_hidden(model, location)
        shown = "" if hidden else _shown(value)
        sentences.append(mistake(file, within + location, _allowed(detail, model, location), shown))
    return sentences


def _is_hidden(model: type[BaseModel], location: Location) -> bool:
    return any(sounds_secret(part) for part in location) or holds_secret(model, location)


def _is_beside(detail: ErrorDetails, location: Location, value: object, places: Sequence[Location]) -> bool:
    """Say whether it is about a form of the value that was not meant: a table for a word, or a word for a table."""
    if isinstance(value, Mapping):
        inside = any(len(place) > len(location) and place[: len(location)] == location for place in places)
        return inside and detail["type"] in _WORDS
    return detail["type"] in _TABLES and places.count(location) > 1


def _tag(detail: ErrorDetails, location: Location, value: object) -> tuple[Location, object]:
    """Return the key that says which of several forms a table has, and its value."""
    key = str(detail.get("ctx", {}).get("discriminator", "")).strip("'")
    return (*location, key), value.get(key) if isinstance(value, Mapping) else None


def _found(raw: Mapping[str, Any], detail: ErrorDetails) -> tuple[Location, object]:
    """Return the place in the file, without the branches of unions that pydantic adds, and the value there."""
    place: list[int | str] = []
    node: Any = raw
    for part in detail["loc"]:
        if part in (node if isinstance(node, Mapping) else range(len(node)) if isinstance(node, list) else ()):
            node = node[part]
        elif detail["type"] == "missing" and part == detail["loc"][-1]:
            node = None
        else:
            continue
        place.append(part)
    return tuple(place), node


def _shown(value: object) -> str:
    match value:
        case bool() | int() | float() | str():
            text = json.dumps(value, ensure_ascii=False)
        case date() | time():
            text = str(value)
        case _:
            return ""
    text = without_credentials(text)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"


def _allowed(detail: ErrorDetails, model: type[BaseModel], location: Location) -> str:
    match detail["type"]:
        case "missing":
            meaning = description(model, location)
            return f"is missing: {meaning}" if meaning else "is missing"
        case "extra_forbidden":
            return unknown(str(location[-1]), known_keys(model, location[:-1]))
        case "value_error" | "assertion_error":
            return str(detail["ctx"]["error"]) if "ctx" in detail else detail["msg"]
        case "union_tag_invalid":
            return _one_of(detail.get("ctx", {}))
        case "union_tag_not_found":
            words = choices(model, location)
            return f"is missing: one of {', '.join(words)}" if words else "is missing"
        case kind:
            return _FORMS.get(kind) or _SUBJECT.sub("must ", detail["msg"])


def _one_of(said: Mapping[str, Any]) -> str:
    """Return what a word may be, and the one that was probably meant."""
    known = [each.strip("'") for each in str(said["expected_tags"]).split(", ")]
    nearest = difflib.get_close_matches(str(said["tag"]), known, n=1)
    return f"must be one of {', '.join(known)}" + (f"; did you mean {nearest[0]}?" if nearest else "")


def unknown(name: str, known: Sequence[str], what: str = "key") -> str:
    """Return the sentence for a name that is not known: the nearest one that is, or all of them."""
    nearest = difflib.get_close_matches(name, known, n=1)
    if nearest:
        return f"unknown {what}; did you mean {nearest[0]}?"
    return f"unknown {what}; known: {', '.join(known)}" if known else f"unknown {what}; there are none"
