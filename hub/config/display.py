"""The effective configuration as it may be shown: every default filled in, every secret masked."""

from typing import Any

from pydantic import BaseModel

from hub.config.mistakes import sounds_secret, without_credentials
from hub.config.secret import reference


def masked(table: BaseModel) -> dict[str, Any]:
    """Return the table as JSON values; a secret is its name and whether it is there."""
    return {key: _masked(value, key) for key, value in table.model_dump(mode="json").items()}


def _masked(value: Any, key: str = "") -> Any:
    secret = reference(value)
    if secret:
        return f"{secret} ({'set' if secret.is_present() else 'missing'})"
    match value:
        case dict():
            return {name: _masked(each, name) for name, each in value.items()}
        case list():
            return [_masked(each, key) for each in value]
        case str() if sounds_secret(key):
            return "***"
        case str():
            return without_credentials(value)
    return value
