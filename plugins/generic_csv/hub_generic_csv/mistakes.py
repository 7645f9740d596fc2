"""Everything wrong with a source's options beyond their shape, each mistake with its place and a way out."""

import difflib
from collections.abc import Iterable, Iterator, Mapping

from hub import JsonValue
from hub_generic_csv.formats import check_format
from hub_generic_csv.settings import FieldOption, Settings, ValueTable
from hub_generic_csv.targets import MODELS, Target, find_target, required_leaves

Mistake = tuple[tuple[str | int, ...], str]

_NUMBERS = frozenset({"integer", "number", "amount"})
_TEXTS = frozenset({"text", "markup"})
_ONLY_FOR: Mapping[str, tuple[frozenset[str], str]] = {
    "format": (frozenset({"date"}), "days"),
    "decimal": (_NUMBERS, "numbers"),
    "thousands": (_NUMBERS, "numbers"),
    "factor": (_NUMBERS, "numbers"),
    "language": (_TEXTS, "texts"),
    "markup": (frozenset({"markup"}), "descriptions"),
}
"""Keys of a field that mean something for some kinds of field only."""


def find_mistakes(options: Settings) -> list[Mistake]:
    """Return every mistake in the options, none when they can be used."""
    targets: dict[tuple[str, ...], Target] = {}
    mistakes = [
        *_whole(options),
        *_targets(options, targets),
        *_twice(options, targets),
        *(
            mistake
            for key, field in options.fields.items()
            if (target := targets.get(("fields", key))) is not None
            for mistake in _field(("fields", key), field, target, options.tables)
        ),
        *_constants(options, targets),
        *_flags(options, targets),
        *_tables(options),
    ]
    return mistakes + (list(_uncovered(options, targets)) if len(targets) == _count(options) else [])


def _count(options: Settings) -> int:
    return len(options.fields) + len(options.constants) + len(options.flags)


def _whole(options: Settings) -> Iterator[Mistake]:
    if (options.path is None) == (options.url is None):
        yield ("path",), "give either path or url"
    if options.headers and options.url is None:
        yield ("headers",), "headers are sent with url only; leave them out"
    if options.join and options.join.sheet and options.file.format == "csv":
        yield ("join", "sheet"), "a delimited file has no sheets; use path or url"
    yield from _format(("formats", "date"), options.formats.date)
    if options.modified:
        yield from _format(("modified", "format"), options.modified.format)
    used = used_columns(options)
    for name in ("ignore", "personal"):
        for column in set(getattr(options, name)) & used:
            yield (name,), f"column '{column}' is used; take it out of {name}, or do not use it"
    both = set(map(str.casefold, options.formats.true)) & set(map(str.casefold, options.formats.false))
    for word in sorted(both):
        yield ("formats",), f"'{word}' cannot mean both true and false"


def used_columns(options: Settings) -> set[str]:
    """Return the columns that must be in the file (or the joined one) for these options to work."""
    mapped = {column for field in options.fields.values() for column in field.column}
    flags = {column for columns in options.flags.values() for column in columns}
    single = {part.column for part in (options.gone, options.modified) if part}
    return mapped | flags | single | set(options.id) | ({options.join.key} if options.join else set())


def _format(where: tuple[str, ...], written: str) -> Iterator[Mistake]:
    if mistake := check_format(written):
        yield where, mistake


def _targets(options: Settings, targets: dict[tuple[str, ...], Target]) -> Iterator[Mistake]:
    model = MODELS[options.kind]
    for part in ("fields", "constants", "flags"):
        for path in getattr(options, part):
            try:
                targets[part, path] = find_target(model, path)
            except ValueError as error:
                yield (part, path), str(error)


def _twice(options: Settings, targets: Mapping[tuple[str, ...], Target]) -> Iterator[Mistake]:
    seen: dict[tuple[str, str | None], tuple[str, ...]] = {}
    for where, target in targets.items():
        first = where if target.many else seen.setdefault((target.path, _language(options, where, target)), where)
        if first is not where:
            yield where, f"{target.path} is already filled by {'.'.join(first)}; keep one of them"
        if target.kind == "block" and any(other.path.startswith(f"{target.path}.") for other in targets.values()):
            yield where, f"{target.path} is filled as a whole here and in parts elsewhere; keep one of them"


def _language(options: Settings, where: tuple[str, ...], target: Target) -> str | None:
    field = options.fields.get(where[1]) if where[0] == "fields" else None
    declared = target.language or (field.language if field else None)
    return declared or (options.language if target.kind in _TEXTS else None)


# One field ----------------------------------------------------------------------------------------------------


def _field(
    where: tuple[str, ...], field: FieldOption, target: Target, tables: Mapping[str, ValueTable]
) -> Iterator[Mistake]:
    for key, (kinds, what) in _ONLY_FOR.items():
        if key in field.model_fields_set and target.kind not in kinds:
            yield (*where, key), f"only for {what}, and {target.path} holds another kind of value; leave it out"
    if field.format:
        yield from _format((*where, "format"), field.format)
    if field.language and target.language:
        yield (*where, "language"), f"the path already says '{target.language}'; leave one of them out"
    yield from _splitting(where, field, target)
    yield from _keeping(where, field, target)
    if field.table is not None:
        yield from _table(where, field.table, target, tables)
    elif target.kind == "block":
        yield where, f"{target.path} is a block: give a table of blocks, or name a field in it"


def _splitting(where: tuple[str, ...], field: FieldOption, target: Target) -> Iterator[Mistake]:
    if field.separator and not target.many and not target.in_list:
        yield (*where, "separator"), f"{target.path} holds one value, not several; leave it out"
    if field.separator and len(field.column) > 1:
        yield (*where, "separator"), "several columns are put together into one value; use one column, or no separator"


def _keeping(where: tuple[str, ...], field: FieldOption, target: Target) -> Iterator[Mistake]:
    if "unknown" in field.model_fields_set and field.table is None and target.kind != "choice":
        yield (*where, "unknown"), "says what to do when a table lacks a value; give a table, or leave it out"
    if field.unknown == "keep" and target.kind in {"choice", "block", "boolean"}:
        yield (*where, "unknown"), f"{target.path} is a closed list, so a value it lacks cannot be kept"


def _table(where: tuple[str, ...], name: str, target: Target, tables: Mapping[str, ValueTable]) -> Iterator[Mistake]:
    if name not in tables:
        near = difflib.get_close_matches(name, tables, n=1, cutoff=0.4)
        yield (*where, "table"), f"there is no table '{name}'" + (f"; the nearest is '{near[0]}'" if near else "")
        return
    for key, value in tables[name].values.items():
        for mistake in _values(value, target, several=target.many or target.in_list):
            yield ("tables", name, key), mistake


def _values(value: JsonValue, target: Target, *, several: bool) -> Iterator[str]:
    if isinstance(value, list) and not several:
        yield f"{target.path} holds one value, not a list"
        return
    for each in value if isinstance(value, list) else [value]:
        if each != "" and (mistake := target.mistake(each)):
            yield mistake


# Constants, flags, tables -------------------------------------------------------------------------------------


def _constants(options: Settings, targets: Mapping[tuple[str, ...], Target]) -> Iterator[Mistake]:
    for path, value in options.constants.items():
        if target := targets.get(("constants", path)):
            for mistake in _values(value, target, several=target.many):
                yield ("constants", path), mistake


def _flags(options: Settings, targets: Mapping[tuple[str, ...], Target]) -> Iterator[Mistake]:
    for path, columns in options.flags.items():
        target = targets.get(("flags", path))
        if target is None:
            continue
        if not target.many:
            yield ("flags", path), f"{target.path} is not a list; use fields"
        for column, value in columns.items():
            for mistake in _values(value, target, several=True):
                yield ("flags", path, column), mistake


def _tables(options: Settings) -> Iterator[Mistake]:
    used = {field.table for field in options.fields.values()}
    for name, table in options.tables.items():
        if name not in used:
            yield ("tables", name), "no field uses this table; correct its name, or take it out"
        for keys in _alike(table.values):
            if len({str(table.values[key]) for key in keys}) > 1:
                yield ("tables", name, keys[0]), f"differs only in case from '{keys[1]}' but means something else"


def _alike(keys: Iterable[str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for key in keys:
        groups.setdefault(key.strip().casefold(), []).append(key)
    return [group for group in groups.values() if len(group) > 1]


def _uncovered(options: Settings, targets: Mapping[tuple[str, ...], Target]) -> Iterator[Mistake]:
    filled = {target.path for target in targets.values()}
    for leaf in required_leaves(MODELS[options.kind]):
        if leaf.path not in filled:
            yield ("fields", leaf.path), f"every {options.kind} needs {leaf.path}: name its column, or give a constant"
    for where, target in targets.items():
        block = target.path.removesuffix(target.name)
        for leaf in required_leaves(target.steps[-1].model) if target.steps else ():
            if block + leaf.path not in filled:
                filled.add(block + leaf.path)
                yield where, f"{block}* needs {block}{leaf.path} as well: name its column, or give a constant"
