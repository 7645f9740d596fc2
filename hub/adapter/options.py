"""What every source's options have in common."""

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """The options of a source that its adapter understands; a name it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)
