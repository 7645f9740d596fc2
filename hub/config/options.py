"""The options of a source, checked by its adapter's own model, with the secrets filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from hub.adapter import Adapter, Options
from hub.config import secret
from hub.config.mistakes import dotted, mistake, mistakes_in, without
from hub.config.schema import Location, is_secret
from hub.config.source import SourceConfig
from hub.errors import ConfigError

_WITHIN = ("options",)


@dataclass(frozen=True, slots=True)
class SecretRef:
    """A secret a source refers to, by name; never its value.

    Args:
        name: of the environment variable, or path of the file.
        key: where the source refers to it, such as ``options.client_secret``.
        present: whether it is there and not empty.
    """

    name: str
    key: str
    present: bool


def secrets_of(source: SourceConfig) -> tuple[SecretRef, ...]:
    """Return the secrets a source refers to, and whether each is there."""
    return tuple(
        SecretRef(each.name, dotted(_WITHIN + location), each.is_present())
        for location, each in secret.references(source.options)
    )


def options_for(
    source: SourceConfig, adapter_type: type[Adapter[Any]], overlay: Mapping[str, Any] | None = None
) -> Options:
    """Return the options for the adapter; raises ConfigError with every mistake.

    Args:
        source: whose options.
        adapter_type: whose model of options.
        overlay: what replaces the source's own options, such as those of a sandbox; secrets replaced need not be there.
    """
    overlay = dict(overlay or {})
    own = {key: value for key, value in source.options.items() if key not in overlay}
    model = adapter_type.options_type
    secrets, absent = _read(own)
    written = {location: value for location, value in secret.scalars(own) if is_secret(model, location)}
    sentences = [mistake(source.file, _WITHIN + location, secret.how(location[-1])) for location in written]
    sentences += [mistake(source.file, _WITHIN + location, why) for location, why in absent.items()]
    # What is missing is stood in for, so that the other mistakes are found as well.
    raw = secret.filled(own, secrets | dict.fromkeys(absent, "missing")) | overlay
    try:
        options = model.model_validate(raw)
    except ValidationError as error:
        told = [*_places(written, model), *absent]
        sentences += mistakes_in(error, file=source.file, model=model, raw=own | overlay, within=_WITHIN, told=told)
    if sentences:
        raise ConfigError(without(sentences, [*secrets.values(), *map(str, written.values())]))
    return options


def _read(options: Mapping[str, Any]) -> tuple[dict[Location, str], dict[Location, str]]:
    """Return the secrets that are there, and why the others are not."""
    secrets, absent = {}, {}
    for location, each in secret.references(options):
        try:
            secrets[location] = each.read()
        except ConfigError as error:
            absent[location] = str(error)
    return secrets, absent


def _places(written: Mapping[Location, object], model: type[Options]) -> list[Location]:
    """Return the places of the secrets written in the file, and of a table that should have been a secret."""
    return [place for each in written for place in (each, each[:-1]) if place and is_secret(model, place)]
