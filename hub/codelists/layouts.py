"""The files of ESCO: the official download, one file per kind and language, and a repackaging in English."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a file of ESCO holds."""

    occupations = "occupations"
    groups = "ISCOGroups"
    skills = "skills"


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns say what; an empty name is a column that this layout does not have."""

    name: str
    uri: str
    label: str
    others: str
    hidden: str
    group: str
    code: str
    status: str
    type: str

    def required(self, kind: Kind) -> tuple[str, ...]:
        """Return the columns without which a file of this kind says too little."""
        of_kind = {Kind.occupations: (self.group,), Kind.groups: (self.code,), Kind.skills: ()}[kind]
        status = () if kind is Kind.groups else (self.status,)
        return tuple(name for name in (self.uri, self.label, self.others, *of_kind, *status) if name)


LAYOUTS = (
    Layout(
        name="the official ESCO download",
        uri="conceptUri",
        label="preferredLabel",
        others="altLabels",
        hidden="hiddenLabels",
        group="iscoGroup",
        code="code",
        status="status",
        type="conceptType",
    ),
    Layout(
        name="the repackaged ESCO",
        uri="ORIGINURI",
        label="PREFERREDLABEL",
        others="ALTLABELS",
        hidden="",
        group="ISCOGROUPCODE",
        code="CODE",
        status="",
        type="",
    ),
)

TYPES: Mapping[Kind, str] = {
    Kind.occupations: "Occupation",
    Kind.groups: "ISCOGroup",
    Kind.skills: "KnowledgeSkillCompetence",
}
"""What the official files call each row of their kind; rows of another type are passed over."""

RELEASED = "released"

_NAME = re.compile(r"(occupations|skills|ISCOGroups)(?:_([A-Za-z]{2,3}))?\.csv", re.IGNORECASE)
_KINDS = {kind.value.casefold(): kind for kind in Kind}


def told_by_name(name: str) -> tuple[Kind, str] | None:
    """Return the kind and language of a file by its name, such as ``occupations_nl.csv``; without one it is English."""
    found = _NAME.fullmatch(name)
    return (_KINDS[found[1].casefold()], (found[2] or "en").lower()) if found else None


def layout_of(columns: list[str]) -> Layout | None:
    """Return the layout that a row of column names is most like; None when it is like none."""
    shared = {layout: len({layout.uri, layout.label, layout.others} & set(columns)) for layout in LAYOUTS}
    best = max(LAYOUTS, key=shared.__getitem__)
    return best if shared[best] else None
