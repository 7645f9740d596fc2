"""In which languages the page of an opportunity really speaks, and where each of these pages is.

A page can be shown in every language of the hub, whatever language the partner wrote in. Search engines are told only
of those in which title and description are there; all others lead them to the address of the opportunity itself, where
who prefers no language gets the one the partner wrote in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from hub.web.negotiation import LANGUAGES

ANY = "x-default"
"""The hreflang of the page for whoever speaks none of the languages."""


@dataclass(frozen=True, slots=True)
class Alternates:
    """The pages of one opportunity.

    Args:
        address: the public address of the opportunity.
        languages: those it speaks, its own one first.
    """

    address: str
    languages: Sequence[str]

    @classmethod
    def of(cls, data: Mapping[str, Any], address: str) -> Self:
        """Return those of an opportunity; ``data`` is its published JSON."""
        texts = [data["title"], *filter(None, [data.get("description")])]
        whole = [language for language in LANGUAGES if all(language in text for text in texts)]
        return cls(address, whole or [language for language in LANGUAGES if language in texts[-1]] or LANGUAGES[:1])

    @property
    def own(self) -> str:
        """The language of the page at the address itself, for who prefers none."""
        return self.languages[0]

    @property
    def json(self) -> str:
        """The address of the same as JSON."""
        return f"{self.address}.json"

    def canonical(self, language: str) -> str:
        """Return the address under which search engines should know the page in this language."""
        spoken = language in self.languages and language != self.own
        return f"{self.address}?lang={language}" if spoken else self.address

    @property
    def by_language(self) -> Mapping[str, str]:
        """The address of the page in each language it speaks, and that for everybody else."""
        return {**{language: self.canonical(language) for language in self.languages}, ANY: self.address}
