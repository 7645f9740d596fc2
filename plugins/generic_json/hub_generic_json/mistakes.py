"""What is wrong with how a list is asked for, beyond the shape of each option."""

import re
from collections.abc import Iterator

from hub import Mistake, format_mistake
from hub_generic_json.changes import FollowedChanges
from hub_generic_json.expressions import expression_mistake
from hub_generic_json.paging import ByCursor, ByLinkHeader, ByNextLink, Download, OneAnswer
from hub_generic_json.settings import Settings
from hub_generic_json.used import used_paths

_PLAIN = re.compile(r"@|\w+(\.\w+)*")
_SECRET = frozenset(
    {"authorization", "cookie", "proxy-authorization", "x-api-key", "api-key", "apikey", "x-auth-token"}
)
_FOLLOWED = (ByNextLink, ByLinkHeader, ByCursor)


def list_mistakes(options: Settings) -> Iterator[Mistake]:
    """Yield what is wrong with the options of a list, its fields left aside."""
    yield from _asking(options)
    yield from _changes(options)
    yield from _expressions(options)
    yield from _leaving(options)
    if options.modified:
        yield from format_mistake(("modified", "format"), options.modified.format)
    if options.detail and "{id}" not in options.detail.url:
        yield ("detail", "url"), "must hold {id}, where the item's id is to stand"


def _asking(options: Settings) -> Iterator[Mistake]:
    if options.body is not None and options.method == "GET":
        yield ("body",), 'a GET has no body; set method = "POST", or take it out'
    if options.parameters_in == "body" and options.method == "GET":
        yield ("parameters_in",), 'a GET has no body; set method = "POST", or leave it out'
    for name in options.headers_shown:
        if name.lower() in _SECRET:
            yield ("headers_shown", name), "carries a secret; say it under access or headers"
    if isinstance(options.paging, Download):
        yield from _download(options, options.paging)
    elif isinstance(options.paging, ByNextLink | ByLinkHeader) and options.parameters_in == "body":
        yield ("parameters_in",), "the address of the next page holds what it needs; leave it out"


def _download(options: Settings, paging: Download) -> Iterator[Mistake]:
    if options.method == "POST":
        yield ("method",), 'an export is fetched with GET; use GET, or paging.style = "none"'
    if not _PLAIN.fullmatch(options.records):
        yield ("records",), "an export is read as a stream, so write names with dots between them only, such as results"
    if paging.format == "ndjson" and options.records != "@":
        yield ("records",), "each line of NDJSON is one item; leave it out"
    if options.total:
        yield ("total",), "an export proves itself by its end; leave it out"
    if isinstance(options.changes, FollowedChanges):
        yield ("changes", "by"), 'an export has no next page to go on from; use by = "moment", or leave changes out'


def _changes(options: Settings) -> Iterator[Mistake]:
    changes = options.changes
    if changes is None:
        return
    if options.gone is None and changes.whole_every_days is None:
        yield ("changes",), "nothing would ever be withdrawn; say how an item is gone, or set whole_every_days"
    if isinstance(changes, FollowedChanges) and isinstance(options.paging, Download | OneAnswer):
        yield ("changes", "by"), 'needs paging.style = "next", "link" or "cursor", from which the next run goes on'
    elif isinstance(changes, FollowedChanges) and not isinstance(options.paging, _FOLLOWED):
        yield ("changes", "by"), "pages by number or offset cannot be gone on from; use another style of paging"


def _expressions(options: Settings) -> Iterator[Mistake]:
    for part in ("flags", "facts"):
        tables = [(part, each) for each in options.facts] if part == "facts" else [
            ("flags", path, each) for path, fields in options.flags.items() for each in fields
        ]  # fmt: skip
        for where in tables:
            if mistake := expression_mistake(where[-1]):
                yield where, mistake


def used_fields(options: Settings) -> frozenset[str]:
    """Return the dotted paths of an item that the options read; expressions that cannot be read are left out."""
    expressions = [*options.id, *(path for field in options.fields.values() for path in field.path)]
    expressions += [*options.facts, *(path for fields in options.flags.values() for path in fields)]
    expressions += [part.path for part in (options.gone, options.modified) if part]
    expressions += [options.provenance] if options.provenance else []
    expressions += options.references
    expressions += [] if isinstance(options.kind, str) else [options.kind.path]
    return frozenset[str]().union(*(used_paths(each) for each in expressions if not expression_mistake(each)))


def _leaving(options: Settings) -> Iterator[Mistake]:
    used = used_fields(options)
    for path in options.ignore:
        if path in used:
            yield ("ignore",), f"'{path}' is used; take it out of ignore, or do not use it"
    for path in options.personal:
        inside = sorted(each for each in used if each == path or each.startswith(f"{path}."))
        if inside:
            yield ("personal",), f"'{inside[0]}' is used; take '{path}' out of personal, or do not use it"
