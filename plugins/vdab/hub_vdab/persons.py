"""Contact persons stay out: of a vacancy only what is known to be impersonal leaves `fetch`."""

from collections.abc import Mapping
from typing import Any

from hub import is_general_mailbox, without_personal
from hub_vdab.fields import TREE, Field
from hub_vdab.texts import clean, digits

UNKNOWN = "_unknown"
"""The field that names the fields nobody knows, whose values are not kept."""

_PROCEDURE, _VIA = "sollicitatieprocedure", "sollicitatieVia"


def without_persons(vacancy: Mapping[str, Any]) -> dict[str, Any]:
    """Return the known, impersonal fields of a vacancy, and the paths (never the values) of those nobody knows."""
    picking = _Picking(_names(vacancy))
    kept = picking.fields(vacancy, TREE, "")
    procedure = kept.get(_PROCEDURE)
    if isinstance(procedure, dict) and isinstance(via := procedure.get(_VIA), dict):
        procedure[_VIA] = _impersonal(via, digits(_of_contact(vacancy, "telefoonNummer")))
    return kept | {UNKNOWN: sorted(set(picking.unknown))} if picking.unknown else kept


class _Picking:
    """Picks the known fields of one vacancy.

    Args:
        names: those of the contact person, which texts must not mention.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.unknown: list[str] = []
        self._names = names

    def fields(self, holder: Mapping[str, Any], known: Mapping[str, Field], at: str) -> dict[str, Any]:
        """Return the known fields of an object."""
        kept: dict[str, Any] = {}
        for name, value in holder.items():
            field = known.get(name)
            if field is None:
                if value not in (None, "", [], {}):
                    self.unknown.append(f"{at}{name}")
            elif field.kept or field.inner:
                kept[name] = self._value(value, field, f"{at}{name}")
        return kept

    def _value(self, value: Any, field: Field, path: str) -> Any:
        if isinstance(value, dict):
            if field.inner:
                return self.fields(value, field.inner, path + ".")
            self.unknown.append(path)
            return None
        if isinstance(value, list):
            return [self._value(each, field, path) for each in value] if field.kept else None
        if field.text and isinstance(value, str):
            return clean(value, self._names)
        return value if field.kept else None


def _impersonal(via: Mapping[str, Any], personal: str) -> dict[str, Any]:
    """Return the ways to apply: the page, a general mailbox, a number that is neither mobile nor the person's."""
    page, mail, phone = (via.get(name) for name in ("webformulier", "email", "telefoon"))
    return {
        "webformulier": clean(page) if isinstance(page, str) else None,
        "email": mail.strip() if isinstance(mail, str) and is_general_mailbox(mail.strip()) else None,
        "telefoon": phone if _is_general(phone, personal) else None,
    }


def _is_general(phone: Any, personal: str) -> bool:
    return isinstance(phone, str) and without_personal(phone) == phone and digits(phone) != personal


def _names(vacancy: Mapping[str, Any]) -> tuple[str, ...]:
    name = _of_contact(vacancy, "naam")
    return (name.strip(),) if isinstance(name, str) and len(name.strip()) > 3 else ()


def _of_contact(vacancy: Mapping[str, Any], name: str) -> Any:
    procedure = vacancy.get(_PROCEDURE)
    person = procedure.get("contactpersoon") if isinstance(procedure, Mapping) else None
    if isinstance(person, Mapping):
        return person.get(name)
    return person if name == "naam" else None
