"""From a partner's fields to the model, described by configuration: shared by the sources that need no code.

A kind of source says what its fields are called and how their values are got; targets, formats, value tables and
the sentences about mistakes are the same for all.
"""

from hub.mapping.fields.checking import Checked
from hub.mapping.fields.entries import FieldEntry, field_entries
from hub.mapping.fields.field_mistakes import Mistake, format_mistake
from hub.mapping.fields.formats import moment_reader
from hub.mapping.fields.mistakes import find_mistakes
from hub.mapping.fields.part import LanguageTag, Part
from hub.mapping.fields.plan import Build, make_plan
from hub.mapping.fields.settings import Facts, FieldOption, FieldSettings, FieldTable, Formats
from hub.mapping.fields.tables import tables_mapping
from hub.mapping.fields.targets import KindName
from hub.mapping.fields.values import Cell, Noticed, Payload, Read, as_text, column_cell, glued, refuse

__all__ = [
    "Build",
    "Cell",
    "Checked",
    "Facts",
    "FieldEntry",
    "FieldOption",
    "FieldSettings",
    "FieldTable",
    "Formats",
    "KindName",
    "LanguageTag",
    "Mistake",
    "Noticed",
    "Part",
    "Payload",
    "Read",
    "as_text",
    "column_cell",
    "field_entries",
    "find_mistakes",
    "format_mistake",
    "glued",
    "make_plan",
    "moment_reader",
    "refuse",
    "tables_mapping",
]
