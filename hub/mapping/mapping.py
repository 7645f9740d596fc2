"""The value tables of an adapter or a source, with who keeps them and the day of their last review."""

import hashlib
from collections.abc import Mapping as Values
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Self

import orjson

from hub.errors import ConfigError
from hub.mapping.reading import read_mapping
from hub.mapping.table import ValueEntry, ValueTable


@dataclass(frozen=True)
class Mapping:
    """Value tables by name.

    Args:
        tables: the tables.
        owner: who keeps them.
        date: day of their last review, yyyy-mm-dd.
        file: where they are written, for the sentences about them.
    """

    tables: Values[str, ValueTable]
    owner: str = ""
    date: str = ""
    file: str = ""

    @classmethod
    def load(cls, package: str, name: str = "mapping.toml") -> Self:
        """Return the mapping that stands beside an adapter's modules; ConfigError tells every mistake in it.

        Args:
            package: the import name of the package that holds the file, such as ``hub_vdab``.
            name: of the file.
        """
        return cls.read(files(package).joinpath(name).read_text("utf-8"), f"{package}/{name}")

    @classmethod
    def read(cls, text: str, file: str) -> Self:
        """Return the mapping written in a text; ConfigError tells every mistake in it, after the name of its file."""
        found = read_mapping(text, file)
        if found.mistakes:
            raise ConfigError([each.sentence for each in found.mistakes])
        return cls(found.tables, found.owner, found.date, file)

    @classmethod
    def of(
        cls,
        tables: Values[str, Values[str, Values[str, object]]],
        *,
        owner: str = "",
        date: str = "",
        file: str = "options.tables",
    ) -> Self:
        """Return a mapping of tables that a source's options hold: names, the partner's values, and their facts."""
        made = {
            name: ValueTable(name, tuple(ValueEntry(key, facts) for key, facts in values.items()))
            for name, values in tables.items()
        }
        return cls(made, owner, date, file)

    def with_tables(self, other: "Mapping") -> "Mapping":
        """Return a mapping that has the tables of another one as well."""
        return Mapping({**self.tables, **other.tables}, self.owner, self.date, self.file)

    def __getitem__(self, name: str) -> ValueTable:
        return self.tables[name]

    @cached_property
    def digest(self) -> str:
        """A digest of all that shapes a listing: it changes with the entries, not with notes, owner or date."""
        shaping = {
            name: [
                table.match,
                [[each.key, each.label, dict(each.facts), each.refuse, list(each.unless)] for each in table.entries],
            ]
            for name, table in self.tables.items()
        }
        return hashlib.sha256(orjson.dumps(shaping, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
