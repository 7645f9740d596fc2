"""Code lists that an admin imports, kept on disk and looked up in place: ESCO, and crosswalks of partners' codes."""

from hub.codelists.crosswalk import Crosswalk, Mapped, crosswalk_name, import_crosswalk
from hub.codelists.entry import Entry, Strength
from hub.codelists.esco import Esco
from hub.codelists.folding import fold, spellings
from hub.codelists.importing import import_esco
from hub.codelists.shelf import ESCO, Codelists, Shelf

__all__ = [
    "ESCO",
    "Codelists",
    "Crosswalk",
    "Entry",
    "Esco",
    "Mapped",
    "Shelf",
    "Strength",
    "crosswalk_name",
    "fold",
    "import_crosswalk",
    "import_esco",
    "spellings",
]
