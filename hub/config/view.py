"""What `views/<id>.toml` says: a selection of opportunities that can be followed by itself."""

from hub.config.fields import Table
from hub.model.text import Text
from hub.views import Filter
from hub.views.view import Access


class ViewFile(Table):
    """The keys of a view's file."""

    title: Text
    """The name of the view, per language."""
    access: Access = "public"
    """Who may read it: everybody, or who has a key for it."""
    filter: Filter = Filter()
    """What belongs to it."""
