"""A made-up ESCO of some sixty occupations in four languages, written in the layout of the official download."""

import csv
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hub.codelists import Codelists, Shelf, import_esco

LANGUAGES = ("nl", "fr", "en", "de")
OCCUPATION, SKILL, GROUP = (f"http://data.europa.eu/esco/{kind}/" for kind in ("occupation", "skill", "isco"))

HEADS: Mapping[str, tuple[str, ...]] = {
    "occupations": (
        "conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels", "status",
        "modifiedDate", "regulatedProfessionNote", "scopeNote", "definition", "inScheme", "description", "code",
    ),
    "skills": (
        "conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels", "status",
        "modifiedDate", "scopeNote", "definition", "inScheme", "description",
    ),
    "ISCOGroups": (
        "conceptType", "conceptUri", "code", "preferredLabel", "status", "altLabels", "inScheme", "description",
    ),
}  # fmt: skip


@cache
def tables() -> Mapping[str, Any]:
    """Return the made-up lists."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def occupation(name: str) -> str:
    """Return the address of an occupation by its name in the table."""
    return OCCUPATION + name


def write_esco(folder: Path, languages: Sequence[str] = LANGUAGES) -> Path:
    """Write the made-up lists as the official download has them, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in languages:
        write(folder / f"occupations_{language}.csv", _occupations(language))
        write(folder / f"skills_{language}.csv", _skills(language))
        write(folder / f"ISCOGroups_{language}.csv", _groups(language))
    return folder


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows under the official column names that the name of the file asks for."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, HEADS[path.stem.partition("_")[0]], restval="")
        writer.writeheader()
        writer.writerows(rows)


def small_codelists(folder: Path) -> Codelists:
    """Import the made-up ESCO below a folder and return it opened."""
    shelf = Shelf(folder / "codelists")
    import_esco(write_esco(folder / "esco"), shelf.path("esco"), progress=lambda _done, _of: None)
    return shelf.open()


def row(name: str, language: str) -> dict[str, str]:
    """Return the row of one occupation in one language."""
    told = tables()["occupations"][name]
    label, *others = told[language]
    return {
        "conceptType": "Occupation",
        "conceptUri": occupation(name),
        "iscoGroup": str(told["group"]),
        "preferredLabel": label,
        "altLabels": "\n".join(others),
        "status": told.get("status", "released"),
        "code": f"{told['group']}.1",
    }


def _occupations(language: str) -> list[dict[str, str]]:
    return [row(name, language) for name in tables()["occupations"]]


def _skills(language: str) -> list[dict[str, str]]:
    return [
        {
            "conceptType": "KnowledgeSkillCompetence",
            "conceptUri": SKILL + name,
            "preferredLabel": told[language][0],
            "altLabels": "\n".join(told[language][1:]),
            "status": "released",
        }
        for name, told in tables()["skills"].items()
    ]


def _groups(language: str) -> list[dict[str, str]]:
    codes = sorted({str(told["group"]) for told in tables()["occupations"].values()})
    return [
        {
            "conceptType": "ISCOGroup",
            "conceptUri": f"{GROUP}C{code}",
            "code": code,
            "preferredLabel": f"{language} {code}",
        }
        for code in codes
    ]
