"""Promises about the adapter's card: its name, version, limitations and options."""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, get_args, get_origin

from pydantic import SecretStr, ValidationError

from hub.testing.subject import Subject
from hub.testing.trouble import TROUBLES
from hub.testing.verdict import Broken

NAME = re.compile(r"[a-z][a-z0-9_]*")
VERSION = re.compile(r"\d+(\.\d+)*")
SECRET = re.compile(
    r"(^|_)(secret|password|passwd|passphrase|pwd|token|api_?key|(access|private|secret)_key|credentials?|headers"
    r"|wachtwoord|geheim|sleutel|mot_?de_?passe|mdp|jeton|cle|cle_api|cle_secrete)$"
)
STRANGE = "schakel_no_such_option"


def name_and_version_are_well_formed(subject: Subject) -> None:
    """The name is lower case, with digits and underscores; the version is numbers with dots."""
    adapter = subject.adapter
    if not NAME.fullmatch(str(getattr(adapter, "name", ""))):
        raise Broken(
            f"name = {getattr(adapter, 'name', None)!r}",
            'give the class a name such as "vdab": lower-case letters, digits and underscores, a letter first.',
        )
    if not VERSION.fullmatch(str(getattr(adapter, "version", ""))):
        raise Broken(
            f"version = {getattr(adapter, 'version', None)!r}",
            'give the class a version such as "1" or "2.3", and raise it whenever a record would give another listing.',
        )


def limitations_are_stated(subject: Subject) -> None:
    """What the adapter cannot do is stated, one sentence each; every adapter has something."""
    stated = subject.adapter.limitations
    if isinstance(stated, str) or not stated:
        raise Broken(
            f"limitations = {stated!r}",
            "list what it cannot do, one sentence each: fields left out, delays, what the partner does not tell.",
        )
    for sentence in stated:
        if len(sentence.split()) < 3 or not sentence.endswith("."):
            raise Broken(
                f"the limitation {sentence!r} is no sentence",
                "write each limitation as a sentence that ends with a full stop, for people who choose a source.",
            )


def unknown_options_are_refused(subject: Subject) -> None:
    """An option with a name that the adapter does not know is refused, so that a slip does not go unnoticed."""
    try:
        subject.adapter.options_type.model_validate({**subject.given(), STRANGE: "1"})
    except ValidationError as error:
        if STRANGE in str(error):
            return
    raise Broken(
        f"the options take a value for {STRANGE!r}",
        'base the model of the options on hub.Options, and do not set extra="allow" or "ignore".',
    )


def secrets_are_kept(subject: Subject) -> None:
    """Passwords, tokens and keys are SecretStr, and are neither in what is logged or yielded nor in an error."""
    for name, field in subject.adapter.options_type.model_fields.items():
        if SECRET.search(name) and str in _parts(field.annotation):
            raise Broken(
                f"the option {name!r} is plain text",
                f"declare it as {name}: SecretStr, and call get_secret_value() only where it is handed to the client.",
            )
    secrets = {secret for secret in _secrets(dict(subject.one.options)) if len(secret) > 3}
    said = f"{subject.one.options!r} {subject.one.options.model_dump_json()} {_told(subject)}"
    for secret in sorted(secrets):
        if secret in said:
            raise Broken(
                f"the secret that ends with …{secret[-2:]!r} is in what the adapter shows, logs, yields or raises",
                "keep secrets in SecretStr and out of records, addresses and messages.",
            )


def _told(subject: Subject) -> str:
    """Return all that is yielded, logged and raised by a fetch, by one that is refused, and by one that fails."""
    if subject.build is None:
        return ""
    with _logged() as lines:
        visits = [subject.visit(), *(subject.visit(TROUBLES[name]) for name in ("wrong_credentials", "html"))]
    return " ".join([*lines, *(f"{each.fetched} {each.error!r}" for each in visits)])


@contextmanager
def _logged() -> Iterator[list[str]]:
    """Give the lines that any logger writes meanwhile."""
    lines: list[str] = []
    handler, root = logging.Handler(), logging.getLogger()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def _parts(annotation: Any) -> set[Any]:
    """Return a type and all that its values are made of; the keys of a table are not secret."""
    inner = get_args(annotation)
    if isinstance(origin := get_origin(annotation), type) and issubclass(origin, Mapping):
        inner = inner[1:]
    return {annotation}.union(*(_parts(part) for part in inner if isinstance(part, type) or get_args(part)))


def _secrets(options: Any) -> Iterator[str]:
    if isinstance(options, SecretStr):
        yield options.get_secret_value()
    elif isinstance(options, Mapping):
        for value in options.values():
            yield from _secrets(value)
