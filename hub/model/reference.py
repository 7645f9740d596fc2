"""The names that an offer has elsewhere, written so that two partners who mean the same name write the same."""

import re
import unicodedata

_OTHER = re.compile(r"[^a-z0-9]+")


def named_reference(partner: str, local_id: object) -> str | None:
    """Return the name of an offer at a partner, as ``partner:id``, such as ``vdab:68123456``; None where one is empty.

    The partner is folded to small letters, digits and hyphens; an id is exact but for the space around it.
    """
    plain = unicodedata.normalize("NFKD", partner).encode("ascii", "ignore").decode().casefold()
    name, number = _OTHER.sub("-", plain).strip("-"), str(local_id).strip()
    return f"{name}:{number}" if name and number else None
