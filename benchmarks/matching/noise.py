"""What partners do to titles, names and texts."""

from collections.abc import Callable, Sequence
from functools import partial
from random import Random

DECORATIONS = {
    "nl": ("{} (m/v/x)", "{} m/v/x", "Gezocht: {}", "{} - {town}", "{} - voltijds", "Vacature {}", "{} | {employer}"),
    "fr": ("{} (H/F/X)", "{} h/f/x", "Recherche {}", "{} - {town}", "{} à temps plein", "Offre: {}", "{} | {employer}"),
}
EXTENSIONS = {
    "nl": ("{} met ervaring", "Ervaren {}", "{} in dagdienst", "Polyvalente {}", "{} regio {town}"),
    "fr": ("{} avec expérience", "{} expérimenté", "{} de jour", "{} polyvalent", "{} région de {town}"),
}
ABBREVIATIONS = (
    *(("medewerker", "medew."), ("Medewerker", "Medew."), ("verantwoordelijke", "verantw."), ("Assistent", "Ass.")),
    *(
        ("Responsable", "Resp."),
        ("Employé", "Empl."),
        ("Ouvrier", "Ouvr."),
        ("Technicien", "Tech."),
        ("chauffeur", "chauff."),
    ),
    *(
        ("Collaborateur", "Collab."),
        ("Conseiller", "Cons."),
        ("Infirmier", "Inf."),
        ("Opérateur", "Opér."),
        ("Magasinier", "Magas."),
    ),
)
SYNONYMS = {
    "nl": (
        *(("collega’s", "teamgenoten"), ("graag", "met plezier"), ("contract", "overeenkomst"), ("loon", "salaris")),
        *(
            ("werken", "aan de slag gaan"),
            ("klanten", "cliënten"),
            ("volgens", "conform"),
            ("ervaren", "geroutineerde"),
        ),
        *(("vestiging", "site"), ("zoekt", "is op zoek naar"), ("opleiding", "training"), ("mensen", "medewerkers")),
    ),
    "fr": (
        *(
            ("collègues", "coéquipiers"),
            ("volontiers", "avec plaisir"),
            ("contrat", "engagement"),
            ("salaire", "rémunération"),
        ),
        *(
            ("travailler", "œuvrer"),
            ("clients", "clientèle"),
            ("selon", "conformément à"),
            ("expérimenté", "chevronné"),
        ),
        *(
            ("aimez", "appréciez"),
            ("cherche", "est à la recherche de"),
            ("formation", "instruction"),
            ("bon", "excellent"),
        ),
    ),
}
ADDED = {
    "nl": (
        "Solliciteer via de knop hieronder.",
        "Wij behandelen je kandidatuur vertrouwelijk en nemen binnen de {days} werkdagen contact met je op.",
        "Deze vacature wordt ook via onze partners verspreid.",
        "Interesse? Registreer je en volg je sollicitatie online op.",
    ),
    "fr": (
        "Postulez via le bouton ci-dessous.",
        "Votre candidature sera traitée confidentiellement et vous aurez une réponse dans les {days} jours ouvrables.",
        "Cette offre est également diffusée par nos partenaires.",
        "Intéressé ? Inscrivez-vous et suivez votre candidature en ligne.",
    ),
}
_FORMS = {
    "nv": ("NV", "N.V.", "SA", ""),
    "bv": ("BV", "bvba", "SRL", ""),
    "sa": ("S.A.", "NV", ""),
    "srl": ("SRL", "sprl", ""),
    "vzw": ("vzw", "V.Z.W.", "ASBL"),
    "asbl": ("asbl", "ASBL", "vzw"),
    "cv": ("CV", "cvba", ""),
    "bvba": ("BVBA", "bv", ""),
}
_TRANSLATED = (
    *(("Schoonmaak", "Nettoyage"), ("Bakkerij", "Boulangerie"), ("Magazijnen", "Entrepôts"), ("Tuinen", "Jardins")),
    *(
        ("Groep", "Group"),
        (" & Co", ""),
        (" en Zonen", " & Zn."),
        ("Woonzorgcentrum", "WZC"),
        ("Uitzendbureau", "Interim"),
    ),
    *(("Techniek", "Technics"), ("Bouwbedrijf", "Bouw"), ("Logistics", "Logistiek"), (" Belgium", "")),
)


def respelled(name: str, rng: Random) -> str:
    """Return a name as another partner writes it: legal form, order, language, a letter, or a hyphen otherwise."""
    bare, _, form = name.rpartition(" ")
    ways: tuple[Callable[[], str], ...] = (
        partial("{} {}".format, bare, rng.choice(_FORMS.get(form.lower(), (form,)))),
        partial(str, bare),
        partial("{} {}".format, form.upper(), bare),
        partial(replaced, bare, _TRANSLATED),
        partial(misspelled, bare, rng),
        partial(bare.replace, *rng.choice(((" ", "-", 1), ("-", " ")))),
    )
    return rng.choice(ways)().strip()


def replaced(text: str, table: Sequence[tuple[str, str]] = _TRANSLATED) -> str:
    """Return a text with the words of a table replaced."""
    for word, other in table:
        text = text.replace(word, other)
    return text


def misspelled(text: str, rng: Random) -> str:
    """Leave one letter out of, or double one in, a long word."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) > 6]
    if not long:
        return text
    place = rng.choice(long)
    word, at = words[place], rng.randint(2, len(words[place]) - 2)
    words[place] = word[:at] + (word[at] * 2 if rng.random() < 0.5 else "") + word[at + 1 :]
    return " ".join(words)
