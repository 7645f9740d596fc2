"""Contact persons stay out: what names or reaches a person is dropped before a record leaves `fetch`."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_MAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
# 04 and eight digits is a Belgian mobile number, which belongs to a person; a fixed line may be a switchboard.
_MOBILE = re.compile(r"(?<![\w.])(?:(?:\+|00)32[\s./-]?(?:\(0\))?|0)4\d\d(?:[\s./-]?\d){6}(?!\d)")
_ENTERPRISE = re.compile(r"\d{4}\.\d{3}\.\d{3}")
_PROCEDURE = "sollicitatieprocedure"
_VIA = "sollicitatieVia"
_PLAIN = frozenset({"cvGewenst", "motivatiebriefGewenst"})
_WAYS = frozenset({"webformulier", "brief", "persoonlijkAanmelden"})
_TEXTS = (
    (None, "vrijeVereiste"),
    ("functie", "functieTitel"),
    ("functie", "omschrijving"),
    ("arbeidsovereenkomst", "extra"),
)


def without_persons(vacancy: Mapping[str, Any]) -> dict[str, Any]:
    """Return the vacancy without contact persons, personal mail addresses and mobile numbers.

    Of the application procedure only what is known to be impersonal is kept; the value of a field that is not known
    becomes None, so that its name can still be reported.
    """
    kept = dict(vacancy)
    procedure = vacancy.get(_PROCEDURE)
    names = _names(procedure)
    for parent, name in _TEXTS:
        _clean_in(kept, parent, name, names)
    if isinstance(procedure, Mapping):
        kept[_PROCEDURE] = _procedure(procedure, names)
    elif _PROCEDURE in kept:
        kept[_PROCEDURE] = None
    return kept


def is_general(address: str) -> bool:
    """Say whether a mail address is a general mailbox, by the list beside this module."""
    local = address.partition("@")[0].casefold()
    exact, first = _mailboxes()
    return local in exact or re.split(r"[._-]", local)[0] in first


def clean(text: str, names: tuple[str, ...] = ()) -> str:
    """Return the text without these names, personal mail addresses and mobile numbers."""
    if "@" in text:
        text = _MAIL.sub(lambda found: found[0] if is_general(found[0]) else "", text)
    if "4" in text:
        text = _MOBILE.sub(_unless_enterprise, text)
    for name in names:
        text = text.replace(name, "")
    return text


def _unless_enterprise(found: re.Match[str]) -> str:
    """Return the number if it is a KBO number as those are written, with the right check digits; else nothing."""
    digits = found[0].replace(".", "")
    return found[0] if _ENTERPRISE.fullmatch(found[0]) and (int(digits[:8]) + int(digits[8:])) % 97 == 0 else ""


def _clean_in(kept: dict[str, Any], parent: str | None, name: str, names: tuple[str, ...]) -> None:
    holder = kept if parent is None else kept.get(parent)
    text = holder.get(name) if isinstance(holder, Mapping) else None
    if not isinstance(text, str) or not isinstance(holder, Mapping) or (cleaned := clean(text, names)) == text:
        return
    if parent is None:
        kept[name] = cleaned
    else:
        kept[parent] = {**holder, name: cleaned}


def _names(procedure: Any) -> tuple[str, ...]:
    person = procedure.get("contactpersoon") if isinstance(procedure, Mapping) else None
    name = person.get("naam") if isinstance(person, Mapping) else person
    return (name.strip(),) if isinstance(name, str) and len(name.strip()) > 3 else ()


def _procedure(procedure: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    kept: dict[str, Any] = {
        key: value if key in _PLAIN and isinstance(value, bool) else None for key, value in procedure.items()
    }
    kept.pop("contactpersoon", None)
    if isinstance(text := procedure.get("omschrijving"), str):
        kept["omschrijving"] = clean(text, names)
    if isinstance(via := procedure.get(_VIA), Mapping):
        kept[_VIA] = _ways(via, names, _digits(_phone(procedure.get("contactpersoon"))))
    return kept


def _ways(via: Mapping[str, Any], names: tuple[str, ...], personal: str) -> dict[str, Any]:
    kept = {key: _way(value, names) if key in _WAYS else None for key, value in via.items()}
    mail, phone, extra = via.get("email"), via.get("telefoon"), via.get("extraInfoProcedure")
    if isinstance(mail, str) and is_general(mail.strip()):
        kept["email"] = mail.strip()
    if isinstance(phone, str) and not _MOBILE.search(phone) and _digits(phone) != personal:
        kept["telefoon"] = phone
    if isinstance(extra, str):
        kept["extraInfoProcedure"] = clean(extra, names)
    return kept


def _way(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return clean(value, names)
    return value if isinstance(value, bool) else None


def _phone(person: Any) -> Any:
    return person.get("telefoonNummer") if isinstance(person, Mapping) else None


def _digits(phone: Any) -> str:
    """Return the national digits of a phone number, so that two ways of writing it compare as equal."""
    digits = re.sub(r"\D", "", phone) if isinstance(phone, str) else ""
    return re.sub(r"^(00)?320?|^0", "", digits)


@cache
def _mailboxes() -> tuple[frozenset[str], frozenset[str]]:
    data = tomllib.loads(files("hub_vdab").joinpath("mailboxes.toml").read_text("utf-8"))
    return frozenset(data["exact"]), frozenset(data["first"])
