"""Which fields of a record an expression reads, as far as that can be told without a record; and taking fields out."""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from hub import JsonValue
from hub_generic_json.expressions import compiled

Path = tuple[str, ...]
Paths = frozenset[Path]
Node = Mapping[str, Any]

_CHAINS = frozenset({"subexpression", "pipe", "index_expression"})
_SEVERAL = frozenset({
    "or_expression", "and_expression", "not_expression", "comparator",
    "key_val_pair", "multi_select_list", "multi_select_dict",
})  # fmt: skip
_ANY = "*"


def used_paths(expression: str) -> frozenset[str]:
    """Return the dotted paths of the fields that an expression reads, list positions left out.

    Where it reads objects whatever their name, as in ``*.name``, the object around them counts as read.
    """
    used: set[Path] = set()
    used |= _walk(compiled(expression).parsed, frozenset({()}), used)
    plain = {path[: path.index(_ANY)] if _ANY in path else path for path in used}
    return frozenset(".".join(path) for path in plain if path)


def _walk(node: Node, start: Paths, used: set[Path]) -> Paths:
    """Return the fields that a part of an expression leads to from these; what it looks at on the way is added."""
    kind, children = node["type"], node.get("children", [])
    found = start
    if kind == "field":
        found = frozenset((*path, str(node["value"])) for path in start)
    elif kind == "literal":
        found = frozenset()
    elif kind in _CHAINS:
        found = reduce(lambda paths, child: _walk(child, paths, used), children, start)
    elif kind == "function_expression":
        found = _function(node, start, used)
    elif kind.endswith("projection"):
        found = _projection(kind, children, start, used)
    elif children:
        found = _union(children, start, used)
    return _noted(found, used) if kind in _SEVERAL else found


def _noted(found: Paths, used: set[Path]) -> Paths:
    used |= found
    return found


def _union(nodes: Iterable[Node], start: Paths, used: set[Path]) -> Paths:
    return frozenset[Path]().union(*(_walk(node, start, used) for node in nodes))


def _projection(kind: str, children: list[Node], start: Paths, used: set[Path]) -> Paths:
    found = _walk(children[0], start, used)
    if kind == "value_projection":
        found = frozenset((*path, _ANY) for path in found)
    for condition in children[2:]:
        used |= _walk(condition, found, used)
    return _walk(children[1], found, used)


def _function(node: Node, start: Paths, used: set[Path]) -> Paths:
    """Return what the arguments lead to; of ``map``, what its expression leads to in each entry of the list."""
    values = [child for child in node["children"] if child["type"] != "expref"]
    inner = [each for child in node["children"] if child["type"] == "expref" for each in child["children"]]
    found = _union(values, start, used)
    within = _union(inner, found, used)
    used |= within
    if node["value"] == "map":
        return within
    return found if inner else _noted(found, used)


def without(item: JsonValue, paths: Iterable[str]) -> JsonValue:
    """Return an item without the fields at these dotted paths, in every entry of the lists on the way."""
    for path in paths:
        item = _without(item, path.split("."))
    return item


def _without(item: JsonValue, names: list[str]) -> JsonValue:
    if isinstance(item, list):
        return [_without(each, names) for each in item]
    if not isinstance(item, dict) or names[0] not in item:
        return item
    rest = {name: value for name, value in item.items() if name != names[0]}
    return rest if len(names) == 1 else {**rest, names[0]: _without(item[names[0]], names[1:])}
