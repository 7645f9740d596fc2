"""What `hub.toml` says: the settings of the hub itself."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from hub.adapter import Rate
from hub.config.fields import Address, Amount, Flag, Line, Mail, Port, Table, Url, Whole
from hub.config.rate import WrittenRate, read_rate
from hub.config.secret import Reference
from hub.model.text import Text

BUNDLED = ("schakel-vdab", "schakel-actiris", "schakel-generic-csv", "schakel-generic-json", "schakel-jobstream")
"""The distributions that come with the hub."""

_SEPARATORS = re.compile(r"[-_.]+")
_HOST = re.compile(r"[a-z0-9._:-]+")


def normalised(distribution: str) -> str:
    """Return the name of a distribution as PEP 503 compares them: ``Schakel_VDAB`` is ``schakel-vdab``."""
    return _SEPARATORS.sub("-", distribution).lower()


def _checked_timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):
        raise ValueError("must be a name of the tz database, such as Europe/Brussels") from None
    return value


class Allowed(Table):
    """A distribution whose plugins may be imported; in the file a name, or a table with a version."""

    distribution: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$"), AfterValidator(normalised)
    ]
    """Name of the distribution, such as schakel-vdab."""
    version: Annotated[str, Field(pattern=r"^==[A-Za-z0-9.!+_-]+$")] | None = None
    """The only version allowed, such as ==1.2.0; without it, any."""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: object) -> object:
        return {"distribution": value} if isinstance(value, str) else value


class Sandboxes(Table):
    """The server of the partner sandboxes."""

    port: Port = 8001
    """The port it listens on, on 127.0.0.1."""
    seed: Whole = 1
    """The same seed gives the same data."""


class Limits(Table):
    """What a partner may take of the hub."""

    request_seconds: Annotated[Amount, Field(gt=0)] = 60
    """Longest time for one request, its attempts together."""
    file_seconds: Annotated[Amount, Field(gt=0)] = 1800
    """The same for a download."""
    run_seconds: Annotated[Amount, Field(gt=0)] = 3600
    """Longest time for the fetch of one run."""
    body_megabytes: Annotated[Amount, Field(gt=0)] = 200
    """Largest answer, decoded."""
    file_megabytes: Annotated[Amount, Field(gt=0)] = 2000
    """Largest file, decoded."""
    retries: Annotated[Whole, Field(ge=0, le=10)] = 4
    """Attempts after the first one."""
    requests: Annotated[Whole, Field(gt=0)] = 500_000
    """Most requests of one run, attempts and redirects included."""
    megabytes: Annotated[Amount, Field(gt=0)] = 10_000
    """Most that one run may receive, as it is on the wire."""


class Schedule(Table):
    """How sources run by themselves: how many at once, and what a run may take of this machine."""

    at_once: Annotated[Whole, Field(ge=1, le=100)] = 4
    """How many sources run at the same time."""
    memory_megabytes: Annotated[Whole, Field(ge=200)] = 1024
    """Most memory that one run may use."""
    grace_seconds: Annotated[Amount, Field(ge=0)] = 120
    """How long a run may go on after `limits.run_seconds` before it is ended."""
    drain_seconds: Annotated[Amount, Field(ge=0)] = 60
    """How long runs may go on when the hub is asked to stop, before they are ended."""
    lease_seconds: Annotated[Amount, Field(ge=1)] = 30
    """After how long without a sign of life another process may take over a source."""


def _checked_host(value: str) -> str:
    """Return ``host`` or ``host:port`` in small letters, or raise ValueError."""
    try:
        parts = urlsplit(f"//{value}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    written = f"[{host}]" if ":" in host else host
    again = written if port is None else f"{written}:{port}"
    if again != value.lower() or not _HOST.fullmatch(host):
        raise ValueError("must be a host or host:port, such as 10.1.2.3 or jobs.intranet.example:8443")
    return again


PrivateHost = Annotated[str, AfterValidator(_checked_host)]


class Retention(Table):
    """How long the hub keeps what it does not publish. What is published can always be replayed."""

    archive_days: Annotated[Whole, Field(ge=2)] = 90
    """Days that a partner's answers are kept; those that what is published rests on stay longer."""
    quarantine_days: Annotated[Whole, Field(ge=1)] = 180
    """Days that a refused record is kept after it was last met."""
    tombstone_days: Annotated[Whole, Field(ge=7)] = 30
    """Days that the change feeds tell what is gone; a reader who was away for longer begins anew."""
    runs: Annotated[Whole, Field(ge=20)] = 1000
    """Latest runs of each source that are remembered though they changed nothing; those that did stay."""


class Network(Table):
    """Whom the hub may call. Without this table: every host on the public internet, and no other."""

    private_hosts: tuple[PrivateHost, ...] = ()
    """Hosts that may be called though they are not on the public internet, as host (any port) or host:port."""
    proxy: Address | None = None
    """An HTTP proxy that all other calls go through, such as http://proxy.example:3128; it then resolves the names."""


class Links(Table):
    """How the hub looks whether linked pages are still there, for the sources with `links = true`."""

    enabled: Flag = True
    """Whether it looks at all."""
    per_host: WrittenRate = "1 per 2 seconds"
    """How often one host is asked, by all sources together; its robots.txt and Retry-After may slow this down."""
    every_days: Annotated[Amount, Field(ge=1)] = 3
    """Days between two looks at a page that is there."""
    tries: Annotated[Whole, Field(ge=2)] = 3
    """Looks in a row that must find a page gone before it counts as dead."""
    over_days: Annotated[Amount, Field(ge=1)] = 2
    """Least days between the first and the last of these."""

    @property
    def pace(self) -> Rate:
        """How often one host is asked, in calls and seconds."""
        return read_rate(self.per_host)


class Snapshots(Table):
    """The files that every view is written to, for who does not follow a change feed."""

    enabled: Flag = True
    """Whether `hub serve` writes them."""
    minutes: Annotated[Amount, Field(ge=1)] = 15
    """Least minutes between two writings of a view; one that did not move is not written again."""


class Access(Table):
    """How often readers may ask. Which views need a key is said in the views' own files."""

    rate: WrittenRate = "600/minute"
    """How often all readers at one address (of IPv6, one /64) may ask without a key."""
    keyed_rate: WrittenRate = "3000/minute"
    """How often the holder of a key may ask, where the key has no rate of its own."""
    proxies: Annotated[Whole, Field(ge=0, le=10)] = 0
    """How many proxies of yours stand before the hub; their X-Forwarded-For then tells the readers' addresses."""

    @property
    def for_addresses(self) -> Rate:
        """How often one address may ask, in calls and seconds."""
        return read_rate(self.rate)

    @property
    def for_keys(self) -> Rate:
        """How often one key may ask, in calls and seconds."""
        return read_rate(self.keyed_rate)


class Push(Table):
    """Webhooks: who may have them sent, and where to. Without this table: anyone, to the public internet."""

    enabled: Flag = True
    """Whether webhooks are sent, and subscribers can be managed over HTTP."""
    registration: Literal["anyone", "key", "nobody"] = "anyone"
    """Who may register over HTTP: anyone, only who holds a key, or nobody, so that only `hub subscriber add` can."""
    private_hosts: tuple[PrivateHost, ...] = ()
    """Hosts that webhooks may be sent to though they are not on the public internet, as host or host:port."""
    at_once: Annotated[Whole, Field(ge=2, le=64)] = 16
    """How many subscribers are sent to at the same time; those that fail get half of these at most."""


class SecretPlace(Table):
    """Where a secret is: `{ env = "NAME" }` or `{ file = "/run/secrets/name" }`."""

    env: Line | None = None
    """Name of the environment variable that holds it."""
    file: Annotated[str, Field(pattern="^/")] | None = None
    """Absolute path of the file that holds it."""

    @model_validator(mode="after")
    def _one(self) -> Any:
        if (self.env is None) == (self.file is None):
            raise ValueError('must be { env = "NAME" } or { file = "/run/secrets/name" }')
        return self

    def read(self) -> str:
        """Return the secret; ConfigError says where it is missing."""
        return Reference("env", self.env).read() if self.env else Reference("file", str(self.file)).read()


class MailServer(Table):
    """The mail server that notices go through."""

    host: Line
    """Its name or address."""
    port: Port = 587
    """Its port."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """Encryption: STARTTLS, TLS from the first byte, or none, for a server on this machine."""
    user: Line | None = None
    """The name to log in with; without it, no login."""
    password: SecretPlace | None = None
    """Where the password is."""
    sender: Mail
    """The mail address that notices come from."""
    to: Annotated[tuple[Mail, ...], Field(min_length=1)]
    """The mail addresses that notices go to; those of teams rather than of persons."""

    @model_validator(mode="after")
    def _login_is_whole(self) -> Any:
        if (self.user is None) != (self.password is None):
            raise ValueError("needs user and password, or neither")
        return self


class Alarms(Table):
    """Who is told when a source is out of the ordinary. The log always is."""

    language: Literal["nl", "fr", "en"] = "en"
    """The language of the notices."""
    webhook: Url | None = None
    """An address that notices are posted to, as JSON; a private host must be in `network.private_hosts`."""
    mail: MailServer | None = None
    """The mail server that notices go through."""


def _each_once(allowed: Sequence[Allowed]) -> tuple[Allowed, ...]:
    names = [entry.distribution for entry in allowed]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"must name each distribution once; twice: {', '.join(twice)}")
    return tuple(allowed)


class Settings(Table):
    """The settings of the hub: the tables and keys of `hub.toml`."""

    public_url: Address
    """The address portals see, such as https://hub.example.org; every published address starts with it."""
    host: Line = "127.0.0.1"
    """The network address to listen on."""
    port: Port = 8000
    """The port to listen on."""
    data: Path = Path("../var")
    """The folder of the database and the archive; relative to the folder of hub.toml."""
    timezone: Annotated[str, AfterValidator(_checked_timezone)] = "Europe/Brussels"
    """The time zone of schedules and of the partners' dates."""
    licence: Url = "https://creativecommons.org/licenses/by/4.0/"
    """The address of the licence of the feed."""
    title: Text = Field(default={"nl": "Schakel", "fr": "Schakel", "en": "Schakel"})
    """The name of this hub, per language."""
    operator: Line | None = None
    """The organisation that runs this hub."""
    contact: Mail | None = None
    """The mail address portals may write to, of a team rather than a person; it is published in the catalogue."""
    plugins: Annotated[tuple[Allowed, ...], AfterValidator(_each_once)] = tuple(
        Allowed(distribution=name) for name in BUNDLED
    )
    """The distributions whose plugins may be imported; what else is installed is never imported."""
    sandbox: Sandboxes = Sandboxes()
    """The server of the partner sandboxes."""
    limits: Limits = Limits()
    """What a partner may take of the hub."""
    schedule: Schedule = Schedule()
    """How sources run by themselves."""
    network: Network = Network()
    """Whom the hub may call."""
    retention: Retention = Retention()
    """How long the hub keeps what it does not publish."""
    links: Links = Links()
    """How the hub looks whether linked pages are still there, for the sources with `links = true`."""
    snapshots: Snapshots = Snapshots()
    """The files that every view is written to."""
    access: Access = Access()
    """How often readers may ask."""
    push: Push = Push()
    """Webhooks: who may have them sent, and where to."""
    alarms: Alarms = Alarms()
    """Who is told when a source is out of the ordinary."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.timezone)

    @model_validator(mode="after")
    def _ports_differ(self) -> Any:
        if self.port == self.sandbox.port:
            raise ValueError(f"port and sandbox.port must differ; both are {self.port}")
        return self
