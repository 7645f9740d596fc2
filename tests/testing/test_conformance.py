"""The conformance kit: a good adapter passes, and each promise has an adapter that breaks it and is told so."""

import inspect
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from testing.broken.adapters import BROKEN, Boundless
from testing.broken.partner import Board

from hub.adapter import Adapter
from hub.testing import PROMISES, AdapterConformance, Broken, NotApplicable, Promise, Subject, examine
from hub.testing.promises.card import SECRET
from hub.testing.verdict import others

BY_NAME = {promise.__name__: promise for promise in PROMISES}


class TestBoard(AdapterConformance):
    """The whole test file of a plugin."""

    adapter = Board


def test_every_promise_has_an_adapter_that_breaks_it() -> None:
    assert {promise for promise, _, _ in BROKEN} == set(BY_NAME)


@pytest.mark.parametrize(("name", "adapter", "words"), BROKEN, ids=lambda value: getattr(value, "__name__", None))
def test_the_kit_catches_the_adapter_that_breaks_a_promise_and_says_what_to_do(
    name: str, adapter: type[Adapter[Any]], words: tuple[str, ...]
) -> None:
    (result,) = examine(Subject.of(adapter), [BY_NAME[name]])
    assert result.kept is False
    assert "What to do: " in result.message
    assert [word for word in words if word not in result.message] == []


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_every_promise_is_one_sentence_and_one_test(promise: Promise) -> None:
    said = inspect.getdoc(promise) or ""
    assert said.endswith(".")
    assert "\n" not in said
    assert inspect.getdoc(getattr(AdapterConformance, f"test_{promise.__name__}")) == said


def test_an_adapter_that_breaks_one_promise_keeps_others() -> None:
    kept = {result.promise: result.kept for result in examine(Subject.of(Boundless), PROMISES[:9])}
    assert [name for name, value in kept.items() if not value] == ["limitations_are_stated"]


class WithoutSandbox(Board):
    sandbox = None


def test_what_cannot_be_examined_is_told_with_the_reason() -> None:
    alone = Subject(WithoutSandbox, None, {"base_url": "https://board.example", "key": "k"})
    results = {result.promise: result for result in examine(alone)}
    assert results["limitations_are_stated"].kept is True
    assert results["paging_ends"].kept is None
    assert "documents" in results["paging_ends"].message
    assert {result.kept for result in results.values()} == {True, None}


class Unreadable(AdapterConformance):
    """Each test of it that rests on the fetch would fail alike: the first says why, the others are skipped."""

    adapter = Board
    options: ClassVar[Mapping[str, Any]] = {"key": "wrong"}


def test_a_fetch_that_cannot_be_read_fails_one_test_and_skips_the_others() -> None:
    tests = Unreadable()
    with pytest.raises(Broken, match="cannot read the sandbox: it raised AuthenticationRejected"):
        tests.test_ids_are_unique()
    with pytest.raises(NotApplicable, match="the first failed test says more"):
        tests.test_ids_are_stable()
    tests.test_limitations_are_stated()
    Unreadable.teardown_class()


@pytest.mark.parametrize("name", ["api_key", "access_key", "mot_de_passe", "wachtwoord", "jeton", "client_secret"])
def test_an_option_that_is_secret_by_its_name_in_any_of_our_languages_is_no_plain_text(name: str) -> None:
    assert SECRET.search(name)


@pytest.mark.parametrize(("count", "said"), [(0, ""), (1, ", and so is 1 other"), (1200, ", and so are 1,200 others")])
def test_a_message_names_others_only_where_there_are_some(count: int, said: str) -> None:
    assert others(count) == said
