"""Mistakes as sentences: file, key, value and what is allowed; never the value of a secret."""

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hub.config.schema import Location, description, holds_secret, known_keys

_SHOWN_LENGTH = 60
_SHORTEST_SECRET = 3
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SECRET_NAME = re.compile(r"(secret|passw(or)?d|token|api_?key|credentials?|authorization)$", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"://[^/@\s]*@")
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
    for detail in error.errors(include_url=False, include_input=False):
        location, value = _found(raw, detail)
        if any(location[: len(place)] == place for place in told):
            continue
        hidden = detail["type"] == "extra_forbidden" or _is_hidden(model, location)
        shown = "" if hidden else _shown(value)
        sentences.append(mistake(file, within + location, _allowed(detail, model, location), shown))
    return sentences


def _is_hidden(model: type[BaseModel], location: Location) -> bool:
    return any(sounds_secret(part) for part in location) or holds_secret(model, location)


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
        case _:
            return _SUBJECT.sub("must ", detail["msg"])


def unknown(name: str, known: Sequence[str], what: str = "key") -> str:
    """Return the sentence for a name that is not known: the nearest one that is, or all of them."""
    nearest = difflib.get_close_matches(name, known, n=1)
    if nearest:
        return f"unknown {what}; did you mean {nearest[0]}?"
    return f"unknown {what}; known: {', '.join(known)}" if known else f"unknown {what}; there are none"
