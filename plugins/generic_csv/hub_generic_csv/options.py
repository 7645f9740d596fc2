"""The options of a source, checked as a whole: every mistake at once, each with its place and a way out."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from hub import Checked, FieldOption, Mistake, find_mistakes
from hub_generic_csv.mistakes import file_mistakes
from hub_generic_csv.settings import ColumnField, Settings


class GenericCsvOptions(Checked, Settings):
    """Everything about one file."""

    stand_ins: ClassVar[Mapping[str, Any]] = {"id": "-"}
    field_type: ClassVar[type[FieldOption]] = ColumnField

    def mistakes(self) -> Iterator[Mistake]:
        """Yield what is wrong with the file's options, then with its fields."""
        yield from file_mistakes(self)
        yield from find_mistakes(self)
