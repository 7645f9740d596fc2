"""The JSON Schemas of what the hub publishes, made from the model."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from hub.model.opportunity import ProgrammeOpportunity, VacancyOpportunity

_MODELS: Mapping[str, type[BaseModel]] = {"vacancy": VacancyOpportunity, "programme": ProgrammeOpportunity}


VERSION = "1.0"
"""The version of the schemas: the second number rises when something is added, the first when a reader must change."""
MAJOR = f"v{VERSION.partition('.')[0]}"
"""What the addresses of the schemas to rely on hold."""


def json_schema(name: str, address: str) -> dict[str, Any]:
    """Return the schema of a kind, ``vacancy`` or ``programme``, exactly as it is published now.

    Its ``$id`` starts with the hub's public address.
    """
    return {**_head(f"{address}/schemas/{name}.json"), **_schema(name)}


def pinned_schema(name: str, address: str) -> dict[str, Any]:
    """Return the schema of a kind that a reader may keep: it lets fields pass that are added later."""
    return {**_head(f"{address}/schemas/{MAJOR}/{name}.json"), **_opened(_schema(name))}


def _head(address: str) -> dict[str, Any]:
    return {"$schema": _AsPublished.schema_dialect, "$id": address, "version": VERSION}


def _opened(schema: Any) -> Any:
    """Return a schema without its refusals of fields that it does not name."""
    if isinstance(schema, list):
        return [_opened(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = schema.get("additionalProperties") is False
    return {name: _opened(each) for name, each in schema.items() if not (closed and name == "additionalProperties")}


@cache
def _schema(name: str) -> dict[str, Any]:
    made = _MODELS[name].model_json_schema(mode="serialization", schema_generator=_AsPublished)
    return {**made, "title": name.capitalize(), "required": [*made["required"], "kind"]}


class _AsPublished(GenerateJsonSchema):
    """What is not said is absent in what the hub publishes, neither null nor a default."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the names say it already
        return False
