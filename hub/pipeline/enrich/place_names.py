"""Read what partners write in one field: ``B-2000 Antwerpen``, ``Anvers (Antwerpen)``, ``Gent (Belgium)``."""

import re
from typing import NamedTuple

from hub.pipeline.enrich.belgium import Gazetteer, key

_CODED = re.compile(r"^\s*((?:BE?\s?-?\s?)?[1-9]\d{3})[\s,-]+(['’]?[^\W\d][^,;\d]*?)\s*$", re.IGNORECASE)
_COUNTRY = re.compile(r"\s*[(,]\s*(?:belgi[eë]|belgique|belgien|belgium)\s*\)?\s*$", re.IGNORECASE)
_PAIR = re.compile(r"^\s*([^()/]+?)\s*(?:/\s*([^()/]+?)|\(([^()/]+)\))\s*$")


class Written(NamedTuple):
    """What one field says: a postal code, a name, and whether it names Belgium."""

    code: str | None
    name: str
    belgian: bool


def read_written(text: str, tables: Gazetteer) -> Written:
    """Return the postal code and the name in a text; two names only become one where they are one municipality."""
    bare = _COUNTRY.sub("", text)
    coded = _CODED.match(bare)
    code, name = (coded[1], coded[2]) if coded else (None, bare)
    return Written(code, _one_name(name, tables), bare != text)


def _one_name(text: str, tables: Gazetteer) -> str:
    pair = _PAIR.match(text)
    if pair is None or key(text) in tables.by_name:
        return text
    first, second = pair[1], pair[2] or pair[3]
    nothing: frozenset[str] = frozenset()
    same = tables.by_name.get(key(first), nothing) & tables.by_name.get(key(second), nothing)
    return first if same else text
