"""Write the parts of the reference pages that come from the code, so that they cannot lag behind it.

A page holds pairs of marks, ``<!-- generated: NAME -->`` and ``<!-- end: NAME -->``; what stands between them is made
here. `make docs` writes the pages; with ``--check`` nothing is written and the exit code is 1 when a page would change.
"""

import ast
import importlib
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from typer.main import get_command

import hub
from hub import adapter, hookspecs, testing
from hub.app.tiers import RULES, Tier
from hub.cli import COMMANDS
from hub.config.settings import Settings
from hub.config.source import SourceFile
from hub.config.view import BuiltInFile, ViewFile
from hub.formats import FORMATS
from hub.formats.columns import FLAT_COLUMNS
from hub.model.issue import LANGUAGES, catalogue
from hub.model.listing import Listing
from hub.model.opportunity import Opportunity
from hub.model.schema import json_schema
from hub.model.vocabulary import VOCABULARIES, terms
from hub.push import EVENTS, PAUSES
from hub.push.schedule import JITTER
from hub.testing import PROMISES
from hub.testing.examine import sentence
from hub.web.problems.problem_types import problem_types

DOCS = Path(__file__).parent
Json = Mapping[str, Any]

_MARKED = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end: (?P=name) -->)", re.DOTALL)
_TERM = re.compile(r"\s*schema\.org: (?P<term>.+?)\.?$")
_CODED = re.compile(r"``(.+?)``")


def rewritten(page: str) -> str:
    """Return a page with its generated parts made anew; KeyError when a mark names a part that does not exist."""
    return _MARKED.sub(lambda found: f"{found[1]}\n{PARTS[found['name']]().strip()}\n\n{found[3]}", page)


def changes() -> dict[Path, str]:
    """Return the pages that would change, and their new text."""
    pages = {path: path.read_text("utf-8") for path in sorted(DOCS.rglob("*.md"))}
    return {path: new for path, old in pages.items() if (new := rewritten(old)) != old}


def main(arguments: Sequence[str]) -> int:
    """Write the pages that lag, or only name them; return the exit code."""
    lagging = changes()
    check = "--check" in arguments
    for path, text in lagging.items():
        sys.stdout.write(f"{'lags' if check else 'written'}: {path.relative_to(DOCS.parent)}\n")
        if not check:
            path.write_text(text, "utf-8")
    return 1 if check and lagging else 0


# Words --------------------------------------------------------------------------------------------------------


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    """Return a text that Markdown shows as it is: no column ends in it, and outside code no tag begins."""
    outside_and_inside = text.replace("|", r"\|").split("`")
    return "`".join(
        part if position % 2 else part.replace("<", "&lt;") for position, part in enumerate(outside_and_inside)
    )


def first_line(thing: object) -> str:
    """Return the first sentence or line of a docstring."""
    return _coded((inspect.getdoc(thing) or "").partition("\n")[0])


def _coded(text: str) -> str:
    return _CODED.sub(r"`\1`", text)


# Command line -------------------------------------------------------------------------------------------------


def cli() -> str:
    """Return every command with its arguments and options."""
    return "\n\n".join(part for name in COMMANDS for part in _command(_loaded(name), f"hub {name}", 2))


def _loaded(name: str) -> Any:
    return get_command(importlib.import_module(f"hub.cli.{name.replace('-', '_')}").app)


def _command(command: Any, path: str, level: int) -> Iterator[str]:
    usage = " ".join(command.collect_usage_pieces(command.context_class(command, info_name=path)))
    yield f"{'#' * level} `{path}`\n\n```\n{path} {usage}\n```\n\n{command.help or ''}"
    rows = [_parameter(each) for each in command.params if not each.name.endswith("_completion")]
    if rows:
        yield table(("argument or option", "meaning", "default"), rows)
    for name, child in getattr(command, "commands", {}).items():
        yield from _command(child, f"{path} {name}", level + 1)


def _parameter(parameter: Any) -> tuple[str, str, str]:
    said = parameter.help
    if parameter.envvar:
        said += f" Or set `{parameter.envvar}` in the environment."
    if parameter.param_type_name == "argument":
        name = parameter.name
    else:
        name = " ".join((*parameter.opts, *([] if parameter.is_flag else [_placeholder(parameter)])))
    default = parameter.default
    return f"`{name}`", said, "" if default is None or default is False else f"`{default}`"


def _placeholder(parameter: Any) -> str:
    words = {"int": "NUMBER", "Path": "FOLDER"}
    return parameter.metavar or words.get(parameter.type_descriptor.annotation.__name__, "TEXT")


# Values, as a JSON Schema describes them ----------------------------------------------------------------------

_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "yes or no", "object": "table"}
_FORMATS = {"date": "day", "date-time": "moment", "uri": "address", "path": "path"}
_LISTS = {enum.__name__: name for name, enum in VOCABULARIES.items()}


def kind_of(schema: Json, link: Callable[[str], str]) -> str:
    """Return in words what a value is; ``link`` tells how a block is named."""
    if "$ref" in schema:
        return link(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(kind_of(each, link) for each in schema["anyOf"] if each != {"type": "null"})
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema["type"] == "array":
        return f"list of {kind_of(schema['items'], link)}"
    return _plain(schema)


def _plain(schema: Json) -> str:
    comment = schema.get("$comment", "")
    if comment.startswith("language map"):
        return "rich text per language" if "HTML" in comment else "text per language"
    bounds = [f"{sign} {schema[name]:g}" for name, sign in _BOUNDS.items() if name in schema]
    return ", ".join([_FORMATS.get(schema.get("format", ""), _WORDS[schema["type"]]), *bounds])


# Configuration ------------------------------------------------------------------------------------------------


def settings() -> str:
    """Return the keys of hub.toml."""
    return _tables(Settings.model_json_schema())


def source_file() -> str:
    """Return the keys of a source's file."""
    return _tables(SourceFile.model_json_schema())


def view_file() -> str:
    """Return the keys of a view's file."""
    return _tables(ViewFile.model_json_schema())


def built_in_file() -> str:
    """Return the keys of the file of a feed that every hub has."""
    return _tables(BuiltInFile.model_json_schema())


def _tables(schema: Json) -> str:
    return "\n\n".join((_keys(schema), *_inner(schema, _blocks_in(schema))))


def _blocks_in(schema: Json) -> Json:
    """Return the tables within a table; closed lists are none."""
    return {name: block for name, block in schema.get("$defs", {}).items() if "properties" in block}


def _inner(schema: Json, blocks: Json) -> Iterator[str]:
    """Yield the headings, sentences and keys of the tables within a table, however deep."""
    for name, field in schema["properties"].items():
        if block := blocks.get(kind_of(field, str).removeprefix("list of ")):
            yield from (f"### `{name}`", _coded(block["description"]), _keys(block))
            yield from _inner(block, blocks)


def _keys(schema: Json) -> str:
    required = schema.get("required", ())
    rows = [
        (f"`{name}`", _config_kind(name, field), _default(name, field, required), _coded(_meaning(field, schema)))
        for name, field in schema["properties"].items()
    ]
    return table(("key", "value", "default", "meaning"), rows)


def _config_kind(name: str, field: Json) -> str:
    return kind_of(field, lambda block: _config_block(name, block))


def _config_block(name: str, block: str) -> str:
    if block in _LISTS:
        return f"[{_LISTS[block]}](vocabularies.md#{_LISTS[block]})"
    return f"[table](#{name})" if block != "Allowed" else "[name or table](#plugins)"


def _default(name: str, field: Json, required: Sequence[str]) -> str:
    value = field.get("default")
    if name in required:
        return "required"
    if value is None or value == [] or isinstance(value, dict):
        return ""
    return "the bundled ones" if isinstance(value, list) else f"`{json.dumps(value)}`"


def _meaning(field: Json, schema: Json) -> str:
    """Return what a field means; one that says the same as its block leaves that to the block."""
    block = schema.get("$defs", {}).get(kind_of(field, str), {})
    return str(field.get("description") or block.get("description", ""))


# The model ----------------------------------------------------------------------------------------------------

_ENVELOPE = tuple(field.alias or name for name, field in Opportunity.model_fields.items())
_SHARED = tuple(field.alias or name for name, field in Listing.model_fields.items())


_EITHER: Mapping[str, Json] = {
    "@type": {"type": "string", "description": "The schema.org type."},
    "kind": {"const": "vacancy` or `programme", "description": "Which of the two kinds it is."},
}
"""The fields that each kind narrows to a value of its own."""


def model_envelope() -> str:
    """Return the fields that the hub adds."""
    return _of_both(_ENVELOPE)


def model_shared() -> str:
    """Return the fields that both kinds have."""
    return _of_both(_SHARED)


def _of_both(names: Sequence[str]) -> str:
    schema = json_schema("vacancy", "")
    return _fields({**schema, "properties": {**schema["properties"], **_EITHER}}, names)


def model_vacancy() -> str:
    """Return the fields that only a vacancy has."""
    return _own("vacancy")


def model_programme() -> str:
    """Return the fields that only a programme has."""
    return _own("programme")


def _own(kind: str) -> str:
    schema = json_schema(kind, "")
    return _fields(schema, [name for name in schema["properties"] if name not in {*_ENVELOPE, *_SHARED}])


def model_blocks() -> str:
    """Return every block with its fields."""
    blocks = {**json_schema("vacancy", "")["$defs"], **json_schema("programme", "")["$defs"]}
    parts = []
    for name in sorted(blocks):
        if name not in _LISTS:
            said, term = _split(blocks[name]["description"])
            parts += [f"### {name}", said + (f" schema.org: {term}." if term else ""), _fields(blocks[name])]
    return "\n\n".join(parts)


def _fields(schema: Json, names: Sequence[str] = ()) -> str:
    return table(
        ("field", "value", "always there", "meaning", "schema.org"),
        [_field(schema, name) for name in names or tuple(schema["properties"])],
    )


def _field(schema: Json, name: str) -> Sequence[str]:
    field = schema["properties"][name]
    required = "yes" if name in schema.get("required", ()) else ""
    return (f"`{name}`", kind_of(field, _block), required, *_split(_meaning(field, schema)))


def _split(description: str) -> tuple[str, str]:
    """Return what a field means, and its schema.org terms."""
    text = " ".join(description.split())
    found = _TERM.search(text)
    return (_coded(text[: found.start()]), found["term"]) if found else (_coded(text), "")


def _block(name: str) -> str:
    return f"[{_LISTS[name]}](vocabularies.md#{_LISTS[name]})" if name in _LISTS else f"[{name}](#{name.lower()})"


# Formats ------------------------------------------------------------------------------------------------------


def formats() -> str:
    """Return every format that a hub has by itself."""
    rows = [(f"`{each.file}`", f"`{each.name}`", each.title, *_told(each), f"`{each.media_type}`") for each in FORMATS]
    return table(("file", "format", "what it is", "holds", "language", "media type"), rows)


def _told(each: type[hub.Format]) -> tuple[str, str]:
    kinds = " and ".join(f"{kind.value}s".replace("vacancys", "vacancies") for kind in sorted(each.kinds, reverse=True))
    holds = f"the latest {each.latest}" if each.latest else f"all {kinds}"
    return holds, "one" if each.in_languages else "all of them"


def columns() -> str:
    """Return every column of the flat formats."""
    return table(
        ("column", "value", "what it says"), [(f"`{each.name}`", each.kind, each.about) for each in FLAT_COLUMNS]
    )


# Issues, vocabularies, contract -------------------------------------------------------------------------------


def issues() -> str:
    """Return every issue, those that refuse a record first."""
    parts = []
    for severity, title in (("error", "Errors"), ("warning", "Warnings")):
        codes = [code for code, entry in catalogue().items() if entry["severity"] == severity]
        parts += [f"## {title}", *(part for code in codes for part in _issue(code))]
    return "\n\n".join(parts)


def _issue(code: str) -> tuple[str, str]:
    entry = catalogue()[code]
    rows = [(language, entry[language], entry[f"fix_{language}"]) for language in LANGUAGES]
    return f"### {code}", table(("", "what is wrong", "what to do"), rows)


def problems() -> str:
    """Return every type of problem."""
    rows = [
        (
            f"`{kind.code}`",
            str(kind.status),
            kind.means["en"],
            kind.do["en"],
            f"`{kind.standard}`" if kind.standard else "",
        )
        for kind in problem_types().values()
    ]
    return table(("code", "status", "what it means", "what to do", "said as"), rows)


def webhook_events() -> str:
    """Return every type of event that webhooks tell of."""
    rows = [
        (f"`{name}`", event.happens, "; ".join(f"`{field}`: {said}" for field, said in event.data.items()))
        for name, event in EVENTS.items()
    ]
    return table(("type", "what happened", "`data`"), rows)


def webhook_pauses() -> str:
    """Return when the attempts of a delivery are made."""
    passed = list(accumulate(PAUSES))
    rows = [(str(number), _span(pause), _span(passed[number - 1])) for number, pause in enumerate(PAUSES, 1)]
    told = f"A pause is up to {JITTER:.0%} longer, by lot, and counts from the end of the attempt before."
    return f"{table(('attempt', 'after a pause of', 'in all'), rows)}\n\n{told}"


def _span(seconds: float) -> str:
    parts = ((int(seconds // 3600), "h"), (int(seconds % 3600 // 60), "min"), (int(seconds % 60), "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


def vocabularies() -> str:
    """Return every closed list with its labels."""
    return "\n\n".join(part for name in VOCABULARIES for part in _vocabulary(name))


def _vocabulary(name: str) -> tuple[str, str, str]:
    languages = ("nl", "fr", "en", "de")
    rows = [(f"`{term.value}`", *(term.labels[each] for each in languages), term.definition) for term in terms(name)]
    return f"## {name}", first_line(VOCABULARIES[name]), table(("value", *languages, "meaning"), rows)


def contract(*names: str) -> Callable[[], str]:
    """Return what makes the source of these classes of the contract, as it stands in the code."""
    return lambda: "\n\n".join(f"### {name}\n\n```python\n{_source(name)}\n```" for name in names)


def _source(name: str) -> str:
    return re.sub(r"  # noqa: .*", "", inspect.getsource(getattr(adapter, name))).strip()


def outline(*names: str) -> Callable[[], str]:
    """Return what shows how these classes of the facade are called: public functions without their bodies."""
    return lambda: "\n\n".join(f"### {name}\n\n```python\n{_outlined(getattr(hub, name))}\n```" for name in names)


def _outlined(thing: type) -> str:
    source = textwrap.dedent(inspect.getsource(thing))
    lines = source.splitlines()
    (found,) = ast.parse(source).body
    if not isinstance(found, ast.ClassDef):
        raise TypeError(f"{thing} is no class")
    parts = ["\n".join(lines[: found.body[0].end_lineno])]
    parts += [part for each in found.body[1:] if (part := _public(each, lines))]
    fields = ["", *parts[1:]] if len(parts) > 1 and not parts[1].startswith("\n") else parts[1:]
    return re.sub(r"  # noqa: .*", "", "\n".join([parts[0], *fields]))


def _public(each: ast.stmt, lines: Sequence[str]) -> str:
    """Return a field as it stands, a public function up to its docstring, and nothing of what is private."""
    if isinstance(each, ast.AnnAssign):
        private = isinstance(each.target, ast.Name) and each.target.id.startswith("_")
        return "" if private else "\n".join(lines[each.lineno - 1 : each.end_lineno])
    if not isinstance(each, ast.FunctionDef) or each.name in _INNER:
        return ""
    if each.name.startswith("_") and each.name not in _SHOWN:
        return ""
    begin = min([each.lineno, *(decorator.lineno for decorator in each.decorator_list)])
    if ast.get_docstring(each) is not None:
        return "\n" + "\n".join(lines[begin - 1 : each.body[0].end_lineno])
    return "\n" + "\n".join(lines[begin - 1 : each.body[0].lineno - 1]) + " ..."


_SHOWN = frozenset({"__init__", "__iter__", "__getitem__"})
_INNER = frozenset({"ends_by_saying", "start", "follow", "refuse", "question", "asks_as"})
"""What a reading asks its paging; no plugin calls it."""


def hooks() -> str:
    """Return every hook."""
    found = {name: each for name, each in vars(hookspecs).items() if name.startswith("hub_")}
    return "\n\n".join(f"### `{name}()`\n\n{first_line(each)}" for name, each in found.items())


def facade() -> str:
    """Return every name that a plugin may import."""
    rows = [(f"`{name}`", _origin(getattr(hub, name))) for name in hub.__all__]
    return table(("name", "what it is"), rows)


def _origin(thing: object) -> str:
    module = str(getattr(thing, "__module__", ""))
    if module.startswith("pydantic"):
        return "of pydantic, as it is"
    return first_line(thing) if module.startswith("hub.") else _ALIASES.get(id(thing), "")


def errors() -> str:
    """Return every error, each under the one it is a kind of."""
    rows = [
        (f"`{name}`", _parent(getattr(hub.errors, name)), first_line(getattr(hub.errors, name)))
        for name in hub.errors.__all__
    ]
    return table(("error", "is a", "meaning"), rows)


def _parent(error: type[Exception]) -> str:
    base = error.__bases__[0]
    return f"`{base.__name__}`" if base.__name__ in hub.errors.__all__ else ""


def tiers() -> str:
    """Return every rule of the tiers, with its reason."""
    return "\n\n".join(part for tier in Tier for part in _tier(tier))


def _tier(tier: Tier) -> tuple[str, str]:
    rows = [(f"`{rule.name}`", rule.asks, rule.because) for rule in RULES if rule.tier is tier]
    return f"## {tier.value.capitalize()}", table(("rule", "what it asks", "because"), rows)


def promises() -> str:
    """Return every promise of an adapter, by subject."""
    modules = list(dict.fromkeys(promise.__module__ for promise in PROMISES))
    return "\n\n".join(part for module in modules for part in _promises(importlib.import_module(module)))


def _promises(module: Any) -> tuple[str, str]:
    said = first_line(module).removeprefix("Promises about ")
    told = [each for each in PROMISES if each.__module__ == module.__name__]
    rows = [(f"`test_{each.__name__}`", _coded(sentence(each))) for each in told]
    return f"## About {said.rstrip('.')}", table(("test", "promise"), rows)


def kit() -> str:
    """Return every name of the kit."""
    rows = [(f"`{name}`", _origin(getattr(testing, name))) for name in testing.__all__]
    return table(("name", "what it is"), rows)


_ALIASES = {
    id(PROMISES): "Every promise, in the order of this page.",
    id(testing.Promise): "A function whose name and docstring are a promise; it takes a `Subject` and raises `Broken`.",
    id(hub.ENTERPRISE_NUMBERS): "What `fit_listing` may leave out of any record: enterprise numbers that are none.",
    id(hub.FLAT_COLUMNS): "The columns of CSV and Parquet, in their order.",
    id(hub.Text): 'Text per language, such as `{"nl": "…"}`.',
    id(hub.RichText): "Sanitised HTML per language.",
    id(hub.Row): "One row of a table.",
    id(hub.Authentication): "How a partner knows us: any of `ApiKey`, `Basic`, `Bearer`, `ClientCredentials`, `Login`.",
    id(hub.Build): "Returns the values of the model's fields for an item; `make_plan` makes it.",
    id(hub.Cell): "Returns a field's value of an item, texts trimmed; None when it is empty.",
    id(hub.KindName): "`programme` or `vacancy`.",
    id(hub.Mistake): "Where a mistake is in the options, and a sentence about it.",
    id(hub.Read): "Returns the model's value of one field for an item; None when there is none.",
    id(hub.Fetched): "Anything that `fetch` may yield.",
    id(hub.JsonValue): "of pydantic, as it is",
    id(hub.hookimpl): "Marks a function as an implementation of a hook.",
}

PARTS: Mapping[str, Callable[[], str]] = {
    "cli": cli,
    "settings": settings,
    "source-file": source_file,
    "view-file": view_file,
    "built-in-file": built_in_file,
    "model-envelope": model_envelope,
    "model-shared": model_shared,
    "model-vacancy": model_vacancy,
    "model-programme": model_programme,
    "model-blocks": model_blocks,
    "issues": issues,
    "problems": problems,
    "errors": errors,
    "tiers": tiers,
    "vocabularies": vocabularies,
    "webhook-events": webhook_events,
    "webhook-pauses": webhook_pauses,
    "contract-adapter": contract("Adapter", "Options"),
    "contract-yields": contract("RawRecord", "Withdrawal", "Duplicate", "Refused", "Complete", "Incomplete"),
    "contract-normalised": contract("Normalised"),
    "contract-given": contract("Job", "Client", "Answer", "Document"),
    "contract-access": outline("ApiKey", "Basic", "Bearer", "ClientCredentials", "Login", "ClientCertificate", "Rate"),
    "contract-list": outline("Reading", "Page", "Turn", "PageNumber", "Offset", "Cursor", "NextLink", "TimeWindows"),
    "contract-record": outline("View", "Readings"),
    "contract-format": outline("Format", "Entry", "Edition"),
    "formats": formats,
    "columns": columns,
    "hooks": hooks,
    "facade": facade,
    "promises": promises,
    "kit": kit,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
