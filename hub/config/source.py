"""What `sources/<id>.toml` says: one configured use of an adapter."""

import re
from typing import Annotated, Any

from pydantic import Field

from hub.config.cron import Cron
from hub.config.fields import Amount, Flag, Line, Mail, Table, Whole

ID = re.compile(r"[a-z0-9-]+")
"""What the name of a source's file may be, before `.toml`."""


class Expect(Table):
    """The volume a source normally has; a run that goes beyond it is held for a person."""

    min: Annotated[Whole, Field(ge=0)] = 0
    """Fewest records a complete list holds."""
    max_drop: Annotated[Amount, Field(ge=0, le=1)] = 0.2
    """Largest share of live listings that one run may take out of the feed: 0.20 is one in five."""
    floor: Annotated[Whole, Field(ge=0)] = 20
    """So many may always go, whatever their share."""


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
