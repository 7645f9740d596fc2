"""Which fields of a vacancy are known: those that are kept, and those that are dropped on the way in."""

from collections.abc import Mapping
from dataclasses import dataclass

CODED = frozenset({
    "functie.jobdomeinen", "functie.beroepsprofiel", "functie.beroepsprofiel.ervaring", "profiel.vereisten",
    "profiel.vereisten.score", "profiel.vereisten.diplomaNiveau", "arbeidsovereenkomst.arbeidsContract",
    "arbeidsovereenkomst.arbeidsContractDuur", "arbeidsovereenkomst.arbeidsRegime",
    "arbeidsovereenkomst.arbeidsStelsel", "tewerkstellingsadres.provincie",
})  # fmt: skip
"""Values with a code, a label, or both."""

TEXTS = frozenset({"vrijeVereiste", "functie.functieTitel", "functie.omschrijving", "arbeidsovereenkomst.extra"})
"""Texts that people write, which may mention a person."""

_READ = frozenset({
    "status", "publicatieDatum", "depublicatieDatum", "aantalJobs", "profiel.vereisten.type",
    "vacatureReferentie.interneReferentie", "vacatureReferentie.vdabReferentie",
    "vacatureReferentie.externeReferentie", "vacatureReferentie.hrxmlReferentie",
    "arbeidsovereenkomst.aantalUur", "arbeidsovereenkomst.minimumBrutoLoon", "arbeidsovereenkomst.maximumBrutoLoon",
    "arbeidsovereenkomst.vermoedelijkeStartdatum", "tewerkstellingsadres.straat", "tewerkstellingsadres.huisnummer",
    "tewerkstellingsadres.busnummer", "tewerkstellingsadres.postcode", "tewerkstellingsadres.gemeente",
    "tewerkstellingsadres.landCode", "tewerkstellingsadres.locatie.latitude",
    "tewerkstellingsadres.locatie.longitude", "leverancier.naam", "leverancier.kboNummer", "leverancier.type",
    "sollicitatieprocedure.sollicitatieVia.webformulier", "sollicitatieprocedure.sollicitatieVia.email",
    "sollicitatieprocedure.sollicitatieVia.telefoon",
})  # fmt: skip

_UNREAD = frozenset({
    "versie", "bron", "vacatureType", "internationaalOpengesteld", "arbeidsovereenkomst.aantalDagen",
    "tewerkstellingsadres.regioCode", "leverancier.prioriteit", "dubbels.parentId", "dubbels.parentUuid",
    "dubbels.dubbelIds",
})  # fmt: skip
"""Kept, and not published."""

DROPPED = frozenset({
    "assistentie", "sollicitatieprocedure.cvGewenst", "sollicitatieprocedure.motivatiebriefGewenst",
    "sollicitatieprocedure.omschrijving", "sollicitatieprocedure.sollicitatieAdres",
    "sollicitatieprocedure.contactpersoon", "sollicitatieprocedure.sollicitatieVia.fax",
    "sollicitatieprocedure.sollicitatieVia.brief", "sollicitatieprocedure.sollicitatieVia.persoonlijkAanmelden",
    "sollicitatieprocedure.sollicitatieVia.extraInfoProcedure",
})  # fmt: skip
"""About persons, or not needed to publish a vacancy."""

KEPT = _READ | _UNREAD | TEXTS | CODED | {f"{path}.{name}" for path in CODED for name in ("code", "label")}
"""The fields of which values are kept."""
IGNORED = _UNREAD | DROPPED
"""Fields that are known and not read."""


@dataclass(frozen=True, slots=True)
class Field:
    """A known field: whether its plain values are kept, whether they are written by people, and what is inside it."""

    kept: bool
    text: bool
    inner: "Mapping[str, Field]"


def _tree(at: str = "") -> dict[str, Field]:
    known = KEPT | DROPPED
    names = dict.fromkeys(path[len(at) :].partition(".")[0] for path in sorted(known) if path.startswith(at))
    return {
        name: Field(at + name in KEPT, at + name in TEXTS, {} if at + name in DROPPED else _tree(f"{at}{name}."))
        for name in names
    }


TREE: Mapping[str, Field] = _tree()
"""Every known field by its name, from the vacancy inwards."""
