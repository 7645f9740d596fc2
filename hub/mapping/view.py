"""A payload read through a view that remembers which fields were used, so that a new one is noticed at once."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from hub.errors import RecordError

_Tree = Mapping[str, Any]
"""Ignored names, each with the tree of what is ignored inside it; None where all of it is."""
_NOTHING: _Tree = {}
_NONE: frozenset[str] = frozenset()


class View:
    """An object of a partner. Paths are names with dots between them, such as ``functie.beroepsprofiel``.

    A field that was read counts as used together with all that is inside it; an object entered with `view` or `views`
    does not, so that each field inside it must be read, passed over with `use`, or listed as ignored.

    Args:
        payload: the object; anything else is refused as unreadable.
        ignored: paths that are known and deliberately not read; ``a.*`` ignores all that is inside ``a``.
    """

    __slots__ = ("_at", "_data", "_ignored", "_inner", "_left")

    def __init__(self, payload: object, ignored: frozenset[str] = _NONE, at: str = "") -> None:
        if not isinstance(payload, dict):
            raise RecordError("unreadable-record")
        self._data = payload
        # Each field that is read is taken out of this copy, so that what was not read needs no search in the end.
        self._left = payload.copy()
        self._inner: dict[str, Sequence[View]] = {}
        self._ignored = ignored
        self._at = at

    def __getitem__(self, path: str) -> Any:
        """Return the value of a field; RecordError when it is missing or holds nothing."""
        value = self.get(path)
        if value is None or value == "":
            raise RecordError("missing-field", field=self._at + path)
        return value

    def __contains__(self, path: str) -> bool:
        return self.get(path) is not None

    def __bool__(self) -> bool:
        return bool(self._data)

    def get(self, path: str) -> Any:
        """Return the value of a field as it came, None when it is missing."""
        value = self._left.pop(path, None)
        return value if value is not None else self._again(path)

    def text(self, path: str) -> str | None:
        """Return a text, trimmed, or a number as text; None when it is missing, empty, or another kind of value."""
        value = self._left.pop(path, None)
        if value is None:
            value = self._again(path)
        if isinstance(value, str):
            return value.strip() or None
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def view(self, path: str) -> "View":
        """Return the view of an object inside this one; an empty one when there is no object."""
        if path in self._inner:
            return self._inner[path][0]
        value = self._data.get(path)
        if isinstance(value, dict):
            self._left.pop(path, None)
            view = View(value, _NONE, f"{self._at}{path}.")
            self._inner[path] = (view,)
            return view
        head, dot, rest = path.partition(".")
        return self.view(head).view(rest) if dot else View({}, _NONE, f"{self._at}{path}.")

    def views(self, path: str) -> "Sequence[View]":
        """Return a view of each object in a list; an object that stands alone counts as a list of one."""
        if path in self._inner:
            return self._inner[path]
        value = self._data.get(path)
        if isinstance(value, dict):
            return (self.view(path),)
        if not isinstance(value, list) or not value:
            head, dot, rest = path.partition(".")
            return self.view(head).views(rest) if dot else ()
        at = f"{self._at}{path}."
        views = [View(each, _NONE, at) for each in value if isinstance(each, dict)]
        if len(views) == len(value):  # else the list stays unread: it holds what nobody looks at
            self._left.pop(path, None)
            self._inner[path] = views
        return views

    def use(self, *paths: str) -> None:
        """Pass over fields on purpose: they count as used."""
        for path in paths:
            self.get(path)

    def unread(self) -> tuple[str, ...]:
        """Return the path of each field that holds something and was neither used nor ignored, each once.

        Items of a list have no number in their path: ``profiel.vereisten.score``. A new object is named once, not field
        by field.
        """
        found: list[str] = []
        self._gather(_tree(self._ignored) if self._ignored else _NOTHING, found)
        return tuple(dict.fromkeys(found)) if found else ()

    def _again(self, path: str) -> Any:
        """Return the value of a field that was read before, is inside an object, or is missing."""
        value = self._data.get(path)
        if value is None and "." in path:
            head, _, rest = path.partition(".")
            return self.view(head).get(rest)
        return value

    def _gather(self, ignored: _Tree, found: list[str]) -> None:
        """Add the path of each field in here that was not used."""
        if self._left:
            found += _holding(self._left, self._at, ignored)
        for name, views in self._inner.items():
            inside = ignored.get(name, _NOTHING)
            for each in views:
                if inside is not None and (each._left or each._inner):
                    each._gather(inside, found)


@lru_cache(maxsize=256)
def _tree(ignored: frozenset[str]) -> _Tree:
    """Return ignored paths as a tree."""
    tree: dict[str, Any] = {}
    for path in sorted(ignored):
        *parents, last = path.removesuffix(".*").split(".")
        place: dict[str, Any] | None = tree
        for name in parents:
            place = place.setdefault(name, {}) if place is not None else None
        if place is not None:
            place[last] = None
    return tree


def _holding(values: Mapping[str, Any], at: str, ignored: _Tree) -> Iterator[str]:
    """Yield the path of each value that holds something and is not ignored."""
    for name, value in values.items():
        if value in (None, "", [], {}):
            continue
        inside = ignored.get(name, _NOTHING)
        if inside is _NOTHING:
            yield at + name
        elif inside is not None:
            yield from _in_objects(value, f"{at}{name}.", inside)


def _in_objects(value: object, at: str, ignored: _Tree) -> Iterator[str]:
    """Yield what is not ignored inside an object or a list of objects; of any other value, its own path."""
    for each in value if isinstance(value, list) else (value,):
        if isinstance(each, dict):
            yield from _holding(each, at, ignored)
        else:
            yield at.removesuffix(".")
