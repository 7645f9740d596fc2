"""What is wrong with a mapping, and where."""

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How much a finding matters."""

    error = "error"
    """It misleads, or it cannot be read: mend it."""
    warning = "warning"
    """It is due for a look."""
    note = "note"
    """Worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say of a mapping.

    Args:
        code: what kind of thing, such as ``not-in-vocabulary``.
        weight: how much it matters.
        said: what is the matter, which value, and what to do.
        file: where the mapping is written.
        table: the table; empty for the whole file.
        entry: the partner's value.
        key: what the entry says of it.
    """

    code: str
    weight: Weight
    said: str
    file: str
    table: str = ""
    entry: str = ""
    key: str = ""

    @property
    def where(self) -> str:
        """The table, entry and key, such as ``contract."CM".employment_type``; empty for the whole file."""
        entry = f'"{self.entry}"' if self.entry else ""
        return ".".join(part for part in (self.table, entry, self.key) if part)

    @property
    def sentence(self) -> str:
        """File, place and what is the matter, in one line."""
        return f"{self.file}: {f'{self.where}: ' if self.where else ''}{self.said}"
