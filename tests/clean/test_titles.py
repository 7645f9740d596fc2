import pytest

from hub.clean.titles import mend_title, shouts, without_gender

SUFFIXES = [
    ("Kok (m/v/x)", "Kok"),
    ("Kok M/V/X", "Kok"),
    ("Kok m/v/x in Gent", "Kok in Gent"),
    ("Cuisinier (H/F/X)", "Cuisinier"),
    ("Koch (m/w/d)", "Koch"),
    ("Cook (m/f/d)", "Cook"),
    ("Vendeur/vendeuse (H/F)", "Vendeur/vendeuse"),
    ("Medewerk(st)er onthaal (V/M/X)", "Medewerk(st)er onthaal"),
    ("Verkoper/-ster M/V", "Verkoper/-ster"),
    ("Agent H/F - Bruxelles", "Agent - Bruxelles"),
    ("Agent - H/F/X - 38h", "Agent - 38h"),
    ("Kok (m/v, 80 %)", "Kok (80 %)"),
    ("Comptable F/H", "Comptable"),
    ("Technicus hm/fm", "Technicus"),
    ("Leraar (man/vrouw/x)", "Leraar"),
    ("DevOps (all genders)", "DevOps"),
    ("Verpleegkundige (MVX)", "Verpleegkundige"),
    ("Kok |m|v|x|", "Kok"),
    ("Bakker m-v-x", "Bakker"),
    ("Ingenieur M.V.X.", "Ingenieur"),
    ("Poetshulp (m/v/x) (12345)", "Poetshulp (12345)"),
    ("Verkoper m / v / x", "Verkoper"),
    ("Kok(m/v)", "Kok"),
    ("Kok (h/f/x.)", "Kok"),
    ("Gardien (H/F/NB)", "Gardien"),
    ("Agent (M/V/X - H/F/X)", "Agent"),
    ("Kok [v/m]", "Kok"),
    ("Kok (m/v/x", "Kok"),
    ("Kok m/v/x)", "Kok"),
    ("Ingénieur (H/F/X/NB)", "Ingénieur"),
    ("Kok (m/v/non-binair)", "Kok"),
    ("Kok MVX", "Kok"),
    ("Magazijnier - hfx", "Magazijnier"),
    ('Kok "m/v/x"', "Kok"),
]
NO_SUFFIX = [
    "H&M verkoper",
    "Chauffeur C/CE",
    "Medewerker A/B",
    "Opérateur VHF/HF",
    "F/H",
    "Verkoper/-ster",
    "Vendeur/vendeuse",
    "Medewerk(st)er onthaal",
    "Serveur.se",
    "Assistant(e) social(e)",
    "Nurse M-F",
    "Nurse (M-F)",
    "Consultant (FM)",
    "Technicus (HF)",
    "Chauffeur (km)",
    "Ref. 12/34",
    "Kok - Gent",
    "Verpleegkundige MV/X9",
    "SAP FI/CO",
    "Leraar wiskunde (12/24)",
    "AM/PM-shift",
    "Operator 2x8/3x8",
    "Kok",
    "Café-bar",
]
SHOUTED = [
    ("VERPLEEGKUNDIGE", "nl", "Verpleegkundige"),
    ("ICT HELPDESK MEDEWERKER", "nl", "ICT helpdesk medewerker"),
    ("CNC-OPERATOR IBO", "nl", "CNC-operator IBO"),
    ("AIDE-MÉNAGÈRE À DOMICILE", "fr", "Aide-ménagère à domicile"),
    ("EMPLOYE A TEMPS PLEIN PERMIS B", "fr", "Employe a temps plein permis B"),
    ("CHAUFFEUR C", "nl", "Chauffeur C"),
    ("POETSHULP GENT", "nl", "Poetshulp Gent"),
    ("LEERKRACHT NEDERLANDS NT2", "nl", "Leerkracht Nederlands NT2"),
    ("REINIGUNGSKRAFT FÜR BÜROS", "de", "Reinigungskraft für Büros"),
    ("IJZERVLECHTER", "nl", "IJzervlechter"),
    ("B2B SALES", "en", "B2B sales"),
    ("CHAUFFEUR (50 KM)", "nl", "Chauffeur (50 km)"),
    ("L'INFIRMIER DE L'HÔPITAL", "fr", "L'infirmier de l'hôpital"),
    ("SAP CONSULTANT", "und", "SAP consultant"),
    ("AIDE-SOIGNANT(E) EN MAISON DE REPOS", "fr", "Aide-soignant(e) en maison de repos"),
    ("EMPLOYÉ.E POLYVALENT.E", "fr", "Employé.e polyvalent.e"),
    ("MEDEWERK(ST)ER ONTHAAL", "nl", "Medewerk(st)er onthaal"),
    ("CHAUFFEUR PERMIS C-E", "fr", "Chauffeur permis C-E"),
    ("POSEUR DE CHASSIS A LIEGE", "fr", "Poseur de chassis a Liège"),
]
QUIET = [
    "HR",
    "IBO CNC",
    "CEO B2B",
    "Kok GENT",
    "Dakwerker",
    "KOK",
    "DUO for a JOB Brussels",
    "ICT'er",
    "NT2",
    "Medewerker BBL-traject",
]


@pytest.mark.parametrize(("title", "bare"), SUFFIXES)
def test_what_says_that_a_job_is_for_everybody_is_taken_out(title: str, bare: str) -> None:
    assert without_gender(title) == bare
    assert without_gender(bare) is bare


@pytest.mark.parametrize("title", NO_SUFFIX)
def test_what_only_looks_like_it_stays(title: str) -> None:
    assert without_gender(title) is title


@pytest.mark.parametrize(("title", "language", "mended"), SHOUTED)
def test_a_title_in_capitals_is_written_as_a_sentence(title: str, language: str, mended: str) -> None:
    assert mend_title(title, language) == mended
    assert not shouts(mended)


@pytest.mark.parametrize("title", QUIET)
def test_acronyms_and_single_words_in_capitals_do_not_shout(title: str) -> None:
    assert mend_title(title, "nl") is title


def test_names_that_the_offer_tells_keep_their_capitals() -> None:
    names = ("Bakkerij Janssens", "Sint-Niklaas")
    assert mend_title("VERKOPER BIJ BAKKERIJ JANSSENS IN SINT-NIKLAAS", "nl", names).endswith(
        "Janssens in Sint-Niklaas"
    )
    assert mend_title("MEDEWERKER BAKKERIJ", "nl", names) == "Medewerker bakkerij"
