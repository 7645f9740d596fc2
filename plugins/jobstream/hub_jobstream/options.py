"""The options of a source that reads a JobStream: where, which version, and how often everything is read again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self
from urllib.parse import urlencode

from hub import ApiKey, Field, Options, Rate, SecretStr, model_validator

HttpUrl = Annotated[str, Field(pattern=r"^https?://[^/]+")]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How one version of the API calls its paths and the ends of a window."""

    snapshot: str
    stream: str
    since: str
    until: str


ENDPOINTS: Mapping[str, Endpoint] = {
    "v1": Endpoint("/snapshot", "/stream", "date", "updated-before-date"),
    "v2": Endpoint("/v2/snapshot", "/v2/stream", "updated-after", "updated-before"),
}
"""The versions of the API."""


class JobstreamOptions(Options):
    """Where the stream is, and when windows of changes are no longer enough."""

    base_url: HttpUrl = "https://jobstream.api.jobtechdev.se"
    """Address of the API, without its version."""
    version: Literal["v1", "v2"] = "v2"
    """Version of the API: paths, and the names of the ends of a window."""
    format: Literal["auto", "json", "ndjson"] = "auto"
    """One JSON array, or one JSON object a line; `auto` looks at how a file begins."""
    api_key: SecretStr | None = None
    """Key of a registered application; JobTech no longer asks for one."""
    api_key_header: str = "api-key"
    """Header that carries the key."""
    seconds_between_calls: float = Field(default=60, ge=0, le=3600)
    """Least time between two calls; v1 allows one a minute. 0 leaves the pace to the partner's answers."""
    overlap_seconds: int = Field(default=300, ge=1, le=86_400)
    """How far a window reaches back before the last one: both its ends are included, and clocks differ."""
    snapshot_lag_seconds: int = Field(default=3600, ge=0, le=86_400)
    """How far the first window after a snapshot reaches back, since a snapshot may be older than its download."""
    window_hours: float = Field(default=6, gt=0, le=168)
    """Longest window asked for at once."""
    gap_hours: float = Field(default=12, gt=0, le=168)
    """How long after the last complete run changes are still asked for; later a snapshot is read again."""
    reconcile_hours: float = Field(default=24, gt=0, le=168)
    """How old the last snapshot may be; an ad that expires is told in no window, so only a snapshot ends it."""
    reconcile_each_day: bool = True
    """Read a snapshot at the first run of each day in Sweden as well, since ads expire at the end of a day."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if max(self.overlap_seconds, self.snapshot_lag_seconds) >= self.gap_hours * 3600:
            raise ValueError("overlap_seconds and snapshot_lag_seconds must be shorter than gap_hours")
        return self

    def key(self) -> ApiKey | None:
        """Return the key to show, if there is one."""
        return ApiKey(self.api_key.get_secret_value(), self.api_key_header) if self.api_key else None

    def rate(self) -> Rate | None:
        """Return how often the partner may be asked."""
        return Rate(1, self.seconds_between_calls) if self.seconds_between_calls else None

    def snapshot_url(self) -> str:
        """Return the address of everything that is published now."""
        return self.base_url.rstrip("/") + ENDPOINTS[self.version].snapshot

    def window_url(self, since: str, until: str) -> str:
        """Return the address of what changed between two moments, both included."""
        names = ENDPOINTS[self.version]
        ends = urlencode({names.since: since, names.until: until}, safe=":")
        return f"{self.base_url.rstrip('/')}{names.stream}?{ends}"
