"""The options of a source that reads VDAB: whatever may differ from the documents is one."""

from typing import Annotated, Literal, Self

from hub import ClientCredentials, Field, Options, SecretStr, model_validator

HttpUrl = Annotated[str, Field(pattern=r"^https?://[^/]+")]
Path = Annotated[str, Field(pattern="^/")]


class VdabOptions(Options):
    """Where VDAB answers, as whom we ask, and how much at once."""

    base_url: HttpUrl = "https://api.vdab.be/services/openservices/vacatures/v4"
    """Address of the API, with its version."""
    token_url: HttpUrl = "https://op-derden.vdab.be/isam/sps/oauth/oauth20/token"  # noqa: S105
    """Address that gives tokens for client_id and client_secret."""
    client_id: SecretStr
    """Client id of the OAuth 2.0 client credentials."""
    client_secret: SecretStr
    """Client secret of the OAuth 2.0 client credentials."""
    api_key: SecretStr | None = None
    """API key of the application in the developer portal, sent as `api_key_header`; client_id where it is absent."""
    api_key_header: str = "X-IBM-Client-Id"
    """Header that carries the API key."""
    scope: str | None = "openid"
    """Scope asked for with a token; empty asks for none."""
    credentials_in: Literal["body", "basic"] = "body"
    """Where client_id and client_secret stand when asking for a token: in the form, or in a Basic header."""
    initial_path: Path = "/vacatures/initial"
    """Path of the list of all that is published on a day."""
    bulk_path: Path = "/vacatures/bulk"
    """Path of the list of all that changed within a window."""
    details_path: Path = "/vacatures"
    """Path that answers many vacancies to a POST, and one to a GET with its reference behind it."""
    date_parameter: str = "datum"
    """Query parameter of the day of the initial list."""
    from_parameter: str = "van"
    """Query parameter of the start of a window."""
    to_parameter: str = "tot"
    """Query parameter of the end of a window."""
    offset_parameter: str = "vanaf"
    """Query parameter of how many entries of a list to pass over."""
    size_parameter: str = "aantal"
    """Query parameter of how many entries a page has."""
    page_size: int = Field(default=2000, ge=1, le=2000)
    """Entries asked for per page of a list; VDAB allows 2000."""
    max_pages: int = Field(default=1000, ge=1)
    """Most pages read of one list; more means that the paging does not work."""
    window_days: float = Field(default=5, gt=0, le=5)
    """Longest window of changes asked for, in days; VDAB allows 5."""
    gap_days: float = Field(default=5, gt=0)
    """How long after the last complete run changes can still be asked for; later everything is read again."""
    overlap_seconds: int = Field(default=300, ge=0, le=86_400)
    """How far the first window reaches back before the last run, since two clocks never quite agree."""
    details: Literal["batch", "single"] = "batch"
    """Whether details are asked for many at once, or vacancy by vacancy."""
    batch_size: int = Field(default=100, ge=1, le=2000)
    """Vacancies asked for at once."""
    batch_field: str = "interneReferenties"
    """Name of the list of references in the body of a POST."""
    at_once: int = Field(default=4, ge=1, le=16)
    """Requests for details under way at the same time."""
    calls_a_minute: int = Field(default=2000, ge=1)
    """Most requests a minute, those of all endpoints together; VDAB allows so many for each."""
    public_url: str = Field(
        default="https://www.vdab.be/vindeenjob/vacatures/{vdabReferentie}",
        pattern=r"^https?://.*\{(vdabReferentie|interneReferentie)\}",
    )
    """Address of a vacancy's page on the site of VDAB; must contain {vdabReferentie} or {interneReferentie}."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.overlap_seconds >= self.gap_days * 86_400:
            raise ValueError("overlap_seconds must be shorter than gap_days")
        return self

    def credentials(self) -> ClientCredentials:
        """Return what a token is asked for with."""
        return ClientCredentials(
            token_url=self.token_url,
            client_id=self.client_id.get_secret_value(),
            client_secret=self.client_secret.get_secret_value(),
            scope=self.scope or None,
            placed_in=self.credentials_in,
        )

    def headers(self) -> dict[str, str]:
        """Return the headers of every request."""
        key = self.api_key or self.client_id
        return {"Accept": "application/json", self.api_key_header: key.get_secret_value()}

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return self.base_url.rstrip("/") + path
