"""HTML of partners within our few tags: what stood apart stays apart, and nothing that is not ours comes through."""

import pytest

from hub.model.text import plain, sanitise

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


def test_a_heading_begins_a_line_of_the_plain_form() -> None:
    assert plain(sanitise("<h2>Taken</h2>Koken<h2>Profiel</h2>")) == "Taken\nKoken\nProfiel"


@pytest.mark.parametrize("inside", ["<div>", "<hr>", "<td>", "<h2>"])
def test_no_script_is_put_together_from_what_is_taken_apart(inside: str) -> None:
    clean = sanitise(f'<a href="java{inside}script:alert(1)">Solliciteer</a><scr{inside}ipt>alert(1)</script>')
    assert "javascript" not in clean
    assert "<script" not in clean
