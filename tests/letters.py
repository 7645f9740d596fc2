"""A finder of persons that goes letter by letter: it shares nothing with the patterns of the hub that remove them."""

import html
from urllib.parse import unquote

GENERAL = ("jobs@", "info@")
"""How the general mailboxes of the examples and sandboxes begin."""


class Finder:
    """What leads to a person, found letter by letter rather than by the patterns that remove it."""

    def __init__(self, said: bytes) -> None:
        self.text = unquote(html.unescape(said.decode())).casefold()

    def mails(self) -> set[str]:
        told = self.text.replace(" (at) ", "@").replace(" (dot) ", ".")
        words = "".join(mark if mark.isalnum() or mark in "@._-" else " " for mark in told).split()
        return {word for word in words if "@" in word.strip("@") and not word.startswith(GENERAL)}

    def mobiles(self) -> set[str]:
        """Return the numbers that begin as mobile ones do, from each group of digits on."""
        told = "".join(mark if mark.isdigit() or mark in "+ ./()-" else "\0" for mark in self.text).split("\0")
        groups = ["".join(each if each.isdigit() or each == "+" else " " for each in run).split() for run in told]
        joined = {"".join(group[start:]) for group in groups for start in range(len(group))}
        return {each for each in joined if each.startswith(("04", "06", "+316", "+324", "00324")) and len(each) >= 10}
