"""Contact persons stay out: what names or reaches a person is dropped before an ad leaves `fetch`."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hub import is_general_mailbox, without_personal

# A Swedish mobile number belongs to a person; a fixed line may be a switchboard.
_MOBILE = re.compile(r"(?<![\w./-])(?:(?:\+|00)46[\s.-]?(?:\(0\)[\s.-]?)?|0)7[\s.-]?\d(?:[\s./-]?\d){7}(?!\d)")
_PERSONAL = {"employer": ("email", "phone_number", "organization_number"), "application_details": ("other",)}
"""Fields that may be a person's: for a sole trader even the number of the organisation is that of a person."""
_OF_A_PERSON = ("name", "email", "telephone")
_TEXTS = ("text", "text_formatted", "company_information", "needs", "requirements", "conditions")


def without_persons(ad: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ad without contact persons, and its texts without their names, mails and mobile numbers."""
    words = tuple(_words(ad.get("application_contacts")))
    kept = {name: value for name, value in ad.items() if name != "application_contacts"}
    for holder, fields in _PERSONAL.items():
        kept[holder] = _without(ad.get(holder), fields)
    _keep_general_mail(kept["application_details"], words)
    if isinstance(headline := kept.get("headline"), str):
        kept["headline"] = clean(headline, words)
    kept["description"] = _cleaned(ad.get("description"), words)
    return kept


def clean(text: str, words: tuple[str, ...] = ()) -> str:
    """Return the text without these words, personal mail addresses and mobile numbers."""
    for word in words:
        text = text.replace(word, "")
    return _MOBILE.sub("", without_personal(text))


def _words(contacts: Any) -> Iterator[str]:
    """Yield the full names, mail addresses and numbers of the contacts, as they stand there.

    A name of one word may be an ordinary one, such as that of a department, and would leave holes in the text.
    """
    for person in contacts if isinstance(contacts, list) else ():
        for field in _OF_A_PERSON:
            word = person.get(field) if isinstance(person, dict) else None
            if isinstance(word, str) and len(word.strip()) > 3 and (field != "name" or " " in word.strip()):
                yield word.strip()


def _without(holder: Any, fields: tuple[str, ...]) -> Any:
    if not isinstance(holder, dict):
        return holder
    return {name: value for name, value in holder.items() if name not in fields}


def _keep_general_mail(details: Any, personal: tuple[str, ...]) -> None:
    mail = details.get("email") if isinstance(details, dict) else None
    if mail is not None and not (isinstance(mail, str) and is_general_mailbox(mail) and mail not in personal):
        del details["email"]


def _cleaned(description: Any, words: tuple[str, ...]) -> Any:
    if not isinstance(description, dict):
        return description
    texts = {name: clean(text, words) for name in _TEXTS if isinstance(text := description.get(name), str)}
    return {**description, **texts}
