"""What the parts of a source's options have in common: immutable, and strict about names."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]


class Part(BaseModel):
    """A part of a source's options; a name it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)
