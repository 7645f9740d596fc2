"""The plan of a source: how a row becomes the nested values of a listing, worked out once when the source is loaded."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from hub import JsonValue, RecordError
from hub_generic_csv.cells import Payload, Read, Unknown
from hub_generic_csv.readers import field_reader, flags_reader
from hub_generic_csv.settings import Settings
from hub_generic_csv.targets import MODELS, Step, Target, find_target, required_leaves

_MISSING = {
    "title": "missing-title",
    "organisation": "missing-organisation",
    "organisation.name": "missing-organisation",
}

Values = dict[str, object]
Build = Callable[[Payload, Unknown], Values]


@dataclass(slots=True)
class _Block:
    """A block of the model while the plan is made: what fills it, and the blocks inside it."""

    path: str = ""
    required: tuple[str, ...] = ()
    constants: Values = field(default_factory=dict)
    leaves: dict[str, list[Read]] = field(default_factory=dict)
    texts: dict[str, list[tuple[str, Read]]] = field(default_factory=dict)
    spread: dict[str, Read] = field(default_factory=dict)
    inner: dict[tuple[str, int | None], "_Block"] = field(default_factory=dict)

    @property
    def only_constants(self) -> bool:
        return not (
            self.leaves or self.texts or self.spread or any(not each.only_constants for each in self.inner.values())
        )


def make_plan(settings: Settings) -> Build:
    """Return the function that turns a row into the values of a listing; it raises RecordError."""
    model = MODELS[settings.kind]
    root = _Block(required=tuple(dict.fromkeys(_top(leaf) for leaf in required_leaves(model))))
    for path, option in settings.fields.items():
        target = find_target(model, path)
        read = field_reader(target, option, settings)
        block = _block(root, target.steps)
        if target.kind in {"text", "markup"} and not target.many:
            tag = target.language or option.language or settings.language
            block.texts.setdefault(target.name, []).append((tag, read))
        elif option.separator and not target.many:
            block.spread[target.name] = read
        else:
            block.leaves.setdefault(target.name, []).append(read)
    for path, columns in settings.flags.items():
        target = find_target(model, path)
        _block(root, target.steps).leaves.setdefault(target.name, []).append(flags_reader(target, columns, settings))
    for path, value in settings.constants.items():
        target = find_target(model, path)
        _add_constant(_block(root, target.steps), target, value, settings.language)
    return _whole(root)


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

    def build(payload: Payload, unknown: Unknown) -> Values:
        values = _with_constants(constants, fill(payload, unknown))
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

    def fill(payload: Payload, unknown: Unknown) -> Values:
        values: Values = {}
        for name, read in parts:
            value = read(payload, unknown)
            if value is not None:
                values[name] = value
        return values

    return fill


def _united(reads: list[Read]) -> Read:
    """Return one reader for a list that several columns add to, each value once."""
    if len(reads) == 1:
        return reads[0]

    def read(payload: Payload, unknown: Unknown) -> object:
        united: list[object] = []
        for each in reads:
            found = each(payload, unknown)
            united += [value for value in (found if isinstance(found, list) else []) if value not in united]
        return united or None

    return read


def _language_map(reads: list[tuple[str, Read]]) -> Read:
    if len(reads) == 1:
        ((only, get),) = reads
        return lambda payload, unknown: None if (text := get(payload, unknown)) is None else {only: text}

    def read(payload: Payload, unknown: Unknown) -> object:
        return {tag: text for tag, get in reads if (text := get(payload, unknown)) is not None} or None

    return read


def _single(block: _Block, *, stands: bool) -> Read:
    """Return the reader of a block; unless it must be there (stands), it is absent when no column says anything."""
    fill, constants = _filler(block), block.constants
    stands = block.only_constants or (stands and bool(constants))

    def read(payload: Payload, unknown: Unknown) -> object:
        values = fill(payload, unknown)
        if not values and not stands:
            return None
        return _checked(block, _with_constants(constants, values))

    return read


def _items(block: _Block) -> Read:
    """Return the reader of the items of a list: one, or as many as its spread cells have values."""
    fill, constants, spread = _filler(block), block.constants, tuple(block.spread.items())
    stands = block.only_constants

    def read(payload: Payload, unknown: Unknown) -> object:
        values = fill(payload, unknown)
        columns = {name: found for name, get in spread if (found := get(payload, unknown)) is not None}
        if not values and not columns and not stands:
            return None
        values = _with_constants(constants, values)
        return [_checked(block, {**values, **each}) for each in _spread(block, columns)]

    return read


def _spread(block: _Block, columns: Mapping[str, object]) -> list[Values]:
    """Return one item for each value of the cells that hold several; they must hold equally many."""
    lists = {name: found for name, found in columns.items() if isinstance(found, list)}
    counts = {len(found) for found in lists.values()}
    if len(counts) > 1:
        name, found = max(lists.items(), key=lambda each: len(each[1]))
        raise RecordError("ambiguous-value", field=f"{block.path}.{name}", value="; ".join(map(str, found)))
    return [dict(zip(lists, each, strict=True)) for each in zip(*lists.values(), strict=True)] if lists else [{}]


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
