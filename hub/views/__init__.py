"""Views: named selections of what the hub publishes, each with a change feed and files of its own."""

from hub.views.areas import area_name, is_area
from hub.views.filter import Filter, accepts
from hub.views.view import ALL, BUILT_IN, LISTED, LISTINGS, View

__all__ = ["ALL", "BUILT_IN", "LISTED", "LISTINGS", "Filter", "View", "accepts", "area_name", "is_area"]
