"""The border around a plugin: whatever it raises becomes one sentence about it."""

import importlib
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pluggy

from hub.errors import PluginError

_LONGEST = 300
_MOST_CAUSES = 5

_NOT_THEIRS = ("<frozen", *(str(Path(file).parent) for file in (__file__, importlib.__file__, pluggy.__file__)))


@contextmanager
def isolated(what: str) -> Iterator[None]:
    """Turn whatever is raised within into a PluginError: what, the cause, and the line it comes from."""
    try:
        yield
    except PluginError:
        raise
    except (Exception, SystemExit) as error:
        raise PluginError(f"{what}: {_cause(error)}") from error


def trail(error: BaseException) -> str:
    """Return the kinds of an error and of what caused it, and where they arose, for the log.

    Never what they say: an adapter's error, or pydantic's, may quote the record it met, and who is named in it.
    """
    told: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(told) < _MOST_CAUSES:
        told.append("".join([*traceback.format_tb(cause.__traceback__), f"{type(cause).__name__}"]))
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\ncaused by:\n".join(told)


def _cause(error: BaseException) -> str:
    said = " ".join(_text(error).split())
    kind = type(error).__name__
    return f"{kind}: {said[:_LONGEST]}{_place(error)}" if said else f"{kind}{_place(error)}"


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # even the message is the plugin's code
        return ""


def _place(error: BaseException) -> str:
    if isinstance(error, SyntaxError):  # says itself where it is; its frames are those of who imports
        return ""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(_NOT_THEIRS)
    ]
    return f" ({'/'.join(Path(frames[-1].filename).parts[-2:])}, line {frames[-1].lineno})" if frames else ""
