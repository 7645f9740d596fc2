"""Redirects are followed where that is safe; credentials never follow to another host."""

from typing import TYPE_CHECKING

import pytest

from hub.client import Limits
from hub.errors import SourceError, UnexpectedAnswer

if TYPE_CHECKING:
    from client.conftest import Call, Desk, Partner, Script

KEY = {"X-Api-Key": "geheim", "Authorization": "Bearer geheim"}


def to(place: str, code: int = 302) -> "Script":
    return lambda call: call.answer(code, b"elsewhere", f"Location: {place}")


def fine(call: "Call") -> None:
    call.json(b'"here"')


def test_a_redirect_on_the_same_host_is_followed_with_credentials(partner: "Partner", desk: "Desk") -> None:
    partner.says("/new", fine)
    answer = desk.job().connect(headers=KEY).get(partner.says("/old", to("/new")))
    assert answer.json() == "here"
    assert partner.asked("/new")[0].headers["x-api-key"] == "geheim"


def test_a_redirect_to_another_host_is_not_followed(partner: "Partner", stranger: "Partner", desk: "Desk") -> None:
    target = stranger.says("/new", fine)
    with pytest.raises(UnexpectedAnswer, match=f"redirect to {target} that is not followed") as caught:
        desk.job().connect(headers=KEY).get(partner.says("/old", to(f"{target}?key=geheim")))
    assert stranger.calls == []
    assert "geheim" not in str(caught.value)


def test_where_other_hosts_are_allowed_they_get_no_credentials(
    partner: "Partner", stranger: "Partner", desk: "Desk"
) -> None:
    last = partner.says("/last", fine)
    target = stranger.says("/new", to(last))
    job = desk.job(Limits(other_hosts=True))
    assert job.connect(headers=KEY).get(partner.says("/old", to(target))).json() == "here"
    assert partner.asked("/old")[0].headers["x-api-key"] == "geheim"
    for call in (*stranger.calls, *partner.asked("/last")):
        assert not {"x-api-key", "authorization"} & call.headers.keys()


def test_a_chain_of_redirects_ends(partner: "Partner", desk: "Desk") -> None:
    with pytest.raises(UnexpectedAnswer, match="redirects more than 5 times"):
        desk.job().connect().get(partner.says("/loop", to("/loop")))
    assert len(partner.calls) == 6


def test_a_question_is_repeated_at_its_new_place_on_the_same_host(partner: "Partner", desk: "Desk") -> None:
    partner.says("/new", fine)
    assert desk.job().connect().post(partner.says("/old", to("/new", 307)), json=[1]).json() == "here"
    assert (partner.asked("/new")[0].method, partner.asked("/new")[0].body) == ("POST", b"[1]")


@pytest.mark.parametrize("code", [301, 302, 303])
def test_a_question_is_not_turned_into_another_one(partner: "Partner", desk: "Desk", code: int) -> None:
    partner.says("/new", fine)
    with pytest.raises(UnexpectedAnswer, match="not followed"):
        desk.job().connect().post(partner.says("/old", to("/new", code)), json=[1])


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://example.be/x", "gopher://x", "http://a:b@example.be/"])
def test_a_redirect_to_what_is_no_web_address_is_refused(partner: "Partner", desk: "Desk", place: str) -> None:
    with pytest.raises(UnexpectedAnswer):
        desk.job(Limits(other_hosts=True)).connect().get(partner.says("/old", to(place)))
    assert len(partner.calls) == 1


def test_a_file_keeps_the_name_of_where_it_was_found(partner: "Partner", desk: "Desk") -> None:
    partner.says("/exports/2026.csv", lambda call: call.answer(200, b"id\n1\n"))
    assert desk.job().connect().download(partner.says("/latest", to("/exports/2026.csv"))).name == "2026.csv"


@pytest.mark.parametrize(
    "place", ["http://xn--/", "http://xn--a/", "//xn--xn--", "http://[", "//[::1", "http://a:b:c/"]
)
def test_a_redirect_to_what_is_no_address_is_told_in_a_sentence(partner: "Partner", desk: "Desk", place: str) -> None:
    with pytest.raises(SourceError, match=r"no address|broke the rules|An address is not one"):
        desk.job().connect().get(partner.says("/old", to(place)))
