"""The options of a source, checked as a whole: every mistake at once, each with its place and a way out."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from hub import Checked, FieldOption, Mistake, find_mistakes
from hub_generic_json.mistakes import list_mistakes
from hub_generic_json.settings import PathField, Settings


class GenericJsonOptions(Checked, Settings):
    """Everything about one list."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"id": "id", "url": "https://partner.invalid/"}
    field_type: ClassVar[type[FieldOption]] = PathField

    def mistakes(self) -> Iterator[Mistake]:
        """Yield what is wrong with how the list is asked for, then with its fields."""
        yield from list_mistakes(self)
        yield from find_mistakes(self)
