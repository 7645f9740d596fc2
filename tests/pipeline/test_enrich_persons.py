from hub.model.listing import ApplyWay
from hub.model.organisation import Organisation
from hub.model.programme import Programme, RoleOffer
from hub.model.vacancy import Vacancy
from hub.model.vocabulary import Channel, ProgrammeType, Role
from hub.pipeline.enrich import enrich

PERSON = ApplyWay(channel=Channel.mail, value="jan.peeters@voorbeeld.be")
GENERAL = ApplyWay(channel=Channel.mail, value="jobs@voorbeeld.be")
MOBILE = ApplyWay(channel=Channel.phone, value="0475 12 34 56")
SWITCHBOARD = ApplyWay(channel=Channel.phone, value="02 412 34 56")


def test_what_leads_to_a_person_is_left_out_of_a_vacancy_with_a_warning() -> None:
    vacancy = Vacancy(
        title={"nl": "Kok (bel Jan 0475 12 34 56)"},
        description={"nl": "<p>Mail jan.peeters@voorbeeld.be of jobs@voorbeeld.be</p>"},
        organisation=Organisation(name="Voorbeeld - jan.peeters@voorbeeld.be"),
        how_to_apply=(PERSON, GENERAL, MOBILE, SWITCHBOARD),
    )
    enriched = enrich(vacancy)
    said = enriched.listing.model_dump_json()
    assert "peeters" not in said
    assert "0475" not in said
    assert "jobs@voorbeeld.be" in said
    assert getattr(enriched.listing, "how_to_apply") == (GENERAL, SWITCHBOARD)  # noqa: B009 - a Listing, seen as Vacancy
    assert [found.field for found in enriched.warnings if found.code == "personal-data-left-out"] == [
        "title",
        "description",
        "organisation",
        "how_to_apply",
    ]


def test_the_roles_of_a_programme_lead_to_no_person() -> None:
    programme = Programme(
        title={"fr": "Mentorat"},
        organisation=Organisation(name="Exemple asbl"),
        programme_type=ProgrammeType.mentoring,
        roles=(RoleOffer(role=Role.mentor, how_to_join=(PERSON, GENERAL)),),
    )
    listing = enrich(programme).listing
    assert isinstance(listing, Programme)
    assert listing.roles[0].how_to_join == (GENERAL,)
