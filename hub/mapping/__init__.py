"""Strict interpretation: a payload read through a view, and value tables as data with their coverage."""

from hub.mapping.fitting import ENTERPRISE_NUMBERS, fit_listing
from hub.mapping.mapping import Mapping
from hub.mapping.readings import Readings
from hub.mapping.table import ValueEntry, ValueTable
from hub.mapping.view import View

__all__ = ["ENTERPRISE_NUMBERS", "Mapping", "Readings", "ValueEntry", "ValueTable", "View", "fit_listing"]
