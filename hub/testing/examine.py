"""Examining an adapter without a test runner: every promise, and what came of it."""

import inspect
from collections.abc import Iterable

from hub.testing.promises import PROMISES
from hub.testing.subject import Subject
from hub.testing.verdict import Broken, NotApplicable, Promise, Result


def sentence(promise: Promise) -> str:
    """Return a promise in words."""
    return " ".join((inspect.getdoc(promise) or "").split())


def examine(subject: Subject, promises: Iterable[Promise] = PROMISES) -> list[Result]:
    """Return what comes of each promise; an adapter that breaks the examination itself has broken the promise."""
    return [_examined(subject, promise) for promise in promises]


def _examined(subject: Subject, promise: Promise) -> Result:
    name = promise.__name__
    try:
        promise(subject)
    except Broken as broken:
        return Result(name, sentence(promise), kept=False, message=str(broken))
    except NotApplicable as reason:
        return Result(name, sentence(promise), kept=None, message=str(reason))
    except Exception as error:  # an adapter that cannot even be made, say
        return Result(name, sentence(promise), kept=False, message=f"{type(error).__name__}: {error}")
    return Result(name, sentence(promise), kept=True)
