"""The plan of a source: how a record becomes the nested values of a listing; made once, when the source is loaded."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from hub.errors import RecordError
from hub.mapping.fields.entries import FieldEntry, field_entries
from hub.mapping.fields.readers import field_reader, flags_reader
from hub.mapping.fields.settings import FieldSettings
from hub.mapping.fields.targets import MODELS, KindName, Step, Target, find_target, has_target, required_leaves
from hub.mapping.fields.values import Noticed, Payload, Read

_MISSING = {
    "title": "missing-title",
    "organisation": "missing-organisation",
    "organisation.name": "missing-organisation",
}

Values = dict[str, object]
Build = Callable[[Payload, Noticed], Values]
"""Returns the values of a listing for a record; RecordError refuses it."""


@dataclass(frozen=True, slots=True)
class _Spread:
    """A field whose values are spread over the items of a list, and what becomes of one that is uneven."""

    read: Read
    uneven: str


@dataclass(slots=True)
class _Block:
    """A block of the model while the plan is made: what fills it, and the blocks inside it."""

    path: str = ""
    required: tuple[str, ...] = ()
    constants: Values = field(default_factory=dict)
    leaves: dict[str, list[Read]] = field(default_factory=dict)
    texts: dict[str, list[tuple[str, Read]]] = field(default_factory=dict)
    spread: dict[str, _Spread] = field(default_factory=dict)
    inner: dict[tuple[str, int | None], "_Block"] = field(default_factory=dict)

    @property
    def only_constants(self) -> bool:
        return not (
            self.leaves or self.texts or self.spread or any(not each.only_constants for each in self.inner.values())
        )


def make_plan(settings: FieldSettings, kind: KindName) -> Build:
    """Return the function that turns a record into the values of a listing of this kind; it raises RecordError."""
    model = MODELS[kind]
    root = _Block(required=tuple(dict.fromkeys(_top(leaf) for leaf in required_leaves(model))))
    for entry in field_entries(settings):
        if has_target(model, entry.path):
            _add_field(root, find_target(model, entry.path), entry, settings)
    for path, fields in settings.flags.items():
        if has_target(model, path):
            target = find_target(model, path)
            read = flags_reader(target, fields, settings)
            _block(root, target.steps).leaves.setdefault(target.name, []).append(read)
    for path, value in settings.constants.items():
        if has_target(model, path):
            target = find_target(model, path)
            _add_constant(_block(root, target.steps), target, value, settings.language)
    return _whole(root)


def _add_field(root: _Block, target: Target, entry: FieldEntry, settings: FieldSettings) -> None:
    read = field_reader(target, entry, settings)
    block = _block(root, target.steps)
    if target.kind in {"text", "markup"} and not target.many:
        tag = target.language or entry.option.language or settings.language
        block.texts.setdefault(target.name, []).append((tag, read))
    elif not target.many and (entry.option.separator or (settings.nested and target.in_list)):
        block.spread[target.name] = _Spread(read, entry.option.uneven)
    else:
        block.leaves.setdefault(target.name, []).append(read)


def _top(leaf: Target) -> str:
    return leaf.steps[0].name if leaf.steps else leaf.name


def _block(root: _Block, steps: Iterable[Step]) -> _Block:
    block = root
    for step in steps:
        path = f"{block.path}.{step.name}".lstrip(".")
        required = tuple(leaf.path for leaf in required_leaves(step.model))
        block = block.inner.setdefault((step.name, step.number), _Block(path, required))
    return block


def _add_constant(block: _Block, target: Target, value: JsonValue, language: str) -> None:
    if target.kind in {"text", "markup"} and not target.many:
        texts = block.constants.setdefault(target.name, {})
        texts[target.language or language] = value  # type: ignore[index]
    else:
        block.constants[target.name] = value if isinstance(value, list) or not target.many else [value]


# Building -----------------------------------------------------------------------------------------------------


def _whole(root: _Block) -> Build:
    fill = _filler(root)
    constants, required = root.constants, root.required

    def build(payload: Payload, noticed: Noticed) -> Values:
        values = _with_constants(constants, fill(payload, noticed))
        for name in required:
            if name not in values:
                raise _missing(name)
        return values

    return build


def _filler(block: _Block) -> Build:
    """Return the function that fills a block from the columns, constants and spread cells left aside."""
    parts: list[tuple[str, Read]] = [(name, _united(reads)) for name, reads in block.leaves.items()]
    parts += [(name, _language_map(reads)) for name, reads in block.texts.items()]
    inner: dict[str, list[Read]] = {}
    for (name, number), each in block.inner.items():
        read = _single(each, stands=name in block.required) if number is None else _items(each)
        inner.setdefault(name, []).append(read)
    parts += [(name, _united(reads)) for name, reads in inner.items()]

    def fill(payload: Payload, noticed: Noticed) -> Values:
        values: Values = {}
        for name, read in parts:
            value = read(payload, noticed)
            if value is not None:
                values[name] = value
        return values

    return fill


def _united(reads: list[Read]) -> Read:
    """Return one reader for a list that several columns add to, each value once."""
    if len(reads) == 1:
        return reads[0]

    def read(payload: Payload, noticed: Noticed) -> object:
        united: list[object] = []
        for each in reads:
            found = each(payload, noticed)
            united += [value for value in (found if isinstance(found, list) else []) if value not in united]
        return united or None

    return read


def _language_map(reads: list[tuple[str, Read]]) -> Read:
    """Return the reader of a language map, or of a list of them where a value is a list."""
    if len(reads) == 1:
        ((only, get),) = reads
        return lambda payload, noticed: _tagged(only, get(payload, noticed))

    def read(payload: Payload, noticed: Noticed) -> object:
        texts: dict[str, object] = {}
        for tag, get in reads:
            match _tagged(tag, get(payload, noticed)):
                case dict(found):
                    texts |= found
                case list():
                    raise RecordError("ambiguous-value", field=tag)
        return texts or None

    return read


def _tagged(tag: str, value: object) -> object:
    match value:
        case None | dict():
            return value
        case list(several):
            return [_tagged(tag, each) for each in several]
    return {tag: value}


def _single(block: _Block, *, stands: bool) -> Read:
    """Return the reader of a block; unless it must be there (stands), it is absent when no column says anything."""
    fill, constants = _filler(block), block.constants
    stands = block.only_constants or (stands and bool(constants))

    def read(payload: Payload, noticed: Noticed) -> object:
        values = fill(payload, noticed)
        if not values and not stands:
            return None
        return _checked(block, _with_constants(constants, values))

    return read


def _items(block: _Block) -> Read:
    """Return the reader of the items of a list: one, or as many as its spread fields have values."""
    fill, constants, spread = _filler(block), block.constants, tuple(block.spread.items())
    texts, stands = frozenset(block.texts), block.only_constants
    skip = frozenset(name for name, each in spread if each.uneven != "refuse")
    share = frozenset(name for name, each in spread if each.uneven == "share")

    def read(payload: Payload, noticed: Noticed) -> object:
        values = fill(payload, noticed)
        found = {name: value for name, each in spread if (value := each.read(payload, noticed)) is not None}
        found |= {name: values.pop(name) for name in texts if isinstance(values.get(name), list)}
        values |= {name: value for name, value in found.items() if not isinstance(value, list)}
        lists = {name: value for name, value in found.items() if isinstance(value, list)}
        for name in share & lists.keys():
            if len(lists[name]) == 1:
                values[name] = lists.pop(name)[0]
        if not values and not lists and not stands:
            return None
        values = _with_constants(constants, values)
        items = [{**values, **each} for each in _spread(block, lists, skip) if each or not lists]
        return [_checked(block, each) for each in items] or None

    return read


def _spread(block: _Block, lists: Mapping[str, list[object]], skip: frozenset[str]) -> list[Values]:
    """Return one item for each value of the fields that hold several; they must hold equally many."""
    counts = {len(found) for name, found in lists.items() if name not in skip}
    if len(counts) > 1:
        name, found = max(lists.items(), key=lambda each: len(each[1]))
        raise RecordError("ambiguous-value", field=f"{block.path}.{name}", value="; ".join(map(str, found)))
    count = counts.pop() if counts else max(map(len, lists.values()), default=0)
    even = {name: found for name, found in lists.items() if len(found) == count}
    return [
        {name: value for name, value in zip(even, each, strict=True) if value is not None}
        for each in zip(*even.values(), strict=True)
    ] or [{}]


def _with_constants(constants: Mapping[str, object], values: Values) -> Values:
    if not constants:
        return values
    merged = {**constants, **values}
    for name, constant in constants.items():
        both = (constant, values.get(name))
        if isinstance(both[0], dict) and isinstance(both[1], dict):
            merged[name] = {**both[0], **both[1]}
        elif isinstance(both[0], list) and isinstance(both[1], list):
            merged[name] = [*both[0], *(value for value in both[1] if value not in both[0])]
    return merged


def _checked(block: _Block, values: Values) -> Values:
    for name in block.required:
        if name not in values:
            raise _missing(f"{block.path}.{name}")
    return values


def _missing(path: str) -> RecordError:
    return RecordError(_MISSING.get(path, "missing-field"), field=path)
