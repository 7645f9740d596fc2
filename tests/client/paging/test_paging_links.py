"""The Link header, read strictly."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from hub.client.paging import link_header
from hub.errors import UnexpectedAnswer


@dataclass
class Said:
    headers: dict[str, str]
    status: int = 200
    body: bytes = field(default=b"")

    def json(self) -> Any:
        return None


def link(value: str) -> str | None:
    return link_header(Said({"Link": value}))


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('<https://x.be/a?page=2>; rel="next"', "https://x.be/a?page=2"),
        ("</a?page=2>;rel=next", "/a?page=2"),
        ('<a?b=1,2;3>; title="more, \\"x\\"; rel=prev"; REL="NEXT"', "a?b=1,2;3"),
        ('<a>; rel="first prev", <b>; rel="last next"', "b"),
        ('<a>; rel=next, <a>; rel="next"', "a"),
        (", <a>; rel=prev ,, <b>; rel=next ,", "b"),
        ("<a>; rel=prev; rel=next", None),
        ('<a>; rel=next; anchor="#x"', None),
        ("<a>; title*=UTF-8''x; rel=next", "a"),
        ("<a>", None),
        ("<a>; flag; rel = next", "a"),
        ("", None),
    ],
)
def test_the_next_link_is_found(header: str, found: str | None) -> None:
    assert link(header) == found


def test_without_a_header_there_is_no_link() -> None:
    assert link_header(Said({})) is None
    assert link_header(Said({"link": "<a>; rel=prev"}), "prev") == "a"


@pytest.mark.parametrize(
    "header",
    ["https://x.be; rel=next", "<a; rel=next", '<a>; rel="next', "<a>; =next", "<a>; rel=next <b>", "<a> rel=next"],
)
def test_a_header_that_cannot_be_read_is_not_the_end(header: str) -> None:
    with pytest.raises(UnexpectedAnswer, match=r"Link header cannot be read from character \d+"):
        link(header)


def test_two_next_pages_are_one_too_many() -> None:
    with pytest.raises(UnexpectedAnswer, match="names 2 different addresses"):
        link("<a>; rel=next, <b>; rel=next")


def test_a_huge_header_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer, match="20,001 characters"):
        link("<" + "a" * 20_000)
