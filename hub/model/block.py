"""The base of every part of the common model."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Block(BaseModel):
    """Immutable, strict about names, camelCase when published; absent means the partner does not say."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    def revised(self, changes: Mapping[str, Any]) -> Self:
        """Return a copy with these fields replaced, unchecked as by `model_copy`, in a third of its time."""
        copy = self.__class__.__new__(self.__class__)
        # The slots pydantic itself fills; `model_copy` would first copy each of them.
        object.__setattr__(copy, "__dict__", {**self.__dict__, **changes})
        object.__setattr__(copy, "__pydantic_fields_set__", self.__pydantic_fields_set__ | changes.keys())
        object.__setattr__(copy, "__pydantic_extra__", None)
        object.__setattr__(copy, "__pydantic_private__", None)
        return copy
