"""What the hub notes of webhooks that failed, in the words of the pages."""

import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from hub.client import posting
from hub.errors import UnexpectedAnswer
from hub.push import Answer, judge
from hub.store.push import ENDPOINT_VERIFY, FEED_ADVANCED
from hub.store.push.errands import Errand
from hub.web.negotiation import LANGUAGES
from hub.web.webhooks.page_words import TROUBLES, trouble

ERRAND = Errand(
    subscriber="sub_0",
    epoch=0,
    delivery=1,
    tries=0,
    due=0.0,
    event="msg_0",
    type=FEED_ADVANCED,
    data={},
    made="1970-01-01T00:00:00Z",
    url="https://portal.example.org/",
    view="all",
    key=None,
    state="active",
    failing_since=0.0,
    secrets=(),
)


def told_of_attempts() -> Iterator[str]:
    """Yield what is noted of every way in which an attempt fails, and of a subscriber that is stopped for it."""
    wrong = [posting._told(error("")) for error in posting._HAPPENED]
    wrong += [posting._told(each) for each in (httpx.ReadError(""), UnexpectedAnswer("x"), ValueError())]
    answers = [Answer(1, trouble=each) for each in (*wrong, posting.NO_ADDRESS, None)]
    answers += [Answer(1, status) for status in (301, 308, 400, 404, 410, 429, 500, 503)]
    for errand in (ERRAND, replace(ERRAND, type=ENDPOINT_VERIFY, data={"challenge": "x"})):
        for answer in (*answers, *([Answer(1, 200)] if errand.data else [])):
            verdict = judge(errand, answer, 6 * 86400.0, 0.5)
            yield from filter(None, (verdict.outcome.error, verdict.disabled))


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_fails_is_told_in_the_language_of_the_page(language: str) -> None:
    noted = set(told_of_attempts())
    told = {said: trouble(said, language) for said in noted}
    assert len(noted) > 12
    assert {said for said, words in told.items() if words is None or words.text == said} == set()
    assert {words.language for words in told.values() if words} == {language}


def test_what_a_person_wrote_is_told_as_it_is_and_marked_as_english() -> None:
    words = trouble("it misbehaves", "nl")
    assert words
    assert (words.text, words.language) == ("it misbehaves", "en")
    assert trouble(None, "nl") is None


def test_each_kind_of_trouble_has_a_name_of_its_own() -> None:
    names = [name for _, name in TROUBLES]
    assert len(set(names)) == len(names)
    assert all(re.compile(pattern) for pattern, _ in TROUBLES)
