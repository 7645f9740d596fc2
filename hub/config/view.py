"""What `views/<id>.toml` says: a selection of opportunities, or who may read a feed that every hub has."""

from collections.abc import Mapping
from typing import Any

from pydantic import model_validator

from hub.config.fields import Table
from hub.model.text import Text
from hub.views import Filter
from hub.views.view import Access


class ViewFile(Table):
    """The keys of a view's file."""

    title: Text
    """The name of the view, per language."""
    access: Access = "public"
    """Who may read it: everybody (`public`), or who has a key for it (`key`)."""
    filter: Filter = Filter()
    """What belongs to it."""


class BuiltInFile(Table):
    """The keys of the file of a feed that every hub has."""

    access: Access = "public"
    """Who may read it: everybody (`public`), or who has a key for it (`key`)."""

    @model_validator(mode="before")
    @classmethod
    def _is_itself(cls, said: Mapping[str, Any]) -> Mapping[str, Any]:
        own = " or ".join(name for name in ("title", "filter") if name in said)
        if own:
            raise ValueError(
                f"every hub has this feed, so it can have no {own} of your own, only `access`; to select something, "
                "make a view with another name"
            )
        return said
