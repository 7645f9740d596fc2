"""What readers write in passing: without anything that leads to a person, and without what nobody sees."""

import re

from hub.clean.characters import without_unseen
from hub.clean.contacts import without_contacts

_GAP = r"[\s./()\u2010-\u2015-]{0,3}"
_MAIL = re.compile(r"[^\s@\uff20\ufe6b]{1,64}[@\uff20\ufe6b][^\s@]{1,255}")
_NUMBER = re.compile(rf"\+?\d(?:{_GAP}\d){{8,}}")  # phones, accounts and national numbers; ids of partners are shorter
_SPACE = re.compile(r"\s+")
_LEFT_OUT = "…"


def clean_note(text: str) -> str:
    """Return a note on one line without mail addresses and long numbers, whosever they are, and names beside them.

    A note about an offer needs neither, and its writer may be the person they lead to; so it is stricter than what is
    done to the texts of partners.
    """
    plain = _SPACE.sub(" ", without_unseen(text)).strip()
    known = without_contacts(plain)
    return _SPACE.sub(" ", _NUMBER.sub(_LEFT_OUT, _MAIL.sub(_LEFT_OUT, known))).strip()
