"""What `sources/<id>.toml` says: one configured use of an adapter."""

import re
from typing import Annotated, Any

from pydantic import Field

from hub.adapter import Rate
from hub.config.cron import Cron
from hub.config.fields import Amount, Flag, Line, Mail, Table, Whole
from hub.config.rate import WrittenRate, read_rate

ID = re.compile(r"[a-z0-9-]+")
"""What the name of a source's file may be, before `.toml`."""


class Expect(Table):
    """The volume a source normally has; a run that goes beyond it is held for a person."""

    min: Annotated[Whole, Field(ge=0)] = 0
    """Fewest records a complete list holds."""
    max: Annotated[Whole, Field(ge=1)] | None = None
    """Most records a complete list holds."""
    min_share: Annotated[Amount, Field(ge=0, le=1)] = 0.8
    """Least share of its usual length, the median of the last five good runs, that a complete list holds."""
    max_drop: Annotated[Amount, Field(ge=0, le=1)] = 0.2
    """Largest share of live listings that one run may take out of the feed: 0.20 is one in five."""
    max_changed: Annotated[Amount, Field(ge=0, le=1)] = 0.5
    """Largest share of live listings that one run may change."""
    max_churn: Annotated[Amount, Field(ge=0, le=1)] = 0.5
    """Largest share of live listings that may go in a run that brings as many others."""
    min_fill: Annotated[Amount, Field(ge=0, le=1)] = 0.5
    """A key field, such as places, may not fall to this share of how often it is usually filled, or below."""
    floor: Annotated[Whole, Field(ge=0)] = 20
    """So many may always go or change, whatever their share."""
    absence_hours: Annotated[Amount, Field(ge=0)] = 1.0
    """How long a listing must be missing from the partner's complete lists before it is withdrawn."""
    absence_runs: Annotated[Whole, Field(ge=1)] = 2
    """How many complete lists in a row must lack it; with 1 it is withdrawn at once, whatever the hours."""
    max_age_days: Annotated[Whole, Field(ge=1)] | None = None
    """Days after which a vacancy without a last day is likely expired, unless it changes; by default one and a half
    times as long as 95 in 100 stand that the partner withdraws, 60 days or more, once 50 were withdrawn."""


class GonePage(Table):
    """How the partner says that a page is gone though it answers as if it were there; 404 and 410 need no words."""

    paths: tuple[Line, ...] = ()
    """Paths to which it sends who asks for what is gone, such as /vacatures or /zoeken*; home pages are known."""
    texts: tuple[Line, ...] = ()
    """What its pages say that are over, such as "Deze vacature is niet meer beschikbaar"; every page is then read."""


class SourceFile(Table):
    """The keys of a source's file."""

    adapter: Line
    """Name of the adapter, as `hub plugins` lists it."""
    partner: Line
    """The organisation that supplies the data."""
    owner: Mail
    """Mail address of who answers for this source: a team rather than a person."""
    enabled: Flag = True
    """Whether it runs; what it published stays when it does not."""
    schedule: Cron | None = None
    """When it runs: minute hour day month weekday; without it, only by hand."""
    licence: Line | None = None
    """The terms the partner supplies it under."""
    attribution: Line | None = None
    """The credit the partner asks for."""
    expect: Expect = Expect()
    """The volume it normally has."""
    stale_hours: Annotated[Amount, Field(gt=0)] | None = None
    """How long the next good run may take to come before it is stale; three times its schedule's pause by default."""
    rank: Whole | None = None
    """Where several sources list the same, the lowest rank is taken first; by default the better described listing."""
    rate: WrittenRate | None = None
    """How often it may ask its partner, such as 60/minute or 10 per 2 minutes; stricter rates of the adapter count."""
    links: Flag = False
    """Whether the hub looks now and then if the pages it links to are still there; ask the partner first."""
    gone_page: GonePage = GonePage()
    """How the partner says that a page is gone though it answers as if it were there; 404 and 410 need no words."""
    sandbox: Flag = False
    """Whether it talks to its adapter's sandbox instead of the partner."""
    options: dict[str, Any] = Field(default={})
    """What its adapter needs to know; checked by the adapter's own model."""


class SourceConfig(SourceFile):
    """One configured use of an adapter."""

    id: str
    """Name of its file, without `.toml`."""
    file: str
    """Its file, as messages name it."""

    @property
    def pace(self) -> Rate | None:
        """How often it may ask its partner, in calls and seconds."""
        return None if self.rate is None else read_rate(self.rate)
