"""Objects of a partner that have the model's own shape: taken over, with what the model lacks left out and told."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from hub.mapping.fields.targets import Target, find_target
from hub.mapping.fields.values import Noticed, refuse
from hub.model.block import Block

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def take_block(target: Target, value: JsonValue, noticed: Noticed) -> dict[str, Any]:
    """Return an object as the values of a block; RecordError when it is no object."""
    if not isinstance(value, dict):
        raise refuse(target.path, value, "an object")
    return dict(_taken(target.item, target.path, value, noticed))


def _taken(
    model: type[Block], path: str, value: Mapping[str, JsonValue], noticed: Noticed
) -> Iterator[tuple[str, Any]]:
    for name, each in value.items():
        if each in (None, "", [], {}):
            continue
        try:
            inner = find_target(model, name)
        except ValueError:
            noticed.fields.append(f"{path}.{name}")
            continue
        yield name, _value(inner, f"{path}.{name}", each, noticed)


def _value(target: Target, path: str, value: JsonValue, noticed: Noticed) -> Any:
    if target.kind != "block":
        return value
    if isinstance(value, list):
        return [_value(target, path, each, noticed) for each in value]
    if not isinstance(value, dict):
        raise refuse(path, value, "an object")
    return dict(_taken(target.item, path, value, noticed))


def take_texts(path: str, value: Mapping[str, JsonValue], noticed: Noticed) -> dict[str, str]:
    """Return an object of texts by language tag; what is under another name is left out and told."""
    texts = {}
    for tag, each in value.items():
        if _LANGUAGE.fullmatch(tag) and isinstance(each, str):
            if each.strip():
                texts[tag] = each
        elif each not in (None, "", [], {}):
            noticed.fields.append(f"{path}.{tag}")
    return texts
