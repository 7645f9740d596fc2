"""The conformance kit: a good adapter passes, and each promise has an adapter that breaks it and is told so."""

import inspect
from typing import Any

import pytest
from testing.broken.adapters import BROKEN, Boundless
from testing.broken.partner import Board

from hub.adapter import Adapter
from hub.testing import PROMISES, AdapterConformance, Promise, Subject, examine

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
