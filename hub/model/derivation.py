"""What the hub added to an offer, or changed in it: where, how, how surely, and what the partner had said."""

from typing import Annotated

from pydantic import Field

from hub.model.block import Block


class Derivation(Block):
    """One thing that the hub derived; everything it does not name is the partner's own word."""

    fields: tuple[str, ...]
    """Where it stands, as paths of the published JSON, such as ``places[0].nis``."""
    method: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    """How it was found, such as ``postal-code``."""
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    """How surely it is right, 0 to 1; 1 for what follows of necessity."""
    said: str | None = None
    """What the partner said there, where that was replaced."""
    source: str | None = None
    """Id of the source whose listing it comes from, where that is not the canonical one."""
