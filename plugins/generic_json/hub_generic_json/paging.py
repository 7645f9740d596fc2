"""The styles of paging as options: each becomes the paging object of the hub's client."""

from typing import Annotated, Literal

from hub import Cursor, Field, NextLink, Offset, Options, PageNumber, Paging
from hub_generic_json.expressions import Expression

Size = Annotated[int, Field(ge=1, le=100_000)]


class OneAnswer(Options):
    """The list comes as one answer."""

    style: Literal["none"] = "none"
    """One answer holds the list."""

    def start(self, url: str, after: str | None) -> Paging:  # noqa: ARG002 - the same for every style
        """Return a paging whose first page is the last."""
        return NextLink(url)


class ByPage(Options):
    """Pages by their number."""

    style: Literal["page"]
    """Pages by their number."""
    size: Size
    """Items to ask for per page."""
    first: int = 1
    """Number of the first page."""
    page_parameter: str = "page"
    """The parameter with the number; in a body, names with dots between them."""
    size_parameter: str = "size"
    """The parameter with the size; empty where the partner knows none."""

    def start(self, url: str, after: str | None) -> Paging:  # noqa: ARG002
        """Return the paging."""
        return PageNumber(self.size, self.first, self.page_parameter, self.size_parameter)


class ByOffset(Options):
    """Pages by how many items to pass over."""

    style: Literal["offset"]
    """Pages by how many items to pass over."""
    size: Size
    """Items to ask for per page."""
    offset_parameter: str = "offset"
    """The parameter with how many to pass over; in a body, names with dots between them."""
    size_parameter: str = "limit"
    """The parameter with the size; empty where the partner knows none."""

    def start(self, url: str, after: str | None) -> Paging:  # noqa: ARG002
        """Return the paging."""
        return Offset(self.size, self.offset_parameter, self.size_parameter)


class ByCursor(Options):
    """Pages by a word that the page before gave."""

    style: Literal["cursor"]
    """Pages by a word that the page before gave."""
    next: Expression
    """Where the answer says the word."""
    parameter: str = "cursor"
    """The parameter that carries it; in a body, names with dots between them."""
    size: Size | None = None
    """Items to ask for per page; without it the partner decides."""
    size_parameter: str = "limit"
    """The parameter with the size."""

    def start(self, url: str, after: str | None) -> Paging:  # noqa: ARG002
        """Return the paging, from the word of an earlier run on."""
        return Cursor(self.parameter, self.size, self.size_parameter, after)


class ByNextLink(Options):
    """Pages by the address in the answer."""

    style: Literal["next"]
    """Pages by the address in the answer."""
    next: Expression
    """Where the answer says the address of the next page."""
    size: Size | None = None
    """How many items a full page has, where that is known."""

    def start(self, url: str, after: str | None) -> Paging:
        """Return the paging, from the address of an earlier run on."""
        return NextLink(after or url, self.size)


class ByLinkHeader(Options):
    """Pages by the Link header."""

    style: Literal["link"]
    """Pages by the address in the Link header (RFC 8288)."""
    size: Size | None = None
    """How many items a full page has, where that is known."""

    def start(self, url: str, after: str | None) -> Paging:
        """Return the paging, from the address of an earlier run on."""
        return NextLink(after or url, self.size)


class Download(Options):
    """One export of any size, read as a stream."""

    style: Literal["download"]
    """One export of any size, read as a stream."""
    format: Literal["json", "ndjson"] = "json"
    """One JSON text, or one per line."""
    member: str | None = None
    """The file inside a zip archive that holds several."""
    max_megabytes: Annotated[int, Field(ge=1)] = 4096
    """The largest size once unpacked."""
    whole: bool = False
    """The owner's word that NDJSON which is not packed is whole whenever it is there: nobody meets it half written."""


Pages = OneAnswer | ByPage | ByOffset | ByCursor | ByNextLink | ByLinkHeader
PagingOption = Annotated[Pages | Download, Field(discriminator="style")]
