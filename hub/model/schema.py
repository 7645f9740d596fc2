"""The JSON Schemas of what the hub publishes, made from the model."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from hub.model.opportunity import ProgrammeOpportunity, VacancyOpportunity

_MODELS: Mapping[str, type[BaseModel]] = {"vacancy": VacancyOpportunity, "programme": ProgrammeOpportunity}


def json_schema(name: str, address: str) -> dict[str, Any]:
    """Return the schema of a kind, ``vacancy`` or ``programme``; its ``$id`` starts with the hub's public address."""
    return {"$schema": _AsPublished.schema_dialect, "$id": f"{address}/schemas/{name}.json", **_schema(name)}


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
