"""What is wrong with the options of a file, beyond their shape and its fields."""

from collections.abc import Iterator

from hub import Mistake, format_mistake
from hub_generic_csv.settings import Settings


def file_mistakes(options: Settings) -> Iterator[Mistake]:
    """Yield what is wrong with the options of a file, its fields left aside."""
    if (options.path is None) == (options.url is None):
        yield ("path",), "give either path or url"
    if options.headers and options.url is None:
        yield ("headers",), "headers are sent with url only; leave them out"
    if options.join and options.join.sheet and options.file.format == "csv":
        yield ("join", "sheet"), "a delimited file has no sheets; use path or url"
    if options.modified:
        yield from format_mistake(("modified", "format"), options.modified.format)
    used = used_columns(options)
    for name in ("ignore", "personal"):
        for column in set(getattr(options, name)) & used:
            yield (name,), f"column '{column}' is used; take it out of {name}, or do not use it"


def used_columns(options: Settings) -> set[str]:
    """Return the columns that must be in the file (or the joined one) for these options to work."""
    mapped = {column for field in options.fields.values() for column in field.column}
    flags = {column for columns in options.flags.values() for column in columns}
    single = {part.column for part in (options.gone, options.modified) if part}
    return (
        mapped | flags | single | set(options.id) | ({options.join.key} if options.join else set()) | set(options.facts)
    )
