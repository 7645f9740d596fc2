"""Everything wrong with the fields of a source beyond their shape, each mistake with its place and a way out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from hub.mapping.fields.entries import FieldEntry, field_entries
from hub.mapping.fields.field_mistakes import Mistake, field_mistakes, format_mistake, no_table, value_mistakes
from hub.mapping.fields.settings import FieldSettings
from hub.mapping.fields.targets import MODELS, TEXTS, KindName, Target, find_target, has_target, required_leaves

Targets = Mapping[tuple[str, ...], Target]


def find_mistakes(settings: FieldSettings) -> list[Mistake]:
    """Return every mistake in the fields, constants, flags, facts, tables and formats; none when they can be used."""
    found = [*_formats(settings), *_facts(settings)]
    for kind in settings.kinds:
        found += _of_kind(settings, kind)
    found += _tables(settings)
    return list(dict.fromkeys(found))


def _of_kind(settings: FieldSettings, kind: KindName) -> Iterator[Mistake]:
    """Yield what is wrong when the records are of this kind; what only another kind has is left to that kind."""
    each = {entry.where: entry for entry in field_entries(settings)}
    paths = {where: entry.path for where, entry in each.items()}
    paths |= {("constants", path): path for path in settings.constants}
    paths |= {("flags", path): path for path in settings.flags}
    targets, strange = _targets(paths, kind, settings.kinds)
    yield from ((_written(settings, where), said) for where, said in strange)
    yield from _twice(settings, each, targets)
    for where, entry in each.items():
        if target := targets.get(where):
            yield from field_mistakes(entry, target, settings)
    yield from _constants(settings, targets)
    yield from _flags(settings, targets)
    if not strange:
        yield from _uncovered(settings, kind, targets)


def _written(settings: FieldSettings, where: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Return where a path is written: one of a table of facts stands in the first entry of the table that has it."""
    if where[0] != "facts":
        return where
    name = settings.facts[str(where[1])].table
    keys = (
        key for key, value in settings.tables[name].values.items() if isinstance(value, Mapping) and where[2] in value
    )
    return ("tables", name, next(keys), where[2])


def _targets(
    paths: Mapping[tuple[str, ...], str], kind: KindName, kinds: Sequence[KindName]
) -> tuple[dict[tuple[str, ...], Target], list[Mistake]]:
    targets: dict[tuple[str, ...], Target] = {}
    strange: list[Mistake] = []
    for where, path in paths.items():
        try:
            targets[where] = find_target(MODELS[kind], path)
        except ValueError as error:
            if not any(has_target(MODELS[other], path) for other in kinds):
                strange.append((where, str(error)))
    return targets, strange


def _formats(settings: FieldSettings) -> Iterator[Mistake]:
    yield from format_mistake(("formats", "date"), settings.formats.date)
    both = set(map(str.casefold, settings.formats.true)) & set(map(str.casefold, settings.formats.false))
    for word in sorted(both):
        yield ("formats",), f"'{word}' cannot mean both true and false"


def _facts(settings: FieldSettings) -> Iterator[Mistake]:
    for source, facts in settings.facts.items():
        if (table := settings.tables.get(facts.table)) is None:
            yield ("facts", source), no_table(facts.table, settings.tables)
            continue
        for key, value in table.values.items():
            if value != "" and not isinstance(value, Mapping):
                yield ("tables", facts.table, key), 'a table of facts says { path = value }, or "" for nothing'


def _twice(settings: FieldSettings, each: Mapping[tuple[str, ...], FieldEntry], targets: Targets) -> Iterator[Mistake]:
    seen: dict[tuple[str, str | None], tuple[str, ...]] = {}
    for where, target in targets.items():
        first = where if target.many else seen.setdefault((target.path, _tag(settings, each, where, target)), where)
        if first is not where:
            yield where, f"{target.path} is already filled by {'.'.join(first)}; keep one of them"
        if target.kind == "block" and any(other.path.startswith(f"{target.path}.") for other in targets.values()):
            yield where, f"{target.path} is filled as a whole here and in parts elsewhere; keep one of them"


def _tag(
    settings: FieldSettings, each: Mapping[tuple[str, ...], FieldEntry], where: tuple[str, ...], target: Target
) -> str | None:
    entry = each.get(where)
    declared = target.language or (entry.option.language if entry else None)
    return declared or (settings.language if target.kind in TEXTS else None)


def _constants(settings: FieldSettings, targets: Targets) -> Iterator[Mistake]:
    for path, value in settings.constants.items():
        if target := targets.get(("constants", path)):
            for mistake in value_mistakes(value, target, several=target.many):
                yield ("constants", path), mistake


def _flags(settings: FieldSettings, targets: Targets) -> Iterator[Mistake]:
    for path, fields in settings.flags.items():
        target = targets.get(("flags", path))
        if target is None:
            continue
        if not target.many:
            yield ("flags", path), f"{target.path} is not a list; use fields"
        for name, value in fields.items():
            for mistake in value_mistakes(value, target, several=True):
                yield ("flags", path, name), mistake


def _tables(settings: FieldSettings) -> Iterator[Mistake]:
    used = {field.table for field in settings.fields.values()} | {each.table for each in settings.facts.values()}
    for name, table in settings.tables.items():
        if name not in used | settings.used_tables:
            yield ("tables", name), "no field uses this table; correct its name, or take it out"
        for keys in _alike(table.values):
            if len({str(table.values[key]) for key in keys}) > 1:
                yield ("tables", name, keys[0]), f"differs only in case from '{keys[1]}' but means something else"


def _alike(keys: Iterable[str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for key in keys:
        groups.setdefault(key.strip().casefold(), []).append(key)
    return [group for group in groups.values() if len(group) > 1]


def _uncovered(settings: FieldSettings, kind: KindName, targets: Targets) -> Iterator[Mistake]:
    filled = {target.path for target in targets.values()}
    whole = tuple(f"{target.path}." for target in targets.values() if target.kind == "block")
    out = f"name its {settings.word}, or give a constant"
    for leaf in required_leaves(MODELS[kind]):
        if leaf.path not in filled and not leaf.path.startswith(whole):
            yield ("fields", leaf.path), f"every {kind} needs {leaf.path}: {out}"
    for where, target in targets.items():
        block = target.path.removesuffix(target.name)
        for leaf in required_leaves(target.steps[-1].model) if target.steps else ():
            if block + leaf.path not in filled:
                filled.add(block + leaf.path)
                yield where, f"{block}* needs {block}{leaf.path} as well: {out}"
