"""What the index of ESCO says of one label, in a number of 64 bits."""

from enum import IntEnum
from typing import NamedTuple, Self

_NO_CONCEPT, _NO_GROUP = 0xFFFFFF, 0xFFF
_MOST = 255


class Strength(IntEnum):
    """How closely a label belongs to its occupation."""

    hidden = 1
    """What people search it by."""
    other = 2
    """An alternative label."""
    preferred = 3
    """The preferred label."""


class Entry(NamedTuple):
    """What a label means.

    Args:
        concept: number of the occupation; None where the label is of several.
        group: number of the ISCO-08 unit group; None where the label is of occupations of several groups.
        strength: how closely it belongs to them.
        agreeing: how many labels of occupations of its group end with it (in French: begin with it).
        others: how many labels of occupations of other groups do.
    """

    concept: int | None
    group: int | None
    strength: Strength
    agreeing: int = 0
    others: int = 0

    @property
    def share(self) -> float:
        """Of the labels that end with it, the share that are of its group; 1 where there are none."""
        told = self.agreeing + self.others
        return self.agreeing / told if told else 1.0

    def packed(self) -> int:
        """Return it as a number of 64 bits; counts beyond 255 are told as 255 with their share kept."""
        most = max(self.agreeing, self.others, _MOST)
        agreeing, others = (-(-count * _MOST // most) for count in (self.agreeing, self.others))
        concept = _NO_CONCEPT if self.concept is None else self.concept
        group = _NO_GROUP if self.group is None else self.group
        return concept << 40 | group << 28 | self.strength << 16 | agreeing << 8 | others

    @classmethod
    def unpacked(cls, number: int) -> Self:
        """Return what `packed` made a number of."""
        concept, group = number >> 40, number >> 28 & 0xFFF
        return cls(
            None if concept == _NO_CONCEPT else concept,
            None if group == _NO_GROUP else group,
            Strength(number >> 16 & 0xFFF),
            number >> 8 & _MOST,
            number & _MOST,
        )
