"""HTML of partners within our few tags: what stood apart stays apart, and nothing that is not ours comes through."""

import nh3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.model.markup import SCHEMES, TAGS, plain, sanitise

LINES = [
    "",
    "a",
    " ",
    "\n",
    '"',
    "é",
    "&",
    ">",
    "\xa0",
    "\r",
    "\x00",
    "\ufeff",
    "<br>",
    "<strong>b</strong>",
    "<em></em>",
]
lines = st.lists(st.sampled_from(LINES) | st.characters(exclude_characters="<", codec="utf-8"), max_size=4).map("".join)
items = st.lists(lines.map("<li>{}</li>".format) | st.sampled_from(["\n", "x"]), max_size=3).map("".join)
orderly = st.lists(
    lines | lines.map("<p>{}</p>".format) | lines.map("<h3>{}</h3>".format) | items.map("<ul>{}</ul>".format),
    max_size=4,
).map("".join)
disorderly = st.lists(
    st.sampled_from([f"<{mark}{tag}>" for tag in sorted(TAGS) for mark in ("", "/")]) | lines, max_size=8
).map("".join)

PARTED = [
    ("<div>Taken</div><div>Profiel</div>", "Taken<br>Profiel"),
    ("<h2>Taken</h2>Koken<h2 class='x'>Profiel</h2>", "<h3>Taken</h3>Koken<h3>Profiel</h3>"),
    ("<table><tr><td>Uren</td><td>38</td></tr><tr><td>Loon</td></tr></table>", "Uren  38<br>Loon"),
    ("Taken<hr>Profiel", "Taken<br>Profiel"),
    ("<dl><dt>Loon</dt><dd>2450 euro</dd></dl>", "Loon<br>2450 euro"),
    ('<section title="a>b"><p>Taken</p></section>', "<p>Taken</p>"),
    ("<ul><li><div>Koken</div></li><li><div>Afwassen</div></li></ul>", "<ul><li>Koken</li><li>Afwassen</li></ul>"),
    ("<div></div>", ""),
    ("Kok <span>in</span> Gent", "Kok in Gent"),
]


@pytest.mark.parametrize(("markup", "meant"), PARTED)
def test_what_stood_apart_in_other_tags_stays_apart(markup: str, meant: str) -> None:
    assert sanitise(markup) == meant
    assert sanitise(meant) == meant


@given((orderly | disorderly).filter(lambda markup: "<" in markup))
@example("\ufeff<br>")
@example("<p>a<p>b</p></p>")
def test_html_with_no_tags_but_ours_comes_out_as_from_the_library_that_cleans(markup: str) -> None:
    assert sanitise(markup) == nh3.clean(
        markup, tags=set(TAGS), attributes={"a": {"href"}}, url_schemes=set(SCHEMES), link_rel=None
    )


def test_a_heading_begins_a_line_of_the_plain_form() -> None:
    assert plain(sanitise("<h2>Taken</h2>Koken<h2>Profiel</h2>")) == "Taken\nKoken\nProfiel"


@pytest.mark.parametrize("inside", ["<div>", "<hr>", "<td>", "<h2>"])
def test_no_script_is_put_together_from_what_is_taken_apart(inside: str) -> None:
    clean = sanitise(f'<a href="java{inside}script:alert(1)">Solliciteer</a><scr{inside}ipt>alert(1)</script>')
    assert "javascript" not in clean
    assert "<script" not in clean
