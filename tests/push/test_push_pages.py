"""The pages of the webhooks: people register, prove, look, send again, replace the secret and stop, by forms alone."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import httpx
import pytest
from lxml import etree
from push.conftest import Portal, Receiver, push_now, until
from push.test_push_registration import NOW, closed, give, hooks, rows
from small_hub import Folder
from starlette.responses import Response

from hub.errors import StoreError
from hub.store import push
from hub.store.push import subscribers

__all__ = ["closed"]

LANGUAGES = ("nl", "fr", "en")
FRESH: dict[str, Any] = {"view": "all", "events": "feed.advanced"}


class Person:
    """Somebody with a browser: opens pages, fills in what stands on them, and chooses buttons."""

    def __init__(self, portal: Portal, language: str = "en") -> None:
        self.client, self.language = portal.client, language
        self.answer = httpx.Response(200)

    def open(self, path: str = "/webhooks") -> "Person":
        self.answer = self.client.get(path, params={"lang": self.language})
        return self

    def send(self, path: str = "/webhooks", /, headers: dict[str, str] | None = None, **fields: Any) -> "Person":
        params = {"lang": self.language}
        self.answer = self.client.post(path, params=params, data=fields, headers=headers or {})
        return self

    def register(self, url: str, **more: Any) -> "Person":
        self.open()
        return self.send(**{**FRESH, "url": url, "form": self.hidden("form"), **more})

    def do(self, deed: str, **more: Any) -> "Person":
        """Choose a button of the page of a subscriber; the fields of its form go with it."""
        token = more.pop("token", None) or self.hidden("token")
        return self.send("/webhooks/manage", token=token, do=deed, **more)

    def look(self, made: dict[str, Any]) -> "Person":
        return self.do("show", token=made["token"])

    def find(self, path: str) -> list[Any]:
        found = etree.fromstring(self.answer.text, etree.HTMLParser()).xpath(path)
        assert isinstance(found, list)
        return found

    def hidden(self, name: str) -> str:
        return str(self.find(f"//main//input[@type='hidden'][@name='{name}']/@value")[0])

    @property
    def made(self) -> dict[str, Any]:
        """What the page shows this once, as the API would say it."""
        said = {name: str(self.find(f"//textarea[@id='{name}']/text()")[0]) for name in ("secret", "token")}
        return {**said, "id": re.findall(r"sub_[0-9a-f]{20}", self.answer.text)[0], "events": []}

    @property
    def text(self) -> str:
        return " ".join("".join(self.find("//main//text()")).split())

    @property
    def title(self) -> str:
        return str(self.find("//title/text()")[0])

    @property
    def wrong(self) -> dict[str, str]:
        """What the summary of errors says, by where its links lead."""
        said = self.find("//*[@id='errors']//li/descendant-or-self::*[not(*)]")
        return {each.get("href", "")[1:]: each.text for each in said}


def flaws(person: Person) -> list[str]:
    """Return what would stop a keyboard or a screen reader on a page."""
    ids = person.find("//@id")
    found = [f"twice: {each}" for each in {str(each) for each in ids if ids.count(each) > 1}]
    for name in ("aria-describedby", "aria-labelledby"):
        pointed = [part for each in person.find(f"//@{name}") for part in str(each).split()]
        found += [f"{name}: {part}" for part in pointed if part not in ids]
    labels = person.find("//label/@for")
    fields = person.find("//input[not(@type='hidden') and not(@hidden)] | //textarea")
    found += [f"no label: {each.get('name')}" for each in fields if each.get("id") not in labels]
    found += [f"no legend: {each}" for each in person.find("//fieldset[not(legend)]")]
    found += [
        f"no target: {each}" for each in person.find("//main//a/@href[starts-with(., '#')]") if each[1:] not in ids
    ]
    found += [f"no words: {each}" for each in person.find("//button") if not "".join(each.itertext()).strip()]
    levels = [int(each) for each in re.findall(r"<h([1-6])", person.answer.text)]
    found += [f"h{before} to h{after}" for before, after in pairwise(levels) if after > before + 1]
    focus, heads = person.find("//*[@autofocus]"), levels.count(1)
    found += [f"{len(focus)} want the focus"] * (len(focus) > 1) + [f"{heads} main headings"] * (heads != 1)
    languages = person.find("/html/@lang")
    return found if languages == [person.language] else [*found, f"in {languages}"]


@pytest.fixture
def person(lasting: Portal) -> Person:
    return Person(lasting)


def test_who_registers_on_the_page_is_shown_the_secret_and_the_token_once(person: Person, lasting: Portal) -> None:
    made = person.register(hooks(), view="vacancies", events=["feed.advanced", "source.stale"]).made
    assert person.answer.status_code == 201
    assert made["secret"].startswith("whsec_")
    seen = lasting.see(made)
    assert (seen["state"], seen["view"], seen["events"]) == ("pending", "vacancies", ["feed.advanced", "source.stale"])
    person.look(made)
    assert "Waiting for proof" in person.title
    assert made["secret"] not in person.answer.text


def test_who_registered_over_the_api_has_the_same_page(person: Person, lasting: Portal) -> None:
    person.look(lasting.register(hooks(), view="programmes"))
    assert person.answer.status_code == 200
    assert "Waiting for proof" in person.text


def test_a_form_that_is_sent_twice_registers_once_and_shows_nothing_again(person: Person, lasting: Portal) -> None:
    fields = {**FRESH, "url": hooks(), "form": person.open().hidden("form")}
    made = person.send(**fields).made
    before = rows(lasting)
    person.send(**fields)
    assert (person.answer.status_code, "sent before" in person.wrong[""]) == (409, True)
    assert made["secret"] not in person.answer.text
    assert rows(lasting) == before


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"url": ""}, ["url"]),
        ({"url": "portal"}, ["url"]),
        ({"url": "http://portal.example.org/hooks"}, ["url"]),
        ({"url": "https://10.0.0.1/"}, ["url"]),
        ({"events": []}, ["events"]),
        ({"events": ["endpoint.verify"]}, ["events"]),
        ({"view": "no-such"}, ["view"]),
        ({"view": "", "url": "no", "events": []}, ["events", "url"]),
        ({"key": "schakel_x"}, ["key"]),
    ],
)
def test_what_is_wrong_is_said_on_top_and_by_its_field(
    lasting: Portal, language: str, said: dict[str, Any], fields: list[str]
) -> None:
    before, person = rows(lasting), Person(lasting, language)
    person.register(**{"url": hooks(), **said})
    assert person.answer.status_code in {401, 403, 404, 422}
    assert list(person.wrong) == fields
    assert person.title.startswith({"nl": "Fout: ", "fr": "Erreur : ", "en": "Error: "}[language])
    assert person.find("//*[@autofocus]/@role") == ["alert"]
    assert person.find("//*[@aria-invalid]/@aria-describedby")[0].startswith(f"{fields[0]}-wrong ")
    assert flaws(person) == []
    assert rows(lasting) == before


def test_what_was_filled_in_stays_when_something_else_is_wrong(person: Person) -> None:
    person.register("http://<b>portal", view="vacancies", events=["source.stale"])
    assert person.find("//input[@id='url']/@value") == ["http://<b>portal"]
    assert person.find("//input[@checked]/@value") == ["vacancies", "source.stale"]
    assert "<b>" not in person.answer.text


def test_the_page_of_a_view_leads_to_the_form_with_that_view_chosen(person: Person, lasting: Portal) -> None:
    shown = lasting.client.get("/views/vacancies?lang=fr", headers={"accept": "text/html"}).text
    (link,) = re.findall(r'href="(/webhooks[^"]*)"', shown)
    assert link == "/webhooks?view=vacancies&amp;lang=fr"
    person.answer = lasting.client.get(link.replace("&amp;", "&"))
    assert person.find("//input[@type='radio'][@checked]/@value") == ["vacancies"]
    assert 'href="/webhooks?lang=fr"' in lasting.client.get("/?lang=fr").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_goes_all_the_way(portal: Portal, receiver: Receiver, language: str) -> None:
    person = Person(portal, language)
    pages = [flaws(person.open())]
    made = person.register(f"{receiver.address}/hooks").made
    receiver.secrets.append(made["secret"])
    pages += [flaws(person), flaws(person.do("show")), flaws(person.do("prove"))]
    until(lambda: portal.see(made)["state"] == "active" and len(receiver.hints) == 1)
    receiver.answers.append(Response(status_code=503))
    portal.announce(7)
    until(lambda: portal.deliveries(made)[0]["tries"] == 1)
    pages.append(flaws(person.do("show")))
    told = person.find("//tbody/tr[1]//text()[normalize-space()]")
    assert "503" in told
    newest = person.find("//tbody/tr[1]//button/@value")[0]
    pages.append(flaws(person.do(newest)))
    until(lambda: receiver.positions == [0, 7, 7])
    receiver.secrets.append(person.do("rotate", seen=person.hidden("seen")).find("//textarea/text()")[0])
    pages.append(flaws(person))
    portal.announce(8)
    until(lambda: receiver.positions[-1] == 8)
    assert [call.verified for call in receiver.calls] == [1] * (len(receiver.calls) - 1) + [2]
    pages += [flaws(person.do("show")), flaws(person.do("leave")), flaws(person.do("remove"))]
    assert portal.ask(made, "GET").status_code == 404
    pages.append(flaws(person.look(made)))
    assert person.answer.status_code == 404
    assert list(filter(None, pages)) == []


def test_no_log_no_cache_no_cookie_and_no_address_has_the_secret_or_the_token(
    portal: Portal, receiver: Receiver, everything: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(portal)
    made = person.register(f"{receiver.address}/hooks").made
    deeds = ("show", "prove", "replay 1", "rotate", "show 3", "show x", "leave")
    answers = [person.do(deed, token=made["token"], seen="x").answer for deed in deeds]
    monkeypatch.setattr(portal.hub.database, "write", _refuse)
    answers += [person.do("prove", token=made["token"]).answer, person.register(hooks()).answer]
    monkeypatch.undo()
    assert [answer.status_code for answer in answers] == [200, 200, 409, 409, 200, 400, 200, 503, 503]
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert not any({"set-cookie", "etag", "location", "link"} & set(answer.headers) for answer in answers)
    hidden = [made["token"], made["secret"]]
    asked = [str(answer.url) + "".join(re.findall(r'(?:href|action)="[^"]*"', answer.text)) for answer in answers]
    assert [each for each in (*asked, everything()) if any(secret in each for secret in hidden)] == []
    assert "could not be answered" in everything()


def _refuse(*_: object) -> Any:
    raise StoreError("disk I/O error at /secret/place")


def test_a_page_with_forms_says_that_they_go_nowhere_else(person: Person, lasting: Portal) -> None:
    said = person.open().answer.headers
    assert "form-action 'self'" in said["content-security-policy"]
    assert "default-src 'none'" in said["content-security-policy"]
    assert (said["referrer-policy"], said["x-content-type-options"]) == ("same-origin", "nosniff")
    assert "form-action 'none'" in lasting.client.get("/").headers["content-security-policy"]
    assert not re.search(r"<script|<style|style=|\son\w+=|src=\"http", person.answer.text)


@pytest.mark.parametrize(
    ("headers", "welcome"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://hub.example.org"}, False),
        ({"origin": "https://hub.example.org"}, True),
        ({"origin": "https://hub.example.org.evil.example"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "https://[x"}, False),
    ],
)
def test_a_form_of_another_site_does_nothing(lasting: Portal, headers: dict[str, str], welcome: bool) -> None:
    person = Person(lasting)
    made = lasting.register(hooks())
    before = rows(lasting)
    person.send(**FRESH, url=hooks(), headers=headers)
    assert (person.answer.status_code == 201) == welcome
    person.send("/webhooks/manage", token=made["token"], do="remove", headers=headers)
    assert (person.answer.status_code == 200) == welcome
    assert welcome or (person.answer.status_code, rows(lasting)) == (403, before)


@pytest.mark.parametrize("deed", ["show", "prove", "replay 1", "rotate", "leave", "remove", "", "no such"])
def test_without_its_token_nobody_sees_or_touches_a_subscriber(lasting: Portal, deed: str) -> None:
    lasting.register(hooks())
    before, person = rows(lasting), Person(lasting)
    for token in ("", "manage_ ", "manage_" + "x" * 43, "whsec_x", "é" * 60):
        person.send("/webhooks/manage", token=token, do=deed)
        assert person.answer.status_code == (404 if token else 401)
        assert list(person.wrong) == ["token"]
        assert not token or token not in person.answer.text
    assert rows(lasting) == before


def test_a_token_in_the_address_is_not_read(lasting: Portal) -> None:
    made = lasting.register(hooks())
    answer = lasting.client.post(f"/webhooks/manage?token={made['token']}&do=remove", data={"do": "show"})
    assert answer.status_code == 401
    assert lasting.see(made)["state"] == "pending"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"", "multipart/form-data; boundary=x", 415),
        (b"token=%ff", "application/x-www-form-urlencoded", 404),
        (b"token=\xff", "application/x-www-form-urlencoded", 400),
        (b"&".join([b"a=1"] * 200), "application/x-www-form-urlencoded", 400),
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"do=show%00&do=remove", "application/x-www-form-urlencoded; charset=utf-8", 401),
    ],
)
def test_what_is_no_form_is_refused(lasting: Portal, body: bytes, kind: str, status: int) -> None:
    for path in ("/webhooks/manage", "/webhooks"):
        answer = lasting.client.post(path, content=body, headers={"content-type": kind})
        assert answer.status_code == (status if path.endswith("manage") or status in {400, 413, 415} else 422)


def test_the_secret_is_replaced_once_by_one_page(person: Person, lasting: Portal) -> None:
    made = person.register(hooks()).made
    seen = person.look(made).hidden("seen")
    assert person.do("rotate", seen=seen).answer.status_code == 200
    before = rows(lasting)
    person.do("rotate", seen=seen)
    assert (person.answer.status_code, "replaced already" in person.wrong[""]) == (409, True)
    assert rows(lasting) == before
    assert "The previous secret signs too until" in person.look(made).text


def test_a_second_page_of_deliveries_is_reached_and_left(portal: Portal) -> None:
    person = Person(portal)
    made = portal.register(hooks())
    with portal.hub.database.write() as connection:
        for number in range(60):
            push.tell_one(connection, made["id"], push.FEED_ADVANCED, {"position": number}, NOW, state="given-up")
    older = person.look(made).find("//main//p[@class='deeds']/button/@value")
    assert (len(person.find("//tbody/tr")), len(older)) == (50, 1)
    assert len(person.do(older[0]).find("//tbody/tr")) == 10
    assert person.find("//main//p[@class='deeds']/button/@value") == ["show"]


def test_why_a_subscriber_was_stopped_is_told_in_the_language_of_the_page(portal: Portal) -> None:
    made, other = portal.register(hooks()), portal.register(hooks())
    with portal.hub.database.write() as connection:
        subscribers.disable(connection, made["id"], "every attempt failed for 5 days", now=push_now())
        subscribers.disable(connection, other["id"], "too <loud>", now=push_now(), by="operator")
    person = Person(portal, "fr").look(made)
    assert "Chaque tentative a échoué pendant 5 jours." in person.text
    assert person.find("//button[@value='prove']") != []
    person.look(other)
    assert person.find("//*[@lang='en']/text()")[-1] == "too <loud>"
    assert person.find("//button[@value='prove']") == []
    assert person.do("prove", token=other["token"]).answer.status_code == 409


def test_a_view_with_a_key_is_followed_with_one_that_is_in_no_answer(closed: Portal) -> None:
    person, right, wrong = Person(closed), give(closed, "ghent"), give(closed, "other")
    asked: dict[str, Any] = {"url": hooks(), "view": "ghent"}
    refused = [person.register(**asked, key=key).answer for key in ("", wrong, "schakel_x", right[:-1] + "!")]
    assert [answer.status_code for answer in refused] == [401, 403, 401, 401]
    assert not any(key in answer.text for answer in refused for key in (right, wrong))
    assert list(person.wrong) == ["key"]
    made = person.register(**asked, key=right).made
    assert closed.see(made)["key"] in right


@pytest.mark.parametrize(("who", "anyone", "keyed"), [("key", 401, 201), ("nobody", 403, 403)])
def test_the_operator_says_who_may_register_on_the_page(
    folder: Folder, open_portal: Callable[..., Portal], who: str, anyone: int, keyed: int
) -> None:
    file = folder.path / "hub.toml"
    file.write_text(f'contact = "hub@example.org"\n{file.read_text()}registration = "{who}"\n')
    portal = open_portal()
    person = Person(portal)
    assert person.open().find("//input[@id='url']") == [] or who == "key"
    assert ("hub@example.org" in person.text) == (who == "nobody")
    assert person.send(**FRESH, url=hooks()).answer.status_code == anyone
    assert person.send(**FRESH, url=hooks(), key=give(portal)).answer.status_code == keyed


def test_a_hub_without_webhooks_has_no_such_pages(folder: Folder, open_portal: Callable[..., Portal]) -> None:
    file = folder.path / "hub.toml"
    file.write_text(f"{file.read_text()}enabled = false\n")
    portal = open_portal()
    assert [portal.client.get(path).status_code for path in ("/webhooks", "/webhooks/manage")] == [404, 404]
    assert "/webhooks" not in portal.client.get("/").text


def test_the_pages_are_no_part_of_the_contract_and_take_no_other_method(lasting: Portal) -> None:
    assert not any("webhooks" in path for path in lasting.client.get("/openapi.json").json()["paths"])
    answer = lasting.client.put("/webhooks")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
