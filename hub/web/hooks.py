"""What subscribers are registered with, given by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from hub.push import Vault


@dataclass(frozen=True, slots=True)
class Hooks:
    """What subscribers are registered with.

    Args:
        vault: opens what seals their secrets; raises StoreError where its key is missing.
        refusal: tells why webhooks cannot be sent to an address, None where they can.
        written: returns an address in its usual form.
        site_of: returns what all addresses at the same host start with.
        register: who may register over HTTP.
    """

    vault: Callable[[], Vault]
    refusal: Callable[[str], str | None]
    written: Callable[[str], str]
    site_of: Callable[[str], str]
    register: Literal["anyone", "key", "nobody"] = "anyone"
